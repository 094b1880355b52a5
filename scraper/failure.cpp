// SPDX-License-Identifier: Apache-2.0
#include "scraper/failure.hpp"

#include <algorithm>
#include <array>

#include <boost/system/errc.hpp>
#include <boost/system/error_category.hpp>
#include <openssl/x509_vfy.h>

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
                       "with / "
                       "and hold no spaces or control characters";
            case Errc::http_status:
                return "the kubelet answered with an error status";
            case Errc::unsupported:
                return "the kubelet has no such page";
            case Errc::bad_gzip:
                return "the answer's compression is broken or unknown";
            case Errc::not_metrics:
                return "the answer holds no line of resource metrics";
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
    {"resolve", "name not found"},
    {"connect", "connection failed"},
    {"tls", "certificate not accepted or TLS handshake failed"},
    {"timeout", "timeout"},
    {"http_status", "error status"},
    {"unsupported", "no resource metrics page"},
    {"too_large", "answer too large"},
    {"malformed", "not a page of metrics, or cut short"},
    {"stopped", "stopped"},
}};

constexpr std::string_view kCertificateHint =
    "name the authority of the kubelets' certificates by --kubelet-certificate-authority, or have the "
    "cluster sign "
    "them (serverTLSBootstrap: true in the kubelet configuration, then approve the CSRs); "
    "--kubelet-insecure-tls turns the check off and is for test clusters";
constexpr std::string_view kNameHint =
    "the kubelet's certificate must hold the address that is dialled: have the cluster sign it "
    "(serverTLSBootstrap: "
    "true in the kubelet configuration, then approve the CSR), or choose an address that it holds by "
    "--kubelet-preferred-address-types; --kubelet-insecure-tls turns the check off and is for test clusters";
constexpr std::string_view kExpiredHint =
    "renew the kubelet's serving certificate and compare the clocks of the node and of topd";
constexpr std::string_view kNoCertificateYetHint =
    "the kubelet has no serving certificate yet: approve its CSR (kubectl get csr), signer "
    "kubernetes.io/kubelet-serving";
constexpr std::string_view kHandshakeHint =
    "something that is no kubelet, or an old one, answers at this port: check --kubelet-port and "
    "--kubelet-use-node-status-port";

// OpenSSL's reason code of a received alert is 1000 + its number; internal_error is 80 (RFC 8446, 6). Go's
// TLS server sends it when it has no certificate to show.
constexpr int kAlertInternalError = 1000 + 80;
constexpr int kTlsReasonMask = 0x7FFFFF;

std::string_view tls_hint(const net::Error& error) {
    if (error.category() == net::certificate_category()) {
        switch (error.value()) {
            case X509_V_ERR_HOSTNAME_MISMATCH:
            case X509_V_ERR_IP_ADDRESS_MISMATCH:
                return kNameHint;
            case X509_V_ERR_CERT_HAS_EXPIRED:
            case X509_V_ERR_CERT_NOT_YET_VALID:
                return kExpiredHint;
            default:
                return kCertificateHint;
        }
    }
    if (error.category() == net::tls_category() && (error.value() & kTlsReasonMask) == kAlertInternalError)
        return kNoCertificateYetHint;
    return kHandshakeHint;
}

std::string_view status_hint(unsigned status) {
    switch (status) {
        case 400:
            return "a kubelet that serves HTTPS refuses plain HTTP: --deprecated-kubelet-completely-insecure "
                   "is "
                   "only for the read-only port";
        case 401:
            return "the kubelet does not accept topd's token: it needs authentication.webhook.enabled: true "
                   "in its "
                   "configuration, and topd a valid service account token";
        case 403:
            return "allow topd's service account the verb get on nodes/metrics (ClusterRole)";
        case 404:
            return "the node is left alone for a while; name its page by the annotation "
                   "metrics.k8s.io/resource-metrics-path, or leave such nodes out by --node-selector";
        default:
            return "";
    }
}

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
        case Errc::not_metrics:
            return Reason::malformed;
    }
    return Reason::malformed;
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
    if (!error) return Reason::ok;
    if (error.category() == kCategory) return reason_of(static_cast<Errc>(error.value()));
    if (error.category() == net_category) return reason_of(static_cast<net::Errc>(error.value()));
    if (error.category() == net::certificate_category() || error.category() == net::tls_category())
        return Reason::tls;
    if (error == boost::system::errc::operation_canceled) return Reason::stopped;
    return Reason::connect;
}

std::string Failure::sentence(std::string_view url) const {
    if (reason() == Reason::target) return error.message();
    std::string text = "GET ";
    // A path may be as long as an annotation.
    text.append(url.substr(0, 300)).append(": ");
    text += error.message();
    if (status != 0 && status != 200) text += " (status " + std::to_string(status) + ")";
    if (!detail.empty()) text += ": " + detail;
    return text;
}

std::string_view Failure::hint() const {
    switch (reason()) {
        case Reason::target:
            if (error == Errc::no_address)
                return "set --kubelet-preferred-address-types to types that the node has";
            return "correct the Node object, or leave the node out by --node-selector";
        case Reason::resolve:
            return "the name must resolve where topd runs: prefer addresses by "
                   "--kubelet-preferred-address-types=InternalIP,ExternalIP,Hostname";
        case Reason::connect:
        case Reason::timeout:
            return "topd must reach the kubelet's port: check network policies and firewalls, --kubelet-port "
                   "and "
                   "--kubelet-preferred-address-types";
        case Reason::tls:
            return tls_hint(error);
        case Reason::http_status:
        case Reason::unsupported:
            return status_hint(status);
        default:
            return "";
    }
}

std::string printable_line(std::string_view text) {
    const std::size_t from = std::min(text.find_first_not_of(" \t\r\n"), text.size());
    text = text.substr(from);
    text = text.substr(0, std::min(text.find_first_of("\r\n"), Failure::kDetailBytes));
    std::string line{text};
    std::replace_if(
        line.begin(), line.end(), [](char c) { return c < 0x20 || c > 0x7e; }, '?');
    return line;
}

}  // namespace scraper
