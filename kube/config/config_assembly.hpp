// SPDX-License-Identifier: Apache-2.0
// The form that every source of configuration is brought into, and the checks that all of them share.
#pragma once

#include "kube/config/config.hpp"

#include <optional>
#include <string>

namespace kube {

struct ConfigParts {
    // Begin of each error message: "kubeconfig /path".
    std::string source;
    // A URL, or host[:port] without a scheme.
    std::string server;
    // The name of the field that it came from.
    std::string server_field;
    std::string tls_server_name;
    bool insecure = false;
    std::string ca_pem;
    Token token;
    std::optional<net::KeyPair> certificate;
    // Where each of the three came from: a field, and the file that it names.
    std::string ca_name = "certificate-authority";
    std::string certificate_name = "client-certificate";
    std::string key_name = "client-key";
    // See Config::files.
    std::vector<std::string> files;
};

// Throws ConfigError for a server that is no URL or lies behind a proxy, and for unusable certificates.
Config assemble(ConfigParts parts);

}  // namespace kube
