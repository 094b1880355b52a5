// SPDX-License-Identifier: Apache-2.0
#include "topd/client_credentials.hpp"

#include "net/task_group.hpp"
#include "telemetry/log.hpp"
#include "topd/settings.hpp"

#include <stdexcept>
#include <utility>

namespace topd {
namespace {

// What is in it, to see whether it has changed.
std::string held(const std::string& ca_pem, const std::optional<net::KeyPair>& certificate) {
    std::string all = ca_pem;
    if (certificate)
        all.append(1, '\0').append(certificate->certificate_pem).append(1, '\0').append(certificate->key_pem);
    return all;
}

std::string held(const net::TlsClient::Options& tls) {
    return held(tls.ca_pem, tls.certificate);
}

}  // namespace

ClientCredentials::ClientCredentials(const Flags& flags, const kube::Config& cluster,
                                     scraper::Scraper& scraper)
    : flags_{flags},
      server_{cluster.server},
      scraper_{scraper},
      server_held_{held(cluster.ca_pem, cluster.certificate)},
      kubelets_held_{held(kubelet_tls(flags, cluster))} {}

net::Task<> ClientCredentials::follow() {
    for (;;) {
        co_await net::sleep_until(net::Clock::now() + kLookAgain);
        read_again();
    }
}

void ClientCredentials::read_again() {
    std::string failure;
    try {
        // Some tens of microseconds, and a millisecond where the kubeconfig holds certificates.
        apply(kube_config(flags_));
    } catch (const std::runtime_error& error) {
        failure = error.what();
        if (failure != failure_)
            telemetry::error("Failed to reload authorities and client certificates, keeping the last ones",
                             {{"err", failure}});
    }
    failure_ = std::move(failure);
}

void ClientCredentials::apply(const kube::Config& now) {
    const net::TlsClient::Options kubelets = kubelet_tls(flags_, now);
    std::string server_holds = held(now.ca_pem, now.certificate);
    std::string kubelets_hold = held(kubelets);
    if (server_holds != server_held_ && server_.tls && now.server.tls) {
        server_.tls->replace(*now.server.tls);
        telemetry::info("Reloaded authorities and client certificate for the API server");
    }
    server_held_ = std::move(server_holds);
    if (kubelets_hold == kubelets_held_) return;
    if (const auto replaced = scraper_.replace_tls(kubelets); !replaced)
        throw std::runtime_error{"authorities, client certificate and key for kubelets: " +
                                 replaced.error().message()};
    kubelets_held_ = std::move(kubelets_hold);
    telemetry::info("Reloaded authorities and client certificate for kubelets");
}

}  // namespace topd
