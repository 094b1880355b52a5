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
                       "with / "
                       "and hold no spaces or control characters";
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

// What an operator can do about a failure.
constexpr std::string_view kAuthorityHint =
    "have the cluster sign the kubelets' serving certificates (serverTLSBootstrap: true in the kubelet's "
    "configuration, then kubectl certificate approve its CSR), or name their authority by "
    "--kubelet-certificate-authority, or take self-signed ones on first use by --kubelet-pin-certificates; "
    "--kubelet-insecure-tls turns the check off and is for test clusters";
constexpr std::string_view kNameHint =
    "if another node answers at this address, correct the Node object; else have the cluster sign a "
    "certificate "
    "for this node (serverTLSBootstrap: true in the kubelet's configuration, then kubectl certificate "
    "approve "
    "its CSR) or choose an address that it holds by --kubelet-preferred-address-types";
// metrics-server looks at the address alone, so the certificate did there.
constexpr std::string_view kOtherNodeHint =
    "if another node answers at this address, correct the Node object; if it is this node, which was given "
    "another name, have the cluster sign a certificate for it (delete the kubelet's, and kubectl certificate "
    "approve its CSR), or let the address that is dialled decide, as metrics-server does: "
    "--kubelet-certificate-names=address";
constexpr std::string_view kWrongAddressHint =
    "--kubelet-certificate-names=node takes any name and address of the node; else choose an address that "
    "the certificate holds by --kubelet-preferred-address-types";
constexpr std::string_view kExpiredHint =
    "compare the clocks of the node and of topd, and renew the kubelet's serving certificate: approve its "
    "pending CSR (kubectl get csr, kubectl certificate approve), or where it is self-signed remove "
    "kubelet.crt "
    "and kubelet.key of its pki folder and restart it";
constexpr std::string_view kUsageHint =
    "the kubelet must serve with a certificate for extended key usage serverAuth, as the signer "
    "kubernetes.io/kubelet-serving makes them (serverTLSBootstrap: true in the kubelet's configuration, then "
    "kubectl certificate approve its CSR); its client certificate is none";
constexpr std::string_view kSignatureHint =
    "an authority of that name is trusted, but has not signed this certificate with its key: after an "
    "authority was "
    "renewed both belong into the file of --kubelet-certificate-authority; else as for an unknown authority";
constexpr std::string_view kWeakHint =
    "make the certificate anew with an RSA key of 2048 bits or more or an ECDSA key, signed with SHA-256: "
    "approve a "
    "new CSR of the kubelet, or renew the authority if it is the authority's";
constexpr std::string_view kMalformedHint =
    "Go programs do not read such a certificate either: make it anew, with a positive serial number and each "
    "extension "
    "once (approve a new CSR of the kubelet)";
constexpr std::string_view kIssuerHint =
    "the certificate that signed it may not: authorities need basicConstraints CA:TRUE, keyUsage keyCertSign "
    "where they "
    "have a key usage, a path length that is long enough and name constraints that hold the node's names";
constexpr std::string_view kPinHint =
    "if the kubelet was given another certificate, delete the line of its node, which begins with the node's "
    "UID, from the file of --kubelet-pin-file (else kubelet-pins in --cert-dir) and restart topd; if not, "
    "somebody else answers at this address";
constexpr std::string_view kNoCertificateYetHint =
    "the kubelet has no serving certificate yet: approve its CSR (kubectl get csr, kubectl certificate "
    "approve), "
    "signer kubernetes.io/kubelet-serving";
constexpr std::string_view kHandshakeHint =
    "something that is no kubelet, or an old one, answers at this port: check --kubelet-port and "
    "--kubelet-use-node-status-port";

constexpr std::string_view kNoSuchNameHint =
    "the name must resolve where topd runs: prefer addresses by "
    "--kubelet-preferred-address-types=InternalIP,ExternalIP,Hostname";
constexpr std::string_view kNameServerHint =
    "the name server does not answer topd: check the cluster's DNS and the pod's dnsPolicy, or prefer "
    "addresses, "
    "which need none, by --kubelet-preferred-address-types=InternalIP,ExternalIP,Hostname";
constexpr std::string_view kSilentPeerHint =
    "the port is reached and then nothing comes: look for packets that are too large for the way (the "
    "network's "
    "MTU), a proxy or load balancer without a living kubelet behind it, or a node that is overloaded";
constexpr std::string_view kSlowKubeletHint =
    "the kubelet is reached and does not answer in time: look at the node's load and the kubelet's log, or "
    "raise "
    "--kubelet-request-timeout (and --metric-resolution with it)";

