// SPDX-License-Identifier: Apache-2.0
// How a receiver over HTTP is met, as the options of a --sink say it.
#pragma once

#include "sink/address.hpp"
#include "sink/http/secret.hpp"

#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace sink {

// The options that all receivers over HTTP have: username with password_file or password_env, token_file or
// token_env, ca_file, cert_file with key_file, insecure, header=Name:value (as often as there are), timeout.
struct HttpOptions {
    std::string username;
    Secret password;
    Secret token;
    // What stands before the token in Authorization.
    std::string token_scheme = "Bearer";
    // Files of PEM; empty: the system's authorities, no certificate of ours.
    std::string ca_file, cert_file, key_file;
    bool insecure = false;
    std::vector<std::pair<std::string, std::string>> headers;
    // For a whole exchange.
    std::chrono::seconds timeout{30};

    // Throws AddressError.
    static HttpOptions take(Options& options);
};

}  // namespace sink
