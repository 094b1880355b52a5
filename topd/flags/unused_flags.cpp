// SPDX-License-Identifier: Apache-2.0
// Flags of metrics-server (docs/command-line-flags.txt at v0.9.0) that topd has no use for, and some of its
// older ones: accepted, so that manifests start as they are.
#include "topd/flags/flag_table.hpp"

#include <span>

namespace topd {
namespace {

using Say = Unused::Say;

// Name and kind, as pflag prints it; without a kind it is a switch.
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

}  // namespace

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

}  // namespace topd
