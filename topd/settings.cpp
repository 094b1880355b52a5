// SPDX-License-Identifier: Apache-2.0
#include "topd/settings.hpp"

#include "apiserver/api.hpp"
#include "apiserver/auth/delegated_authenticator.hpp"
#include "apiserver/auth/delegated_authorizer.hpp"
#include "files/read.hpp"
#include "kube/config/config_values.hpp"
#include "kube/reviews/review_client.hpp"
#include "net/tls/pem_fault.hpp"
#include "topd/flags/flag_values.hpp"

#include <algorithm>
#include <filesystem>
#include <stdexcept>

#include <fmt/format.h>

namespace topd {
namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;

std::string read(std::string_view flag, const std::string& path) {
    auto text = files::read(path);
    if (!text) throw std::runtime_error{fmt::format("--{}: {}: {}", flag, path, text.error().message())};
    return std::move(*text);
}

net::TrustPool authorities(std::string_view flag, const std::string& path, const std::string& pem) {
    auto pool = net::TrustPool::from_pem(pem);
    if (pool) {
        net::warn_of_complaints(*pool, fmt::format("--{}: {}", flag, path));
        return std::move(*pool);
    }
    std::string fault = net::certificates_fault(pem);
    if (fault.empty()) fault = pool.error().message();
    throw std::runtime_error{fmt::format("--{}: {}: {}", flag, path, fault)};
}

net::TrustPool authorities(std::string_view flag, const std::string& path) {
    return authorities(flag, path, read(flag, path));
}

net::KeyPair kubelet_client_pair(const Flags& flags) {
    net::KeyPair pair{read("kubelet-client-certificate", flags.kubelet_client_certificate),
                      read("kubelet-client-key", flags.kubelet_client_key)};
    const std::string fault =
        net::pair_fault(pair, "--kubelet-client-certificate: " + flags.kubelet_client_certificate,
                        "--kubelet-client-key: " + flags.kubelet_client_key);
    if (!fault.empty()) throw std::runtime_error{fault};
    return pair;
}

std::string pin_file(const Flags& flags) {
    if (!flags.kubelet_pin_file.empty()) return flags.kubelet_pin_file;
    return (std::filesystem::path{flags.cert_dir} / "kubelet-pins").string();
}

}  // namespace

telemetry::LogOptions log_options(const Flags& flags) {
    using Format = telemetry::LogOptions::Format;
    return {flags.logging_format == "json" ? Format::json : Format::text, flags.v};
}

kube::Config kube_config(const Flags& flags) {
    return flags.kubeconfig.empty() ? kube::in_cluster() : kube::load_kubeconfig(flags.kubeconfig);
}

telemetry::LogEnds log_ends(const MemoryBounds& bounds) {
    telemetry::LogEnds ends;
    ends.queue_lines = bounds.log_lines;
    return ends;
}

storage::StoreOptions store_options(const Flags& flags, const MemoryBounds& bounds) {
    storage::StoreOptions options;
    // architecture.md, decision 4.
    options.window_bound = 2 * flags.metric_resolution + flags.kubelet_request_timeout;
    options.least_window = flags.metric_resolution / 10;
    options.unknown_pod_age = 2 * flags.metric_resolution;
    options.unknown_pods = bounds.unknown_pods;
    options.bridge = flags.bridge_missed_scrapes;
    return options;
}

namespace {

// docs/decisions/0023-kubelet-summary.md.
constexpr std::size_t kShareOfStats = 4;
// docs/decisions/0030-custom-metrics.md.
constexpr std::size_t kShareOfFigures = 16;

// --history-memory. REQUIRES: history is kept.
std::size_t history_memory(const Flags& flags, std::optional<std::uint64_t> memory_limit) {
    if (!flags.history_memory.empty()) return parse_bytes(flags.history_memory);
    return memory_limit ? *memory_limit / 4 : storage::history::HistoryOptions{}.memory;
}

std::size_t stats_memory(const Flags& flags, std::optional<std::uint64_t> memory_limit) {
    return flags.kubelet_summary ? history_memory(flags, memory_limit) / kShareOfStats : 0;
}

std::size_t figures_memory(const Flags& flags, std::optional<std::uint64_t> memory_limit) {
    return flags.custom_metrics ? history_memory(flags, memory_limit) / kShareOfFigures : 0;
}

}  // namespace

