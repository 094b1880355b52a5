// SPDX-License-Identifier: Apache-2.0
// The command line: metrics-server's flags, with its names, defaults and checks, so that its manifests work
// as they are.
#pragma once

#include <chrono>
#include <stdexcept>
#include <string>
#include <vector>

namespace topd {

// One line that says what is wrong with the command line.
struct FlagError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// The values of the flags; the initial ones are the defaults. Names are the flags' own.
struct Flags {
    std::string kubeconfig;
    std::chrono::nanoseconds metric_resolution{std::chrono::seconds{60}};
    bool serve_swap = true;
    bool bridge_missed_scrapes = true;
    std::string advertise_address;
    std::string external_hostname;
    // Bytes as Kubernetes writes them; empty: 0, or what fits when --graphs-address or --sink is set.
    std::string history_memory;
    std::chrono::nanoseconds history_window{std::chrono::hours{1}};
    std::chrono::nanoseconds history_long_window{std::chrono::hours{24}};
    std::string graphs_address;
    bool graphs_exposition = false;
    std::string state_file;
    // May hold what is secret: not for logs.
    std::vector<std::string> sink;
    std::string sink_spool_dir;
    // Bytes as Kubernetes writes them.
    std::string sink_spool_bytes = "1Gi";
    bool watch_objects = false;
    bool node_exporter_series = false;
    bool custom_metrics = false;
    std::string custom_metrics_annotations = "prometheus.io";
    std::chrono::nanoseconds custom_metrics_window{std::chrono::seconds{60}};
    std::string custom_metrics_ca_file;
    bool custom_metrics_insecure_tls = false;
    bool custom_metrics_host_network = false;
    bool custom_metrics_allow_loopback = false;
    bool version = false;
    bool help = false;

    bool deprecated_kubelet_completely_insecure = false;
    std::string kubelet_certificate_authority;
    std::string kubelet_certificate_names = "node";
    std::string kubelet_client_certificate;
    std::string kubelet_client_key;
    bool kubelet_compression = false;
    bool kubelet_insecure_tls = false;
    bool kubelet_pin_certificates = false;
    std::string kubelet_pin_file;
    int kubelet_port = 10250;
    std::vector<std::string> kubelet_preferred_address_types{"Hostname", "InternalDNS", "InternalIP",
                                                             "ExternalDNS", "ExternalIP"};
    std::chrono::nanoseconds kubelet_request_timeout{std::chrono::seconds{10}};
    bool kubelet_summary = false;
    std::chrono::nanoseconds kubelet_summary_interval{std::chrono::seconds{60}};
    bool kubelet_use_node_status_port = false;
    std::string node_selector;

    std::string bind_address = "0.0.0.0";
    std::string cert_dir = "apiserver.local.config/certificates";
    int secure_port = 443;
    std::string tls_cert_file;
    std::string tls_private_key_file;
    std::string tls_min_version;
    std::vector<std::string> tls_cipher_suites;
    std::vector<std::string> tls_curve_preferences;
    bool permit_port_sharing = false;

    std::string authentication_kubeconfig;
    bool authentication_skip_lookup = false;
    bool authentication_tolerate_lookup_failure = false;
    std::chrono::nanoseconds authentication_token_webhook_cache_ttl{std::chrono::seconds{10}};
    std::string client_ca_file;
    std::string requestheader_client_ca_file;
    std::vector<std::string> requestheader_allowed_names;
    std::vector<std::string> requestheader_username_headers{"x-remote-user"};
    std::vector<std::string> requestheader_group_headers{"x-remote-group"};
    std::vector<std::string> requestheader_extra_headers_prefix{"x-remote-extra-"};
    std::vector<std::string> requestheader_uid_headers;

    std::vector<std::string> authorization_always_allow_paths{"/healthz", "/readyz", "/livez"};
    std::string authorization_kubeconfig;
    std::chrono::nanoseconds authorization_webhook_cache_authorized_ttl{std::chrono::seconds{10}};
    std::chrono::nanoseconds authorization_webhook_cache_unauthorized_ttl{std::chrono::seconds{10}};

    int max_requests_inflight = 400;
    int max_mutating_requests_inflight = 200;
    std::chrono::nanoseconds request_timeout{std::chrono::minutes{1}};
    std::chrono::nanoseconds shutdown_delay_duration{0};
    bool shutdown_send_retry_after = false;
    std::vector<std::string> strict_transport_security_directives;

    int v = 0;
    std::string logging_format = "text";

    // Flags that were given and have no effect: with their dashes, as written, each once, in the order given.
    std::vector<std::string> without_effect;
    // What is probably meant otherwise, a sentence each: arguments that are no flags, which are ignored as
    // pflag does, and values with quotes, blanks or another flag in them.
    std::vector<std::string> doubts;
};

// Reads arguments (without the program's name) as github.com/spf13/pflag does: --flag=x, --flag x, --bool,
// --bool=false, -v=4, -v4, -v 4; the last value of a scalar counts, lists are comma-separated and add up; "_"
// in a name is "-"; "--" ends the flags. Throws FlagError with pflag's words; an unknown flag comes with the
// nearest name.
Flags parse_flags(const std::vector<std::string>& arguments);

// Throws the first error, in the words and the order of metrics-server (cmd/metrics-server/app/options).
void validate(const Flags& flags);

// Whether no history is kept. REQUIRES: its flags are valid.
bool history_is_off(const Flags& flags);

}  // namespace topd
