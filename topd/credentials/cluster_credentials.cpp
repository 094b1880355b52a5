// SPDX-License-Identifier: Apache-2.0
#include "topd/credentials/cluster_credentials.hpp"

#include "telemetry/log.hpp"
#include "topd/settings.hpp"

#include <stdexcept>
#include <utility>

namespace topd {

ClusterCredentials::ClusterCredentials(const Flags& flags, const kube::Config& cluster,
                                       scraper::Scraper& scraper)
    : flags_{flags},
      server_{"the API server", cluster},
      scraper_{scraper},
      kubelets_held_{held(kubelet_tls(flags, cluster))},
      config_{
          "the API server and kubelets",
          cluster,
          {flags.kubelet_certificate_authority, flags.kubelet_client_certificate, flags.kubelet_client_key},
          [this] { return kube_config(flags_); },
          [this](const kube::Config& now) { apply(now); }} {}

void ClusterCredentials::read_again() {
    config_.read_again();
}

void ClusterCredentials::apply(const kube::Config& now) {
    const net::TlsClient::Options kubelets = kubelet_tls(flags_, now);
    server_.take(now);
    std::string kubelets_hold = held(kubelets);
    if (kubelets_hold == kubelets_held_) return;
    if (const auto replaced = scraper_.replace_tls(kubelets); !replaced)
        throw std::runtime_error{"authorities, client certificate and key for kubelets: " +
                                 replaced.error().message()};
    kubelets_held_ = std::move(kubelets_hold);
    telemetry::info("Reloaded authorities and client certificate for kubelets");
}

}  // namespace topd