std::optional<storage::history::HistoryOptions> history_options(const Flags& flags,
                                                                std::optional<std::uint64_t> memory_limit) {
    if (history_is_off(flags)) return std::nullopt;
    storage::history::HistoryOptions options;
    options.resolution = std::chrono::ceil<std::chrono::seconds>(flags.metric_resolution);
    options.recent_window = duration_cast<std::chrono::seconds>(flags.history_window);
    options.long_window = duration_cast<std::chrono::seconds>(flags.history_long_window);
    options.memory = history_memory(flags, memory_limit) - stats_memory(flags, memory_limit) -
                     figures_memory(flags, memory_limit);
    return options;
}

std::optional<storage::stats::StatsOptions> stats_options(const Flags& flags,
                                                          std::optional<std::uint64_t> memory_limit) {
    if (!flags.kubelet_summary || history_is_off(flags)) return std::nullopt;
    storage::stats::StatsOptions options;
    options.pace = std::chrono::ceil<std::chrono::seconds>(
        std::max(flags.kubelet_summary_interval, flags.metric_resolution));
    options.recent_window = duration_cast<std::chrono::seconds>(flags.history_window);
    options.long_window = duration_cast<std::chrono::seconds>(flags.history_long_window);
    options.memory = stats_memory(flags, memory_limit);
    return options;
}

std::optional<storage::applications::FigureHistoryOptions> figure_history_options(
    const Flags& flags, std::optional<std::uint64_t> memory_limit) {
    if (!flags.custom_metrics || history_is_off(flags)) return std::nullopt;
    storage::applications::FigureHistoryOptions options;
    options.resolution = std::chrono::ceil<std::chrono::seconds>(flags.metric_resolution);
    options.window = duration_cast<std::chrono::seconds>(flags.history_window);
    options.memory = figures_memory(flags, memory_limit);
    return options;
}

std::size_t history_bytes(const Flags& flags, std::optional<std::uint64_t> memory_limit) {
    if (history_is_off(flags)) return 0;
    const std::size_t all = history_memory(flags, memory_limit);
    return flags.state_file.empty() ? all : 2 * all - figures_memory(flags, memory_limit);
}

StateFileOptions state_file_options(const Flags& flags, std::size_t history_memory) {
    StateFileOptions options;
    options.path = flags.state_file;
    // Names stand in it once more, and the last samples: some 200 bytes a container.
    options.most_bytes = history_memory + history_memory / 4 + std::size_t{64} * 1024 * 1024;
    return options;
}

net::TlsClient::Options kubelet_tls(const Flags& flags, const kube::Config& cluster) {
    net::TlsClient::Options tls;
    if (flags.deprecated_kubelet_completely_insecure) return tls;
    tls.insecure = flags.kubelet_insecure_tls;
    if (!flags.kubelet_certificate_authority.empty()) {
        tls.ca_pem = read("kubelet-certificate-authority", flags.kubelet_certificate_authority);
        authorities("kubelet-certificate-authority", flags.kubelet_certificate_authority, tls.ca_pem);
    } else if (!tls.insecure) {
        tls.ca_pem = cluster.ca_pem;
        tls.insecure = cluster.insecure;
    }
    tls.certificate = cluster.certificate;
    if (!flags.kubelet_client_certificate.empty()) tls.certificate = kubelet_client_pair(flags);
    return tls;
}

scraper::ScraperOptions scraper_options(const Flags& flags, const kube::Config& cluster,
                                        const MemoryBounds& bounds) {
    scraper::ScraperOptions options;
    options.resolution = duration_cast<milliseconds>(flags.metric_resolution);
    options.request_timeout = duration_cast<milliseconds>(flags.kubelet_request_timeout);
    options.page_bytes = bounds.page_bytes;
    options.bridge = flags.bridge_missed_scrapes;
    options.address.types = flags.kubelet_preferred_address_types;
    options.address.port = static_cast<std::uint16_t>(flags.kubelet_port);
    options.address.use_node_status_port = flags.kubelet_use_node_status_port;
    if (flags.kubelet_compression) options.compression = scraper::Compression::gzip;
    options.completely_insecure = flags.deprecated_kubelet_completely_insecure;
    if (options.completely_insecure) return options;
    options.tls = kubelet_tls(flags, cluster);
    options.token = cluster.token;
    if (flags.kubelet_certificate_names == "address")
        options.certificate_names = scraper::CertificateNames::address;
    if (flags.kubelet_pin_certificates) options.pin_file = pin_file(flags);
    return options;
}