// OpenSSL's reason code of a received alert is 1000 + its number; internal_error is 80 (RFC 8446, 6). Go's
// TLS server sends it when it has no certificate to show.
constexpr int kAlertInternalError = 1000 + 80;
constexpr int kTlsReasonMask = 0x7FFFFF;

std::string_view authority_hint(const net::Error& error) {
    switch (net::certificate_fault(error)) {
        case net::CertificateFault::signature:
            return kSignatureHint;
        case net::CertificateFault::weak:
            return kWeakHint;
        case net::CertificateFault::malformed:
            return kMalformedHint;
        case net::CertificateFault::issuer:
            return kIssuerHint;
        default:
            return kAuthorityHint;
    }
}

std::string_view handshake_hint(const net::Error& error) {
    const bool is_alert =
        error.category() == net::tls_category() && (error.value() & kTlsReasonMask) == kAlertInternalError;
    return is_alert ? kNoCertificateYetHint : kHandshakeHint;
}

std::string_view page_hint(const net::Error& error) {
    if (error == Errc::empty_page || error == Errc::not_metrics)
        return "something else than a kubelet's resource metrics answers there: check --kubelet-port, the "
               "annotation metrics.k8s.io/resource-metrics-path and what stands before the kubelet; compare "
               "kubectl get --raw /api/v1/nodes/NODE/proxy/metrics/resource";
    if (error == Errc::bad_lines)
        return "what prints the page must print the text format 0.0.4, with times in milliseconds";
    if (error == Errc::no_figures)
        return "the node's container runtime gives the kubelet no figures: the kubelet's log says why";
    if (error == Errc::bad_gzip || error == Errc::bad_encoding)
        return "something between topd and the kubelet changes the answer; without --kubelet-compression "
               "topd asks for plain text";
    return "";
}

std::string_view resolve_hint(const net::Error& error) {
    return error == net::Errc::unknown_host ? kNoSuchNameHint : kNameServerHint;
}

std::string_view timeout_hint(const net::Error& error) {
    return error.category() == net::silence_category() ? kSilentPeerHint : kSlowKubeletHint;
}

std::string_view status_hint(unsigned status) {
    switch (status) {
        case 400:
            return "a kubelet that serves HTTPS refuses plain HTTP: --deprecated-kubelet-completely-insecure "
                   "is only for the read-only port";
        case 401:
            return "the kubelet does not accept topd's token: it needs authentication.webhook.enabled: true "
                   "in its configuration, and topd a valid service account token";
        case 403:
            return "allow topd's service account the verb get on nodes/metrics (ClusterRole)";
        case 404:
            return "the node is left alone for a while; name its page by the annotation "
                   "metrics.k8s.io/resource-metrics-path, or leave such nodes out by --node-selector";
        default:
            return "";
    }
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

std::string_view Failure::hint() const {
    switch (reason()) {
        case Reason::target:
            if (error == Errc::no_address)
                return "set --kubelet-preferred-address-types to types that the node has";
            return "correct the Node object, or leave the node out by --node-selector";
        case Reason::resolve:
            return resolve_hint(error);
        case Reason::timeout:
            return timeout_hint(error);
        case Reason::connect:
            return "topd must reach the kubelet's port: check network policies and firewalls, --kubelet-port "
                   "and --kubelet-preferred-address-types";
        case Reason::tls:
            return error == net::TimedOut::handshake ? kSilentPeerHint : handshake_hint(error);
        case Reason::certificate_authority:
            return authority_hint(error);
        case Reason::certificate_expired:
            return kExpiredHint;
        case Reason::certificate_name:
            if (error == Errc::other_node) return kOtherNodeHint;
            return error == Errc::wrong_address ? kWrongAddressHint : kNameHint;
        case Reason::certificate_usage:
            return kUsageHint;
        case Reason::certificate_pin:
            return kPinHint;
        case Reason::http_status:
        case Reason::unsupported:
            return status_hint(status);
        case Reason::too_large:
            return "topd reads pages of 16 MiB at most, less within a memory limit: raise that limit, or "
                   "name "
                   "another page by the annotation metrics.k8s.io/resource-metrics-path";
        case Reason::malformed:
            return page_hint(error);
        default:
            return "";
    }
}

std::string printable_line(std::string_view text) {
    const std::size_t from = std::min(text.find_first_not_of(" \t\r\n"), text.size());
    text = text.substr(from);
    text = text.substr(0, std::min(text.find_first_of("\r\n"), Failure::kDetailBytes));
    return text::printable(text);
}

}  // namespace scraper
