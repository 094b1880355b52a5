// SPDX-License-Identifier: Apache-2.0
#include "scraper/kubelet/failure.hpp"

#include "net/stages.hpp"
#include "text/printable.hpp"

#include <algorithm>
#include <array>

#include <boost/system/errc.hpp>
#include <boost/system/error_category.hpp>

namespace scraper {
namespace {

class Category final : public boost::system::error_category {
  public:
    const char* name() const noexcept override { return "scraper"; }
    std::string message(int value) const override {
        switch (static_cast<Errc>(value)) {
            case Errc::no_address:
                return "the node has no address of the preferred types";
            case Errc::bad_address:
                return "the node's address is neither a host name nor an IP address";
            case Errc::bad_port:
                return "the node's kubelet port is not between 1 and 65535";
            case Errc::bad_path:
                return "the annotation metrics.k8s.io/resource-metrics-path is not a path: it must start "
                       "with / and hold no spaces or control characters";
            case Errc::http_status:
                return "the kubelet answered with an error status";
            case Errc::unsupported:
                return "the kubelet has no such page";
            case Errc::bad_gzip:
                return "the page's compression (gzip) is broken";
            case Errc::bad_encoding:
                return "the page is in an encoding that was not asked for";
            case Errc::empty_page:
                return "the page is empty";
            case Errc::not_metrics:
                return "the answer holds no line of resource metrics";
            case Errc::bad_lines:
                return "none of the page's figures can be read";
            case Errc::not_stats:
                return "the answer is no summary of stats";
            case Errc::no_figures:
                return "the page has neither CPU nor memory of the node or of a container";
            case Errc::wrong_name:
                return "the kubelet's certificate is not for this node";
            case Errc::other_node:
                return "the kubelet's certificate is another node's";
            case Errc::wrong_address:
                return "the kubelet's certificate does not have the address that is dialled";
            case Errc::not_for_servers:
                return "the kubelet's certificate is not for servers (extended key usage serverAuth)";
            case Errc::key_changed:
                return "the kubelet's certificate has another key than the one that is pinned for this node";
            case Errc::left_authority:
                return "the kubelet's certificate is signed by no known authority, but one that was seen of "
                       "this node before is";
        }
        return "unknown scrape error";
    }
};

const Category kCategory;

struct ReasonText {
    std::string_view label;
    std::string_view words;
};
constexpr std::array<ReasonText, kReasons> kReasonTexts{{
    {"ok", "ok"},
    {"target", "no usable address"},
    {"resolve", "name not looked up"},
    {"connect", "connection failed"},
    {"tls", "TLS handshake failed"},
    {"certificate_authority", "certificate signed by no known authority"},
    {"certificate_expired", "certificate expired or not yet valid"},
    {"certificate_name", "certificate for another node or address"},
    {"certificate_usage", "certificate not for servers"},
    {"certificate_pin", "certificate with another key than the pinned one"},
    {"timeout", "timeout"},
    {"http_status", "error status"},
    {"unsupported", "no resource metrics page"},
    {"too_large", "answer too large"},
    {"malformed", "not a page of metrics, or cut short"},
    {"stopped", "stopped"},
}};

Reason reason_of(net::Errc error) {
    switch (error) {
        case net::Errc::timeout:
            return Reason::timeout;
        case net::Errc::unknown_host:
        case net::Errc::overloaded:
            return Reason::resolve;
        case net::Errc::closed:
            return Reason::connect;
        case net::Errc::head_too_large:
        case net::Errc::body_too_large:
            return Reason::too_large;
        case net::Errc::not_tls:
        case net::Errc::unknown_suite:
        case net::Errc::no_certificate:
        case net::Errc::bad_pem:
        case net::Errc::key_mismatch:
            return Reason::tls;
        case net::Errc::stopped:
            return Reason::stopped;
        case net::Errc::cut_short:
        case net::Errc::bad_message:
        case net::Errc::refused_content:
            return Reason::malformed;
    }
    return Reason::malformed;
}

Reason reason_of(net::TimedOut stage) {
    switch (stage) {
        case net::TimedOut::look_up:
            return Reason::resolve;
        case net::TimedOut::connect:
            return Reason::connect;
        case net::TimedOut::handshake:
            return Reason::tls;
        case net::TimedOut::answer:
        case net::TimedOut::end:
            break;
    }
    return Reason::timeout;
}

Reason reason_of(Errc error) {
    switch (error) {
        case Errc::no_address:
        case Errc::bad_address:
        case Errc::bad_port:
        case Errc::bad_path:
            return Reason::target;
        case Errc::http_status:
            return Reason::http_status;
        case Errc::unsupported:
            return Reason::unsupported;
        case Errc::bad_gzip:
        case Errc::bad_encoding:
        case Errc::empty_page:
        case Errc::not_metrics:
        case Errc::bad_lines:
        case Errc::not_stats:
        case Errc::no_figures:
            return Reason::malformed;
        case Errc::wrong_name:
        case Errc::other_node:
        case Errc::wrong_address:
            return Reason::certificate_name;
        case Errc::not_for_servers:
            return Reason::certificate_usage;
        case Errc::key_changed:
        case Errc::left_authority:
            return Reason::certificate_pin;
    }
    return Reason::malformed;
}

Reason reason_of(net::CertificateFault fault) {
    switch (fault) {
        case net::CertificateFault::expired:
            return Reason::certificate_expired;
        case net::CertificateFault::name:
            return Reason::certificate_name;
        case net::CertificateFault::usage:
            return Reason::certificate_usage;
        default:
            return Reason::certificate_authority;
    }
}

// A name: that of an IPv6 address is cut in pieces, and nobody looks it up.
std::string_view host_of(std::string_view url) {
    constexpr std::string_view kEndOfScheme = "://";
    const std::size_t scheme = url.find(kEndOfScheme);
    if (scheme == url.npos) return {};
    url.remove_prefix(scheme + kEndOfScheme.size());
    return url.substr(0, url.find_first_of(":/"));
}

}  // namespace

net::Error make_error_code(Errc e) {
    return {static_cast<int>(e), kCategory};
}

std::string_view label(Reason reason) {
    return kReasonTexts[static_cast<std::size_t>(reason)].label;
}
std::string_view words(Reason reason) {
    return kReasonTexts[static_cast<std::size_t>(reason)].words;
}

Reason Failure::reason() const {
    static const boost::system::error_category& net_category =
        net::make_error_code(net::Errc::timeout).category();
    static const boost::system::error_category& timed_out_category =
        net::make_error_code(net::TimedOut::connect).category();
    if (!error) return Reason::ok;
    if (error.category() == kCategory) return reason_of(static_cast<Errc>(error.value()));
    if (error.category() == net_category) return reason_of(static_cast<net::Errc>(error.value()));
    if (error.category() == timed_out_category) return reason_of(static_cast<net::TimedOut>(error.value()));
    if (error.category() == net::silence_category()) return Reason::timeout;
    if (error.category() == net::look_up_category()) return Reason::resolve;
    if (error.category() == net::certificate_category()) return reason_of(net::certificate_fault(error));
    if (error.category() == net::tls_category()) return Reason::tls;
    if (error == boost::system::errc::operation_canceled) return Reason::stopped;
    return Reason::connect;
}

bool Failure::timed_out() const {
    return net::is_timeout(error) && error != net::TimedOut::look_up;
}

std::string Failure::sentence(std::string_view url) const {
    std::string text;
    // A path may be as long as an annotation.
    if (reason() != Reason::target) text.append("GET ").append(url.substr(0, 300)).append(": ");
    text += net::message_of(error, host_of(url));
    if (status != 0 && status != 200) text += " (status " + std::to_string(status) + ")";
    if (!detail.empty()) text += ": " + detail;
    if (text.size() > kSentenceBytes) text.resize(kSentenceBytes);
    return text;
}

std::string printable_line(std::string_view text) {
    const std::size_t from = std::min(text.find_first_not_of(" \t\r\n"), text.size());
    text = text.substr(from);
    text = text.substr(0, std::min(text.find_first_of("\r\n"), Failure::kDetailBytes));
    return text::printable(text);
}

}  // namespace scraper
