// SPDX-License-Identifier: Apache-2.0
// validate(): what the values of flags may be.
#include "text/go_text.hpp"
#include "topd/flags/flag_values.hpp"
#include "topd/flags/flags.hpp"
#include "topd/flags/tls_choice.hpp"

#include <string_view>
#include <utility>

#include <boost/asio/ip/address.hpp>
#include <fmt/format.h>

namespace topd {
namespace {

using namespace std::chrono_literals;

[[noreturn]] void refuse(std::string sentence) {
    throw FlagError{std::move(sentence)};
}

// cmd/metrics-server/app/options/kubelet_client.go
void check_kubelet(const Flags& f) {
    const auto both = [](std::string_view a, std::string_view b) {
        refuse(fmt::format("cannot use both --{} and --{}", a, b));
    };
    const std::string_view plain = "deprecated-kubelet-completely-insecure";
    const bool is_plain = f.deprecated_kubelet_completely_insecure;
    if (!f.kubelet_certificate_authority.empty() && f.kubelet_insecure_tls)
        both("kubelet-certificate-authority", "kubelet-insecure-tls");
    if (f.kubelet_client_key.empty() != f.kubelet_client_certificate.empty())
        refuse("need both --kubelet-client-key and --kubelet-client-certificate");
    if (!f.kubelet_client_key.empty() && is_plain) both("kubelet-client-key", plain);
    if (!f.kubelet_client_certificate.empty() && is_plain) both("kubelet-client-certificate", plain);
    if (f.kubelet_insecure_tls && is_plain) both("kubelet-insecure-tls", plain);
    if (!f.kubelet_certificate_authority.empty() && is_plain) both("kubelet-certificate-authority", plain);
    if (f.kubelet_request_timeout <= 0ns) refuse("--kubelet-request-timeout should be positive");
}

// cmd/metrics-server/app/options/options.go
void check_resolution(const Flags& f) {
    if (f.metric_resolution < 10s)
        refuse(
            fmt::format("--metric-resolution should be a time duration at least 10s, but value {} provided",
                        format_duration(f.metric_resolution)));
    if (f.metric_resolution / 10 * 9 < f.kubelet_request_timeout)
        refuse(fmt::format(
            "--metric-resolution should be larger than --kubelet-request-timeout, but --metric-resolution "
            "value {} --kubelet-request-timeout value {} provided",
            format_duration(f.metric_resolution), format_duration(f.kubelet_request_timeout)));
}

// Of kubelets, beyond what metrics-server knows.
void check_certificates(const Flags& f) {
    if (f.kubelet_pin_certificates && f.kubelet_insecure_tls)
        refuse("cannot use both --kubelet-pin-certificates and --kubelet-insecure-tls");
    if (f.kubelet_pin_certificates && f.deprecated_kubelet_completely_insecure)
        refuse("cannot use both --kubelet-pin-certificates and --deprecated-kubelet-completely-insecure");
    if (!f.kubelet_pin_file.empty() && !f.kubelet_pin_certificates)
        refuse("need --kubelet-pin-certificates for --kubelet-pin-file");
    if (f.kubelet_certificate_names != "node" && f.kubelet_certificate_names != "address")
        refuse(fmt::format("--kubelet-certificate-names {} must be node or address",
                           text::quoted(f.kubelet_certificate_names)));
}

// A smaller one holds next to nothing.
constexpr std::uint64_t kLeastHistory = 1024 * 1024;
// Some ticks of a large cluster.
constexpr std::uint64_t kLeastSpool = 16 * 1024 * 1024;

void check_history(const Flags& f) {
    const auto read = [](std::string_view name, const std::string& value, auto parse) {
        if (value.empty()) return;
        try {
            parse(value);
        } catch (const FlagError& error) {
            refuse(fmt::format("--{} {} {}", name, text::quoted(value), error.what()));
        }
    };
    read("history-memory", f.history_memory, [](const std::string& value) { parse_bytes(value); });
    if (!f.history_memory.empty() && parse_bytes(f.history_memory) != 0 &&
        parse_bytes(f.history_memory) < kLeastHistory)
        refuse(fmt::format("--history-memory {} must be 0 or at least 1Mi", text::quoted(f.history_memory)));
    read("graphs-address", f.graphs_address, [](const std::string& value) { parse_listen_address(value); });
    if (f.history_window < 60s || f.history_window > 24h)
        refuse(
            fmt::format("--history-window {} must be between 1m and 24h", format_duration(f.history_window)));
    if (f.history_long_window < f.history_window || f.history_long_window > 31 * 24h)
        refuse(fmt::format("--history-long-window {} must be between --history-window {} and 744h",
                           format_duration(f.history_long_window), format_duration(f.history_window)));
    if (history_is_off(f) && !f.graphs_address.empty())
        refuse("--graphs-address has nothing to show with --history-memory 0");
    if (f.graphs_exposition && f.graphs_address.empty())
        refuse("--graphs-exposition needs --graphs-address: the page is on no other port");
    if (history_is_off(f) && f.watch_objects)
        refuse("--watch-objects needs --graphs-address, --sink or --history-memory: nothing else shows them");
    if (f.kubelet_summary && history_is_off(f))
        refuse("--kubelet-summary needs history: set --history-memory, --graphs-address or --sink");
    if (history_is_off(f) && !f.sink.empty()) refuse("--sink has nothing to write with --history-memory 0");
    if (f.sink.empty() && !f.sink_spool_dir.empty()) refuse("--sink-spool-dir needs --sink");
    read("sink-spool-bytes", f.sink_spool_bytes, [](const std::string& value) { parse_bytes(value); });
    if (parse_bytes(f.sink_spool_bytes) < kLeastSpool)
        refuse(fmt::format("--sink-spool-bytes {} must be at least 16Mi", text::quoted(f.sink_spool_bytes)));
    if (f.kubelet_summary_interval < 10s || f.kubelet_summary_interval > 10min)
        refuse(fmt::format("--kubelet-summary-interval {} must be between 10s and 10m",
                           format_duration(f.kubelet_summary_interval)));
    if (f.node_exporter_series && !f.watch_objects && !f.kubelet_summary)
        refuse("--node-exporter-series needs --watch-objects or --kubelet-summary: nothing else tells them");
}

// Of annotations: a DNS subdomain (apimachinery, pkg/util/validation: IsQualifiedName).
bool is_annotation_prefix(std::string_view text) {
    constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz0123456789-.";
    return !text.empty() && text.size() <= 253 && text.find_first_not_of(kLetters) == text.npos;
}

void check_custom_metrics(const Flags& f) {
    if (!is_annotation_prefix(f.custom_metrics_annotations))
        refuse(
            fmt::format("--custom-metrics-annotations {} must be the prefix of annotations, such as "
                        "prometheus.io",
                        text::quoted(f.custom_metrics_annotations)));
    if (f.custom_metrics_window < 15s || f.custom_metrics_window > 10min)
        refuse(fmt::format("--custom-metrics-window {} must be between 15s and 10m",
                           format_duration(f.custom_metrics_window)));
    if (f.custom_metrics_insecure_tls && !f.custom_metrics_ca_file.empty())
        refuse("cannot use both --custom-metrics-ca-file and --custom-metrics-insecure-tls");
    const bool has_part = f.custom_metrics_insecure_tls || !f.custom_metrics_ca_file.empty() ||
                          f.custom_metrics_host_network || f.custom_metrics_allow_loopback;
    if (has_part && !f.custom_metrics)
        refuse("the flags --custom-metrics-* need --custom-metrics: nothing is scraped without it");
}

// What k8s.io/apiserver and component-base check when they read or apply their flags, and our own.
void check_rest(const Flags& f) {
    if (f.logging_format != "text" && f.logging_format != "json")
        refuse(fmt::format("--logging-format: Invalid value: {}: Unsupported log format",
                           text::quoted(f.logging_format)));
    if (f.secure_port < 0 || f.secure_port > 65535)
        refuse(fmt::format(
            "--secure-port {} must be between 0 and 65535, inclusive. 0 for turning off secure port",
            f.secure_port));
    if (f.kubelet_port < 1 || f.kubelet_port > 65535)
        refuse(fmt::format("--kubelet-port {} must be between 1 and 65535, inclusive", f.kubelet_port));
    boost::system::error_code error;
    if (!f.bind_address.empty()) boost::asio::ip::make_address(f.bind_address, error);
    if (error)
        refuse(fmt::format("invalid argument {0} for \"--bind-address\" flag: failed to parse IP: {0}",
                           text::quoted(f.bind_address)));
    if (f.tls_cert_file.empty() != f.tls_private_key_file.empty())
        refuse("need both --tls-cert-file and --tls-private-key-file");
    if (f.kubelet_preferred_address_types.empty())
        refuse("need at least one of --kubelet-preferred-address-types");
    tls_choice(f);
}

// k8s.io/apiserver, pkg/server/options/server_run_options.go; a timeout of 0 would time everything out.
void check_requests(const Flags& f) {
    const auto not_negative = [](std::string_view name, bool negative) {
        if (negative) refuse(fmt::format("--{} can not be negative value", name));
    };
    not_negative("max-requests-inflight", f.max_requests_inflight < 0);
    not_negative("max-mutating-requests-inflight", f.max_mutating_requests_inflight < 0);
    not_negative("request-timeout", f.request_timeout < 0ns);
    if (f.request_timeout == 0ns) refuse("--request-timeout should be positive");
    not_negative("shutdown-delay-duration", f.shutdown_delay_duration < 0ns);
    for (const std::string_view directive : f.strict_transport_security_directives) {
        if (directive.find_first_not_of(' ') == directive.npos)
            refuse("empty value in --strict-transport-security-directives");
        if (directive == "includeSubDomains" || directive == "preload") continue;
        if (directive.starts_with("max-age=") && directive.find('=') == directive.rfind('=')) continue;
        refuse(fmt::format(
            "--strict-transport-security-directives: {} is invalid, allowed values: max-age=expireTime, "
            "includeSubDomains, preload. see https://tools.ietf.org/html/rfc6797#section-6.1 for more "
            "information",
            text::quoted(directive)));
    }
}

}  // namespace

bool history_is_off(const Flags& flags) {
    return flags.history_memory.empty() ? flags.graphs_address.empty() && flags.sink.empty()
                                        : parse_bytes(flags.history_memory) == 0;
}

void validate(const Flags& flags) {
    check_kubelet(flags);
    check_resolution(flags);
    check_certificates(flags);
    check_history(flags);
    check_custom_metrics(flags);
    check_requests(flags);
    check_rest(flags);
}

}  // namespace topd
