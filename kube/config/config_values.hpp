// SPDX-License-Identifier: Apache-2.0
// The values that configuration is made of: base64, the server's URL, the environment's proxy.
#pragma once

#include "net/error.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kube {

// Standard base64 with padding; line breaks are skipped, as Go does. nullopt: it is not base64.
std::optional<std::string> decode_base64(std::string_view text);

// The token without space around it. nullopt: empty, or not allowed in an Authorization header.
std::optional<std::string> clean_token(std::string_view text);

struct ServerUrl {
    bool tls = true;
    // Without brackets.
    std::string host;
    std::uint16_t port = 443;
    // "" or "/prefix".
    std::string path_prefix;
};

// https://host[:port][/prefix], or http. nullopt: it is something else, or holds a user, a query or a
// fragment.
std::optional<ServerUrl> parse_server_url(std::string_view url);

// The value of HTTPS_PROXY (or https_proxy; HTTP_PROXY for a server without TLS) when Go's
// http.ProxyFromEnvironment would use it for this server: not for localhost and loopback addresses, nor for
// what NO_PROXY covers.
std::string proxy_of_environment(const ServerUrl& server);

// Whether a NO_PROXY list covers the host: "*", addresses, CIDR blocks, names with their subdomains, and
// names that begin with a dot for their subdomains only, each with or without a port
// (golang.org/x/net/http/httpproxy).
bool no_proxy_covers(std::string_view no_proxy, std::string_view host, std::uint16_t port);

}  // namespace kube
