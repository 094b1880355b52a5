// SPDX-License-Identifier: Apache-2.0
// Authentication by a front proxy: kube-apiserver's aggregator shows a client certificate and says in headers
// for whom it asks (k8s.io/apiserver, pkg/authentication/request/headerrequest).
#pragma once

#include "apiserver/access.hpp"
#include "net/tls/certificate.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace apiserver {

// The --requestheader-* settings, with their defaults.
struct FrontProxyConfig {
    net::TrustPool authorities;
    // Common names of certificates that may speak for others; empty: any.
    std::vector<std::string> allowed_names;
    std::vector<std::string> username_headers{"x-remote-user"};
    std::vector<std::string> group_headers{"x-remote-group"};
    std::vector<std::string> extra_prefixes{"x-remote-extra-"};
    std::vector<std::string> uid_headers;
};

// Adds what headers that begin so say: the rest of the name, lower-cased and then unescaped, is the key.
void read_extra(User& user, const net::Headers& headers, std::string_view prefix);

// The user that the headers name, with the group system:authenticated; nullopt: they name none. Trust the
// headers only after the certificate was accepted.
std::optional<User> user_from_headers(const net::Headers& headers, const FrontProxyConfig& config);

}  // namespace apiserver
