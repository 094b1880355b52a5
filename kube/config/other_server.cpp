// SPDX-License-Identifier: Apache-2.0
#include "kube/config/config.hpp"
#include "kube/config/config_assembly.hpp"

#include <utility>

namespace kube {

Config other_server(const Config& from, const OtherServer& server) {
    ConfigParts parts;
    parts.source = "the command line";
    parts.server = server.url;
    parts.server_field = server.called;
    parts.insecure = server.insecure;
    if (!server.insecure) parts.ca_pem = server.ca_pem.empty() ? from.ca_pem : server.ca_pem;
    parts.certificate = from.certificate;
    if (!server.insecure) parts.token = from.token;
    Config config = assemble(std::move(parts));
    config.name_space = from.name_space;
    if (!config.server.tls) {
        config.token = {};
        config.certificate.reset();
    }
    return config;
}

}  // namespace kube
