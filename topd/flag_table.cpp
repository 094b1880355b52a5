// SPDX-License-Identifier: Apache-2.0
#include "topd/flag_table.hpp"

#include <span>

namespace topd {
namespace {

constexpr char kNone = 0;

// From metrics-server's docs/command-line-flags.txt: those that topd has no use for. Warned about when given.
constexpr std::string_view kUnusedValues[] = {"advertise-address",
                                              "audit-log-batch-buffer-size",
                                              "audit-log-batch-max-size",
                                              "audit-log-batch-max-wait",
                                              "audit-log-batch-throttle-burst",
                                              "audit-log-batch-throttle-qps",
                                              "audit-log-format",
                                              "audit-log-maxage",
                                              "audit-log-maxbackup",
                                              "audit-log-maxsize",
                                              "audit-log-mode",
                                              "audit-log-path",
                                              "audit-log-truncate-max-batch-size",
                                              "audit-log-truncate-max-event-size",
                                              "audit-log-version",
                                              "audit-policy-file",
                                              "audit-webhook-batch-buffer-size",
                                              "audit-webhook-batch-max-size",
                                              "audit-webhook-batch-max-wait",
                                              "audit-webhook-batch-throttle-burst",
                                              "audit-webhook-batch-throttle-qps",
                                              "audit-webhook-config-file",
                                              "audit-webhook-initial-backoff",
                                              "audit-webhook-mode",
                                              "audit-webhook-truncate-max-batch-size",
                                              "audit-webhook-truncate-max-event-size",
                                              "audit-webhook-version",
                                              "cors-allowed-origins",
                                              "debug-socket-path",
                                              "emulated-version",
                                              "external-hostname",
                                              "feature-gates",
                                              "goaway-chance",
                                              "http2-max-streams-per-connection",
                                              "livez-grace-period",
                                              "log-json-info-buffer-size",
                                              "log-text-info-buffer-size",
                                              "max-mutating-requests-inflight",
                                              "max-requests-inflight",
                                              "min-compatibility-version",
                                              "min-request-timeout",
                                              "request-timeout",
                                              "shutdown-delay-duration",
                                              "storage-initialization-timeout",
                                              "strict-transport-security-directives",
                                              "tls-curve-preferences",
                                              "tls-sni-cert-key",
                                              "vmodule"};
constexpr std::string_view kUnusedSwitches[] = {"audit-log-batch-throttle-enable",
                                                "audit-log-compress",
                                                "audit-log-truncate-enabled",
                                                "audit-webhook-batch-throttle-enable",
                                                "audit-webhook-truncate-enabled",
                                                "contention-profiling",
                                                "emulation-forward-compatible",
                                                "enable-priority-and-fairness",
                                                "log-json-split-stream",
                                                "log-text-split-stream",
                                                "permit-address-sharing",
                                                "permit-port-sharing",
                                                "runtime-config-emulation-forward-compatible",
                                                "shutdown-send-retry-after",
                                                "shutdown-watch-termination-grace-period"};
// Left over from glog in old manifests, or what topd does anyway (HTTP/1.1 only, each line written at once).
constexpr std::string_view kQuietValues[] = {
    "log-backtrace-at", "log-dir", "log-file", "log-file-max-size", "log-flush-frequency", "stderrthreshold"};
constexpr std::string_view kQuietSwitches[] = {"add-dir-header", "alsologtostderr", "disable-http2-serving",
                                               "logtostderr",    "one-output",      "profiling",
                                               "skip-headers",   "skip-log-headers"};

FlagGroup unused_flags() {
    FlagGroup group{"Accepted for the sake of existing manifests, without effect", {}};
    const auto add = [&](std::span<const std::string_view> names, Unused unused) {
        for (const std::string_view name : names) group.flags.push_back({name, unused, ""});
    };
    using Takes = Unused::Takes;
    using Say = Unused::Say;
    add(kUnusedValues, {Takes::value, Say::warning});
    add(kUnusedSwitches, {Takes::nothing, Say::warning});
    add(kQuietValues, {Takes::value, Say::nothing});
    add(kQuietSwitches, {Takes::nothing, Say::nothing});
    return group;
}

std::vector<FlagGroup> make_groups() {
    return {
        {"Metrics server",
         {{"kubeconfig", &Flags::kubeconfig,
           "How to reach the API server and the kubelets. Empty: as a pod of the cluster."},
          {"metric-resolution", &Flags::metric_resolution,
           "Time between two scrapes of a kubelet, at least 10s."},
          {"help", &Flags::help, "Show this text.", 'h'},
          {"version", &Flags::version, "Show the version."}}},
        {"Kubelet client",
         {{"deprecated-kubelet-completely-insecure", &Flags::deprecated_kubelet_completely_insecure,
           "DEPRECATED: Talk plain HTTP to kubelets and send no credentials. See --kubelet-insecure-tls."},
          {"kubelet-certificate-authority", &Flags::kubelet_certificate_authority,
           "File with the authorities of kubelets' serving certificates. Empty: those of the cluster."},
          {"kubelet-client-certificate", &Flags::kubelet_client_certificate,
           "File with the client certificate to show to kubelets."},
          {"kubelet-client-key", &Flags::kubelet_client_key,
           "File with the key of --kubelet-client-certificate."},
          {"kubelet-compression", &Flags::kubelet_compression,
           "Ask kubelets for compressed pages: a seventh of the traffic, for more CPU on both sides."},
          {"kubelet-insecure-tls", &Flags::kubelet_insecure_tls,
           "Accept any serving certificate from kubelets. For tests only."},
          {"kubelet-port", &Flags::kubelet_port, "The port of the kubelets."},
          {"kubelet-preferred-address-types", &Flags::kubelet_preferred_address_types,
           "Which of a node's addresses to use: the first type that the node has."},
          {"kubelet-request-timeout", &Flags::kubelet_request_timeout,
           "How long a kubelet may take for one answer, such as 10s."},
          {"kubelet-use-node-status-port", &Flags::kubelet_use_node_status_port,
           "Use the port in the node's status, when it has one, rather than --kubelet-port."},
          {"node-selector", &Flags::node_selector,
           "Only nodes with these labels, such as key1=value1,key2=value2.", 'l'}}},
        {"Secure serving",
         {{"bind-address", &Flags::bind_address,
           "Address to serve on. Empty, 0.0.0.0 and ::: all addresses of both families."},
          {"cert-dir", &Flags::cert_dir,
           "Folder for the self-signed pair apiserver.crt, apiserver.key that is made without "
           "--tls-cert-file."},
          {"secure-port", &Flags::secure_port, "HTTPS port to serve on. 0: do not serve."},
          {"tls-cert-file", &Flags::tls_cert_file,
           "File with the serving certificate, followed by its intermediate authorities."},
          {"tls-private-key-file", &Flags::tls_private_key_file, "File with the key of --tls-cert-file."},
          {"tls-min-version", &Flags::tls_min_version,
           "VersionTLS10, VersionTLS11, VersionTLS12 or VersionTLS13."},
          {"tls-cipher-suites", &Flags::tls_cipher_suites, "TLS 1.2 cipher suites, by their IANA names."}}},
        {"Authentication",
         {{"authentication-kubeconfig", &Flags::authentication_kubeconfig,
           "How to reach the API server for token reviews. Empty: as --kubeconfig."},
          {"authentication-skip-lookup", &Flags::authentication_skip_lookup,
           "Do not read missing authentication settings from the cluster."},
          {"authentication-tolerate-lookup-failure", &Flags::authentication_tolerate_lookup_failure,
           "Start even when authentication settings cannot be read from the cluster."},
          {"authentication-token-webhook-cache-ttl", &Flags::authentication_token_webhook_cache_ttl,
           "How long the answer of a token review counts."},
          {"client-ca-file", &Flags::client_ca_file, "File with the authorities of client certificates."},
          {"requestheader-client-ca-file", &Flags::requestheader_client_ca_file,
           "File with the authorities of front proxies, whose identity headers are believed."},
          {"requestheader-allowed-names", &Flags::requestheader_allowed_names,
           "Common names that a front proxy's certificate may have. Empty: any."},
          {"requestheader-username-headers", &Flags::requestheader_username_headers,
           "Headers that hold the user's name."},
          {"requestheader-group-headers", &Flags::requestheader_group_headers,
           "Headers that hold the user's groups."},
          {"requestheader-extra-headers-prefix", &Flags::requestheader_extra_headers_prefix,
           "How headers with more about the user begin."},
          {"requestheader-uid-headers", &Flags::requestheader_uid_headers,
           "Headers that hold the user's UID."}}},
        {"Authorization",
         {{"authorization-always-allow-paths", &Flags::authorization_always_allow_paths,
           "Paths that need no permission."},
          {"authorization-kubeconfig", &Flags::authorization_kubeconfig,
           "How to reach the API server for access reviews. Empty: as --kubeconfig."},
          {"authorization-webhook-cache-authorized-ttl", &Flags::authorization_webhook_cache_authorized_ttl,
           "How long a permission counts."},
          {"authorization-webhook-cache-unauthorized-ttl",
           &Flags::authorization_webhook_cache_unauthorized_ttl, "How long a refusal counts."}}},
        {"Logging",
         {{"logging-format", &Flags::logging_format, "text or json."},
          {"v", &Flags::v, "Verbosity of the log.", 'v'}}},
        unused_flags(),
    };
}

}  // namespace

const std::vector<FlagGroup>& flag_groups() {
    static const std::vector<FlagGroup> groups = make_groups();
    return groups;
}

}  // namespace topd
