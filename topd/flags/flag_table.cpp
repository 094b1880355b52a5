// SPDX-License-Identifier: Apache-2.0
#include "topd/flags/flag_table.hpp"

#include <algorithm>
#include <iterator>
#include <span>

namespace topd {
namespace {

std::vector<FlagGroup> used_flag_groups() {
    return {
        {"Metrics server",
         {{"kubeconfig", &Flags::kubeconfig,
           "How to reach the API server and the kubelets. Empty: as a pod of the cluster."},
          {"metric-resolution", &Flags::metric_resolution,
           "Time between two scrapes of a kubelet, at least 10s."},
          {"bridge-missed-scrapes", &Flags::bridge_missed_scrapes,
           "Keep a node's figures when a scrape fails; the next rate is over the longer time."},
          {"serve-swap", &Flags::serve_swap, "Write swap into usage where the kubelet reports it."},
          {"history-memory", &Flags::history_memory,
           "Memory for the history of all nodes and pods, such as 64Mi. 0: none is kept. Empty: 0, with "
           "--graphs-address or --sink a quarter of the memory limit, or 128Mi where there is none."},
          {"history-window", &Flags::history_window,
           "How far back history has a point for each --metric-resolution, memory permitting."},
          {"history-long-window", &Flags::history_long_window,
           "How far back history has the mean and the maximum of each five minutes, memory permitting."},
          {"graphs-address", &Flags::graphs_address,
           "Address and port, such as :8000, for the APIs that draw graphs, over plain HTTP without "
           "authentication. Empty: none."},
          {"graphs-exposition", &Flags::graphs_exposition,
           "Show /metrics/resource of all kubelets as one page on --graphs-address, for Prometheus."},
          {"state-file", &Flags::state_file,
           "File that keeps history and the last samples over a restart. Empty: none."},
          {"sink", Repeated{&Flags::sink},
           "Where to write history to, KEY:URL?option=value&..., once for each; influxdb, remote-write and "
           "stdout are the keys (docs/sinks.md)."},
          {"sink-spool-dir", &Flags::sink_spool_dir,
           "Folder where sinks keep what waits, over outages and restarts. Empty: it waits in memory."},
          {"sink-spool-bytes", &Flags::sink_spool_bytes,
           "What each sink may take of --sink-spool-dir; the oldest goes then."},
          {"watch-objects", &Flags::watch_objects,
           "Read pods whole and keep their requests, limits, owners and restarts, and what nodes have, for "
           "the APIs that draw graphs."},
          {"node-exporter-series", &Flags::node_exporter_series,
           "Show node_memory_MemTotal_bytes, node_memory_MemAvailable_bytes (with --watch-objects) and "
           "node_boot_time_seconds (with --kubelet-summary) among the series of the query API, for boards of "
           "node-exporter where there is none."},
          {"custom-metrics", &Flags::custom_metrics,
           "Serve custom.metrics.k8s.io from pods that are annotated as for Prometheus: what is asked for is "
           "scraped (docs/custom-metrics.md)."},
          {"custom-metrics-annotations", &Flags::custom_metrics_annotations,
           "What the annotations of such pods begin with: PREFIX/scrape, /port, /path, /scheme."},
          {"custom-metrics-window", &Flags::custom_metrics_window,
           "Over how long the rate of a pod's counter is taken, at least --metric-resolution."},
          {"custom-metrics-ca-file", &Flags::custom_metrics_ca_file,
           "File with the authorities of pods that are annotated with the scheme https. Their names are not "
           "verified. Empty: such pods are not scraped."},
          {"custom-metrics-insecure-tls", &Flags::custom_metrics_insecure_tls,
           "Accept any serving certificate from such pods."},
          {"custom-metrics-host-network", &Flags::custom_metrics_host_network,
           "Scrape pods that have their node's address as well."},
          {"custom-metrics-allow-loopback", &Flags::custom_metrics_allow_loopback,
           "Scrape pods with a loopback address. For tests only."},
          {"help", &Flags::help, "Show this text.", 'h'},
          {"version", &Flags::version, "Show the version."}}},
        {"Generic",
         {{"advertise-address", &Flags::advertise_address,
           "Address that /apis names as the server's, without --external-hostname."},
          {"external-hostname", &Flags::external_hostname, "Host that /apis names as the server's."}}},
        {"Kubelet client",
         {{"deprecated-kubelet-completely-insecure", &Flags::deprecated_kubelet_completely_insecure,
           "DEPRECATED: Talk plain HTTP to kubelets and send no credentials. See --kubelet-insecure-tls."},
          {"kubelet-certificate-authority", &Flags::kubelet_certificate_authority,
           "File with the authorities of kubelets' serving certificates. Empty: those of the cluster."},
          {"kubelet-certificate-names", &Flags::kubelet_certificate_names,
           "What a kubelet's certificate must be for. node: the node, by its name or any address of its "
           "status. address: the address that is asked."},
          {"kubelet-client-certificate", &Flags::kubelet_client_certificate,
           "File with the client certificate to show to kubelets."},
          {"kubelet-client-key", &Flags::kubelet_client_key,
           "File with the key of --kubelet-client-certificate."},
          {"kubelet-compression", &Flags::kubelet_compression,
           "Ask kubelets for compressed pages: a seventh of the traffic, for more CPU on both sides."},
          {"kubelet-insecure-tls", &Flags::kubelet_insecure_tls,
           "Accept any serving certificate from kubelets. For tests only."},
          {"kubelet-pin-certificates", &Flags::kubelet_pin_certificates,
           "Take self-signed serving certificates of kubelets on first use, and for each node the same key "
           "from then on."},
          {"kubelet-pin-file", &Flags::kubelet_pin_file,
           "File that keeps the keys of --kubelet-pin-certificates. Empty: kubelet-pins in --cert-dir."},
          {"kubelet-port", &Flags::kubelet_port, "The port of the kubelets."},
          {"kubelet-preferred-address-types", &Flags::kubelet_preferred_address_types,
           "Which of a node's addresses to use, most wanted types first. The next is tried when one fails."},
          {"kubelet-request-timeout", &Flags::kubelet_request_timeout,
           "How long a kubelet may take for one answer, such as 10s."},
          {"kubelet-summary", &Flags::kubelet_summary,
           "Ask kubelets for /stats/summary too, into history only: network, file systems, volumes, rss, "
           "page faults. Needs get on nodes/stats, and history; a quarter of --history-memory is for it."},
          {"kubelet-summary-interval", &Flags::kubelet_summary_interval,
           "Time between two summaries of a kubelet, 10s to 10m, and at least --metric-resolution."},
          {"kubelet-use-node-status-port", &Flags::kubelet_use_node_status_port,
           "Use the port in the node's status, when it has one, rather than --kubelet-port."},
          {"node-selector", &Flags::node_selector,
           "Only nodes with these labels, such as key1=value1,key2=value2.", 'l'}}},
        {"Apiserver secure serving",
         {{"bind-address", &Flags::bind_address,
           "Address to serve on. Empty, 0.0.0.0 and ::: all addresses of both families."},
          {"cert-dir", &Flags::cert_dir,
           "Folder for the self-signed pair apiserver.crt, apiserver.key that is made without "
           "--tls-cert-file."},
          {"permit-port-sharing", &Flags::permit_port_sharing,
           "Several servers may bind the same address and port (SO_REUSEPORT)."},
          {"secure-port", &Flags::secure_port, "HTTPS port to serve on. 0: do not serve."},
          {"tls-cert-file", &Flags::tls_cert_file,
           "File with the serving certificate, followed by its intermediate authorities."},
          {"tls-private-key-file", &Flags::tls_private_key_file, "File with the key of --tls-cert-file."},
          {"tls-min-version", &Flags::tls_min_version,
           "VersionTLS12 or VersionTLS13. VersionTLS10 and VersionTLS11 count as VersionTLS12."},
          {"tls-cipher-suites", &Flags::tls_cipher_suites,
           "Cipher suites of TLS 1.2, by the names of Go. Empty: ECDHE with AES-GCM or ChaCha20."},
          {"tls-curve-preferences", &Flags::tls_curve_preferences,
           "Groups for key exchange: 23 P-256, 24 P-384, 25 P-521, 29 X25519. Empty: all of them."}}},
        {"Apiserver authentication",
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
        {"Apiserver authorization",
         {{"authorization-always-allow-paths", &Flags::authorization_always_allow_paths,
           "Paths that need no permission."},
          {"authorization-kubeconfig", &Flags::authorization_kubeconfig,
           "How to reach the API server for access reviews. Empty: as --kubeconfig."},
          {"authorization-webhook-cache-authorized-ttl", &Flags::authorization_webhook_cache_authorized_ttl,
           "How long a permission counts."},
          {"authorization-webhook-cache-unauthorized-ttl",
           &Flags::authorization_webhook_cache_unauthorized_ttl, "How long a refusal counts."}}},
        {"Request",
         {{"max-requests-inflight", &Flags::max_requests_inflight,
           "How many requests that change nothing are answered at once. 0: no limit."},
          {"max-mutating-requests-inflight", &Flags::max_mutating_requests_inflight,
           "How many other requests are answered at once. 0: no limit."},
          {"request-timeout", &Flags::request_timeout, "How long a request may take."},
          {"shutdown-delay-duration", &Flags::shutdown_delay_duration,
           "How long to go on serving, with a failing /readyz, when told to end."},
          {"shutdown-send-retry-after", &Flags::shutdown_send_retry_after,
           "Listen until the requests in flight are done, and answer new ones with 429 meanwhile."},
          {"strict-transport-security-directives", &Flags::strict_transport_security_directives,
           "Directives of the Strict-Transport-Security header: max-age=SECONDS, includeSubDomains, "
           "preload."}}},
        {"Logging",
         {{"logging-format", &Flags::logging_format, "text or json."},
          {"v", &Flags::v, "Verbosity of the log.", 'v'}}},
    };
}

using Say = Unused::Say;

// Flags of metrics-server (docs/command-line-flags.txt at v0.9.0) that topd has no use for, and some of its
// older ones: accepted, so that manifests start as they are. Name and kind, as pflag prints it; without a
// kind it is a switch.
struct Name {
    std::string_view name;
    std::string_view kind = "";
};

constexpr Name kAudit[] = {{"audit-log-batch-buffer-size", "int"},
                           {"audit-log-batch-max-size", "int"},
                           {"audit-log-batch-max-wait", "duration"},
                           {"audit-log-batch-throttle-burst", "int"},
                           {"audit-log-batch-throttle-enable"},
                           {"audit-log-batch-throttle-qps", "float32"},
                           {"audit-log-compress"},
                           {"audit-log-format", "string"},
                           {"audit-log-maxage", "int"},
                           {"audit-log-maxbackup", "int"},
                           {"audit-log-maxsize", "int"},
                           {"audit-log-mode", "string"},
                           {"audit-log-path", "string"},
                           {"audit-log-truncate-enabled"},
                           {"audit-log-truncate-max-batch-size", "int"},
                           {"audit-log-truncate-max-event-size", "int"},
                           {"audit-log-version", "string"},
                           {"audit-policy-file", "string"},
                           {"audit-webhook-batch-buffer-size", "int"},
                           {"audit-webhook-batch-max-size", "int"},
                           {"audit-webhook-batch-max-wait", "duration"},
                           {"audit-webhook-batch-throttle-burst", "int"},
                           {"audit-webhook-batch-throttle-enable"},
                           {"audit-webhook-batch-throttle-qps", "float32"},
                           {"audit-webhook-config-file", "string"},
                           {"audit-webhook-initial-backoff", "duration"},
                           {"audit-webhook-mode", "string"},
                           {"audit-webhook-truncate-enabled"},
                           {"audit-webhook-truncate-max-batch-size", "int"},
                           {"audit-webhook-truncate-max-event-size", "int"},
                           {"audit-webhook-version", "string"}};

constexpr Name kRequests[] = {{"enable-priority-and-fairness"},
                              {"goaway-chance", "float"},
                              {"http2-max-streams-per-connection", "int"},
                              {"livez-grace-period", "duration"},
                              {"min-request-timeout", "int"},
                              {"shutdown-watch-termination-grace-period", "duration"},
                              {"storage-initialization-timeout", "duration"}};

constexpr Name kServing[] = {{"cors-allowed-origins", "strings"}, {"tls-sni-cert-key", "namedCertKey"}};

constexpr Name kVersions[] = {{"emulated-version", "strings"},
                              {"emulation-forward-compatible"},
                              {"feature-gates", "colonSeparatedMultimapStringString"},
                              {"min-compatibility-version", "strings"},
                              {"runtime-config-emulation-forward-compatible"}};

constexpr Name kGo[] = {{"contention-profiling"},
                        {"debug-socket-path", "string"},
                        {"log-json-info-buffer-size", "quantity"},
                        {"log-json-split-stream"},
                        {"log-text-info-buffer-size", "quantity"},
                        {"log-text-split-stream"},
                        {"vmodule", "pattern=N,..."}};

constexpr Name kQuiet[] = {{"disable-http2-serving"},
                           {"permit-address-sharing"},
                           {"log-flush-frequency", "duration"},
                           {"profiling"},
                           {"add-dir-header"},
                           {"alsologtostderr"},
                           {"log-backtrace-at", "traceLocation"},
                           {"log-dir", "string"},
                           {"log-file", "string"},
                           {"log-file-max-size", "uint"},
                           {"logtostderr"},
                           {"one-output"},
                           {"skip-headers"},
                           {"skip-log-headers"},
                           {"stderrthreshold", "severity"}};

FlagGroup group(std::string_view title, std::string_view note, std::span<const Name> names,
                Say say = Say::warning) {
    FlagGroup made{title, {}, note};
    for (const auto& [name, kind] : names) made.flags.push_back({name, Unused{kind, say}, ""});
    return made;
}

std::vector<FlagGroup> unused_flag_groups() {
    return {
        group("Audit log", "topd writes no audit log; that of kube-apiserver shows who asked for what.",
              kAudit),
        group("HTTP/2 and watches",
              "topd speaks HTTP/1.1, has no watches and no storage, and is live from its start.", kRequests),
        group("Serving",
              "Browsers reach topd through kube-apiserver, which has CORS; one name needs one certificate.",
              kServing),
        group("Versions", "topd has no feature gates and emulates no version but its own.", kVersions),
        group("Go and klog",
              "They turn on parts of Go's runtime and of klog. topd writes one log, to stderr.", kGo),
        group("Without a warning", "topd does so in any case, or klog had them long ago.", kQuiet,
              Say::nothing),
    };
}

std::vector<FlagGroup> make_groups() {
    std::vector<FlagGroup> groups = used_flag_groups();
    std::vector<FlagGroup> unused = unused_flag_groups();
    std::move(unused.begin(), unused.end(), std::back_inserter(groups));
    return groups;
}

}  // namespace

const std::vector<FlagGroup>& flag_groups() {
    static const std::vector<FlagGroup> groups = make_groups();
    return groups;
}

bool is_switch(const Flag& flag) {
    if (const Unused* unused = std::get_if<Unused>(&flag.target)) return unused->kind.empty();
    return std::holds_alternative<bool Flags::*>(flag.target);
}

}  // namespace topd