bool needs_authentication_config(const Flags& flags) {
    const bool flags_say_all = !flags.client_ca_file.empty() && !flags.requestheader_client_ca_file.empty();
    return !flags.authentication_skip_lookup && !flags_say_all;
}

std::optional<apiserver::FrontProxyConfig> front_proxy(const Flags& flags) {
    if (flags.requestheader_client_ca_file.empty()) return std::nullopt;
    apiserver::FrontProxyConfig config;
    config.authorities = authorities("requestheader-client-ca-file", flags.requestheader_client_ca_file);
    config.allowed_names = flags.requestheader_allowed_names;
    config.username_headers = flags.requestheader_username_headers;
    config.group_headers = flags.requestheader_group_headers;
    config.extra_prefixes = flags.requestheader_extra_headers_prefix;
    config.uid_headers = flags.requestheader_uid_headers;
    return config;
}

std::optional<net::TrustPool> client_authorities(const Flags& flags) {
    if (flags.client_ca_file.empty()) return std::nullopt;
    return authorities("client-ca-file", flags.client_ca_file);
}

apiserver::AuthenticatorOptions authenticator_options(const Flags& flags, const MemoryBounds& bounds) {
    apiserver::AuthenticatorOptions options;
    options.cache_bytes = bounds.kept_answer_bytes / 3;
    options.cache_ttl = flags.authentication_token_webhook_cache_ttl;
    return options;
}

apiserver::AuthorizerOptions authorizer_options(const Flags& flags, const MemoryBounds& bounds) {
    apiserver::AuthorizerOptions options;
    options.cache_bytes = bounds.kept_answer_bytes * 2 / 3;
    options.always_allow_paths = flags.authorization_always_allow_paths;
    options.allowed_ttl = flags.authorization_webhook_cache_authorized_ttl;
    options.denied_ttl = flags.authorization_webhook_cache_unauthorized_ttl;
    return options;
}

kube::ReviewOptions token_reviews(const MemoryBounds& bounds) {
    kube::ReviewOptions options;
    options.shares.bytes = bounds.review_bytes / 2;
    options.shares.unproven_connections = options.shares.connections;
    options.shares.unproven_waiting = options.shares.waiting;
    return options;
}

kube::ReviewOptions access_reviews(const MemoryBounds& bounds) {
    kube::ReviewOptions options;
    options.shares.bytes = bounds.review_bytes / 2;
    return options;
}

apiserver::MetricsOptions metrics_options(const Flags& flags, const MemoryBounds& bounds) {
    apiserver::MetricsOptions options;
    options.swap = flags.serve_swap;
    auto selector = apiserver::LabelSelector::parse(flags.node_selector);
    if (!selector) throw std::runtime_error{"--node-selector: " + selector.error().text};
    options.node_selector = std::move(*selector);
    options.encoded_list_bytes = bounds.encoded_list_bytes;
    return options;
}

std::string shown_server_address(const Flags& flags) {
    const std::string& host =
        flags.external_hostname.empty() ? flags.advertise_address : flags.external_hostname;
    const bool bare_ipv6 = host.find(':') != host.rfind(':') && !host.starts_with('[');
    if (bare_ipv6) return fmt::format("[{}]:{}", host, flags.secure_port);
    const bool has_port = host.find(':', host.starts_with('[') ? host.find(']') : 0) != std::string::npos;
    return has_port ? host : fmt::format("{}:{}", host, flags.secure_port);
}

net::ServerOptions server_options(const Flags& flags, const MemoryBounds& bounds,
                                  std::optional<double> cpus) {
    net::ServerOptions options;
    if (!flags.bind_address.empty()) options.address = flags.bind_address;
    options.port = static_cast<std::uint16_t>(flags.secure_port);
    options.connections = bounds.connections;
    options.share_port = flags.permit_port_sharing;
    options.request_bytes = bounds.request_bytes;
    options.certificate_bytes = bounds.certificate_bytes;
    // One that is refused for its size should not be asked to come again.
    options.head_bytes = std::min(options.head_bytes, bounds.request_bytes / 4);
    options.handshake_share *= std::min(1.0, cpus.value_or(1));
    // Nothing that is asked needs one. They are read before it is known who sends them.
    options.body_bytes = std::size_t{64} * 1024;
    return options;
}

}  // namespace topd
