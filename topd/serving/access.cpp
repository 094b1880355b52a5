// SPDX-License-Identifier: Apache-2.0
#include "topd/serving/access.hpp"

#include "telemetry/log.hpp"
#include "topd/credentials/client_credentials.hpp"
#include "topd/settings.hpp"

#include <stdexcept>
#include <utility>

namespace topd {
namespace {

using LookUp = apiserver::TrustSource::LookUp;

kube::Config config_or(const std::string& kubeconfig, const kube::Config& cluster) {
    if (kubeconfig.empty()) return cluster;
    kube::Config own = kube::load_kubeconfig(kubeconfig);
    own.metrics = cluster.metrics;
    return own;
}

using telemetry::Family;
using telemetry::MetricType;

constexpr Family kTokenReviews{"apiserver_delegated_authn_request_total",
                               "[ALPHA] Number of HTTP requests partitioned by status code.",
                               MetricType::counter};
constexpr Family kTokenReviewTime{"apiserver_delegated_authn_request_duration_seconds",
                                  "[ALPHA] Request latency in seconds. Broken down by status code.",
                                  MetricType::histogram};
constexpr Family kAccessReviews{"apiserver_delegated_authz_request_total",
                                "[ALPHA] Number of HTTP requests partitioned by status code.",
                                MetricType::counter};
constexpr Family kAccessReviewTime{"apiserver_delegated_authz_request_duration_seconds",
                                   "[ALPHA] Request latency in seconds. Broken down by status code.",
                                   MetricType::histogram};
constexpr Family kCertificateLifetimes{
    "apiserver_client_certificate_expiration_seconds",
    "[ALPHA] Distribution of the remaining lifetime on the certificate used to authenticate a request.",
    MetricType::histogram};

LookUp look_up(const Flags& flags) {
    if (!needs_authentication_config(flags)) return LookUp::none;
    return flags.authentication_tolerate_lookup_failure ? LookUp::tolerated : LookUp::required;
}

apiserver::Trust trust_by_flags(const Flags& flags) {
    apiserver::Trust trust;
    trust.front_proxy = front_proxy(flags);
    trust.clients = client_authorities(flags);
    return trust;
}

}  // namespace

Access::Access(net::Executor executor, const Flags& flags, const kube::Config& cluster,
               const MemoryBounds& bounds)
    : flags_{flags},
      authorities_{{flags.client_ca_file, flags.requestheader_client_ca_file}},
      for_authentication_{config_or(flags.authentication_kubeconfig, cluster)},
      for_authorization_{config_or(flags.authorization_kubeconfig, cluster)},
      trust_{trust_by_flags(flags), look_up(flags)},
      tokens_{executor, for_authentication_, token_reviews(bounds)},
      permissions_{executor, for_authorization_, access_reviews(bounds)},
      authenticator_{trust_, &tokens_, authenticator_options(flags, bounds)},
      authorizer_{permissions_, authorizer_options(flags, bounds)} {
    follow_own(flags.authentication_kubeconfig, "authentication", for_authentication_);
    follow_own(flags.authorization_kubeconfig, "authorization", for_authorization_);
    if (look_up(flags) == LookUp::none) return;
    config_map_ =
        kube::watch_config_map(std::move(executor), for_authentication_, apiserver::TrustSource::kNamespace,
                               apiserver::TrustSource::kName, trust_);
}

net::Task<> Access::run() {
    if (config_map_) co_await config_map_->run();
}

void Access::follow_own(const std::string& kubeconfig, const char* purpose, const kube::Config& config) {
    if (kubeconfig.empty()) return;
    own_.emplace_back(
        purpose, config, std::vector<std::string>{},
        [kubeconfig] { return kube::load_kubeconfig(kubeconfig); },
        [server = ClientCredentials{purpose, config}](const kube::Config& now) mutable { server.take(now); });
}

void Access::read_kubeconfigs_again() {
    for (FollowedConfig& own : own_) own.read_again();
}

void Access::write_metrics(telemetry::MetricsText& text) const {
    tokens_.answers().write(text, kTokenReviews, kTokenReviewTime);
    permissions_.answers().write(text, kAccessReviews, kAccessReviewTime);
    const telemetry::Histogram& lifetimes = authenticator_.certificate_lifetimes();
    text.begin(kCertificateLifetimes);
    text.histogram({}, lifetimes.bounds(), lifetimes.counts(), lifetimes.sum());
}

void Access::read_authorities_again() {
    if (!authorities_.changed()) return;
    try {
        trust_.replace_flags(trust_by_flags(flags_));
        telemetry::info("Reloaded the authorities of clients");
    } catch (const std::runtime_error& error) {
        telemetry::error("Failed to reload the authorities of clients, keeping the last ones",
                         {{"err", error.what()}});
    }
}

}  // namespace topd
