// SPDX-License-Identifier: Apache-2.0
// Failure::hint(): what an operator can do about each.
#include "net/stages.hpp"
#include "scraper/kubelet/failure.hpp"

namespace scraper {
namespace {

constexpr std::string_view kAuthorityHint =
    "have the cluster sign the kubelets' serving certificates (serverTLSBootstrap: true in the kubelet's "
    "configuration, then kubectl certificate approve its CSR), or name their authority by "
    "--kubelet-certificate-authority, or take self-signed ones on first use by --kubelet-pin-certificates; "
    "--kubelet-insecure-tls turns the check off and is for test clusters";
constexpr std::string_view kNameHint =
    "if another node answers at this address, correct the Node object; else have the cluster sign a "
    "certificate for this node (serverTLSBootstrap: true in the kubelet's configuration, then kubectl "
    "certificate approve its CSR) or choose an address that it holds by --kubelet-preferred-address-types";
// metrics-server looks at the address alone, so the certificate did there.
constexpr std::string_view kOtherNodeHint =
    "if another node answers at this address, correct the Node object; if it is this node, which was given "
    "another name, have the cluster sign a certificate for it (delete the kubelet's, and kubectl "
    "certificate approve its CSR), or let the address that is dialled decide, as metrics-server does: "
    "--kubelet-certificate-names=address";
constexpr std::string_view kWrongAddressHint =
    "--kubelet-certificate-names=node takes any name and address of the node; else choose an address that "
    "the certificate holds by --kubelet-preferred-address-types";
constexpr std::string_view kExpiredHint =
    "compare the clocks of the node and of topd, and renew the kubelet's serving certificate: approve its "
    "pending CSR (kubectl get csr, kubectl certificate approve), or where it is self-signed remove "
    "kubelet.crt and kubelet.key of its pki folder and restart it";
constexpr std::string_view kUsageHint =
    "the kubelet must serve with a certificate for extended key usage serverAuth, as the signer "
    "kubernetes.io/kubelet-serving makes them (serverTLSBootstrap: true in the kubelet's configuration, "
    "then kubectl certificate approve its CSR); its client certificate is none";
constexpr std::string_view kSignatureHint =
    "an authority of that name is trusted, but has not signed this certificate with its key: after an "
    "authority was renewed both belong into the file of --kubelet-certificate-authority; else as for an "
    "unknown authority";
constexpr std::string_view kWeakHint =
    "make the certificate anew with an RSA key of 2048 bits or more or an ECDSA key, signed with SHA-256: "
    "approve a new CSR of the kubelet, or renew the authority if it is the authority's";
constexpr std::string_view kMalformedHint =
    "Go programs do not read such a certificate either: make it anew, with a positive serial number and "
    "each extension once (approve a new CSR of the kubelet)";
constexpr std::string_view kIssuerHint =
    "the certificate that signed it may not: authorities need basicConstraints CA:TRUE, keyUsage "
    "keyCertSign where they have a key usage, a path length that is long enough and name constraints that "
    "hold the node's names";
constexpr std::string_view kPinHint =
    "if the kubelet was given another certificate, delete the line of its node, which begins with the "
    "node's UID, from the file of --kubelet-pin-file (else kubelet-pins in --cert-dir) and restart topd; if "
    "not, somebody else answers at this address";
constexpr std::string_view kNoCertificateYetHint =
    "the kubelet has no serving certificate yet: approve its CSR (kubectl get csr, kubectl certificate "
    "approve), signer kubernetes.io/kubelet-serving";
constexpr std::string_view kHandshakeHint =
    "something that is no kubelet, or an old one, answers at this port: check --kubelet-port and "
    "--kubelet-use-node-status-port";

constexpr std::string_view kNoSuchNameHint =
    "the name must resolve where topd runs: prefer addresses by "
    "--kubelet-preferred-address-types=InternalIP,ExternalIP,Hostname";
constexpr std::string_view kNameServerHint =
    "the name server does not answer topd: check the cluster's DNS and the pod's dnsPolicy, or prefer "
    "addresses, which need none, by --kubelet-preferred-address-types=InternalIP,ExternalIP,Hostname";
constexpr std::string_view kSilentPeerHint =
    "the port is reached and then nothing comes: look for packets that are too large for the way (the "
    "network's MTU), a proxy or load balancer without a living kubelet behind it, or a node that is "
    "overloaded";
constexpr std::string_view kSlowKubeletHint =
    "the kubelet is reached and does not answer in time: look at the node's load and the kubelet's log, or "
    "raise --kubelet-request-timeout (and --metric-resolution with it)";

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
            return "a kubelet that serves HTTPS refuses plain HTTP: "
                   "--deprecated-kubelet-completely-insecure is only for the read-only port";
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
            return "topd must reach the kubelet's port: check network policies and firewalls, "
                   "--kubelet-port and --kubelet-preferred-address-types";
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
                   "name another page by the annotation metrics.k8s.io/resource-metrics-path";
        case Reason::malformed:
            return page_hint(error);
        default:
            return "";
    }
}

}  // namespace scraper
