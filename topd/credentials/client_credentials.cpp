// SPDX-License-Identifier: Apache-2.0
#include "topd/credentials/client_credentials.hpp"

#include "telemetry/log.hpp"

#include <optional>
#include <utility>

#include <fmt/format.h>

namespace topd {
namespace {

std::string held(const std::string& ca_pem, const std::optional<net::KeyPair>& certificate) {
    std::string all = ca_pem;
    if (certificate)
        all.append(1, '\0').append(certificate->certificate_pem).append(1, '\0').append(certificate->key_pem);
    return all;
}

}  // namespace

std::string held(const net::TlsClient::Options& tls) {
    return held(tls.ca_pem, tls.certificate);
}

ClientCredentials::ClientCredentials(std::string purpose, const kube::Config& config)
    : purpose_{std::move(purpose)}, server_{config.server}, held_{held(config.ca_pem, config.certificate)} {}

void ClientCredentials::take(const kube::Config& now) {
    std::string holds = held(now.ca_pem, now.certificate);
    if (holds != held_ && server_.tls && now.server.tls) {
        server_.tls->replace(*now.server.tls);
        telemetry::info(fmt::format("Reloaded authorities and client certificate for {}", purpose_));
    }
    held_ = std::move(holds);
}

}  // namespace topd
