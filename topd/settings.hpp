// SPDX-License-Identifier: Apache-2.0
// What the flags mean for each part: options as values. All throw std::runtime_error with one line for stderr
// when a file or a combination is not usable.
#pragma once

#include "apiserver/auth/front_proxy.hpp"
#include "kube/config/config.hpp"
#include "net/http/server.hpp"
#include "net/tls/certificate.hpp"
#include "scraper/options.hpp"
#include "storage/applications/figure_history.hpp"
#include "storage/history/history.hpp"
#include "storage/stats/stats_history.hpp"
#include "storage/store.hpp"
#include "telemetry/log_queue.hpp"
#include "topd/flags/flags.hpp"
#include "topd/limits/memory_plan.hpp"
#include "topd/state/state_file.hpp"

#include <cstdint>
#include <optional>

namespace apiserver {
struct AuthenticatorOptions;
struct AuthorizerOptions;
struct MetricsOptions;
}  // namespace apiserver
namespace kube {
struct ReviewOptions;
}

namespace topd {

telemetry::LogOptions log_options(const Flags& flags);
telemetry::LogEnds log_ends(const MemoryBounds& bounds);

// --kubeconfig, or the pod's own service account.
kube::Config kube_config(const Flags& flags);

// nullopt: none is kept.
std::optional<storage::history::HistoryOptions> history_options(const Flags& flags,
                                                                std::optional<std::uint64_t> memory_limit);

// nullopt: kubelets are not asked for /stats/summary.
std::optional<storage::stats::StatsOptions> stats_options(const Flags& flags,
                                                          std::optional<std::uint64_t> memory_limit);

// nullopt: no pod's own metrics are served, or no history is kept.
std::optional<storage::applications::FigureHistoryOptions> figure_history_options(
    const Flags& flags, std::optional<std::uint64_t> memory_limit);

// What all history takes of the memory at most. With a state file twice what is in it, which stands there
// whole while it is written.
std::size_t history_bytes(const Flags& flags, std::optional<std::uint64_t> memory_limit);

// --state-file. history_memory: of HistoryOptions and StatsOptions; 0: none is kept.
StateFileOptions state_file_options(const Flags& flags, std::size_t history_memory);

storage::StoreOptions store_options(const Flags& flags, const MemoryBounds& bounds = {});

// Kubelets are met with the cluster's credentials and authorities, but for what the --kubelet-* flags
// replace; with --deprecated-kubelet-completely-insecure with none of them.
scraper::ScraperOptions scraper_options(const Flags& flags, const kube::Config& cluster,
                                        const MemoryBounds& bounds = {});

// The TLS part of that.
net::TlsClient::Options kubelet_tls(const Flags& flags, const kube::Config& cluster);

// Whether the cluster's authentication ConfigMap is read, for what the two below do not say.
bool needs_authentication_config(const Flags& flags);

// --requestheader-*; nullopt: the cluster says.
std::optional<apiserver::FrontProxyConfig> front_proxy(const Flags& flags);

// --client-ca-file; nullopt: the cluster says.
std::optional<net::TrustPool> client_authorities(const Flags& flags);

// Of kept answers a third is for tokens; a permission has more askers.
apiserver::AuthenticatorOptions authenticator_options(const Flags& flags, const MemoryBounds& bounds);
apiserver::AuthorizerOptions authorizer_options(const Flags& flags, const MemoryBounds& bounds);

// Who comes with a token has proved nothing before it is reviewed: all of the connections are for those.
kube::ReviewOptions token_reviews(const MemoryBounds& bounds);
kube::ReviewOptions access_reviews(const MemoryBounds& bounds);

apiserver::MetricsOptions metrics_options(const Flags& flags, const MemoryBounds& bounds);

// What /apis names as the server's address: the host of --external-hostname, else of --advertise-address,
// else none, and the port (k8s.io/apiserver, pkg/server/config.go: Complete).
std::string shown_server_address(const Flags& flags);

// cpus: the CPU limit, if there is one.
net::ServerOptions server_options(const Flags& flags, const MemoryBounds& bounds = {},
                                  std::optional<double> cpus = {});

}  // namespace topd
