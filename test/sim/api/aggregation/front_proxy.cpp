// SPDX-License-Identifier: Apache-2.0
#include "test/sim/api/aggregation/front_proxy.hpp"

#include <algorithm>
#include <array>

namespace sim {
namespace {

bool starts_ignoring_case(std::string_view text, std::string_view prefix) {
    return text.size() >= prefix.size() && net::equal_ignoring_case(text.substr(0, prefix.size()), prefix);
}

// RFC 9110, 7.6.1, and what names the message's length.
bool is_of_the_connection(std::string_view name) {
    static constexpr std::array<std::string_view, 9> kNames{"Connection",
                                                            "Keep-Alive",
                                                            "Proxy-Connection",
                                                            "Proxy-Authenticate",
                                                            "Proxy-Authorization",
                                                            "TE",
                                                            "Trailer",
                                                            "Transfer-Encoding",
                                                            "Upgrade"};
    return std::any_of(kNames.begin(), kNames.end(),
                       [&](std::string_view known) { return net::equal_ignoring_case(name, known); }) ||
           net::equal_ignoring_case(name, "Content-Length");
}

bool is_of_the_client(std::string_view name) {
    return net::equal_ignoring_case(name, "Host") || net::equal_ignoring_case(name, "Authorization") ||
           starts_ignoring_case(name, "Impersonate-") || starts_ignoring_case(name, "X-Remote-") ||
           starts_ignoring_case(name, "X-Forwarded-");
}

}  // namespace

net::Request proxied_request(const net::Request& from, const Url& url, const User& user,
                             const std::string& audit_id) {
    net::Request to;
    to.method = from.method;
    to.target = escape_path(url.path);
    if (!url.query.empty()) to.target += '?' + url.query.encode();
    for (const auto& [name, value] : from.headers)
        if (!is_of_the_connection(name) && !is_of_the_client(name)) to.headers.add(name, value);
    if (!to.headers.contains("Audit-Id")) to.headers.add("Audit-Id", audit_id);
    to.headers.add("X-Remote-User", user.name);
    if (!user.uid.empty()) to.headers.add("X-Remote-Uid", user.uid);
    for (const std::string& group : user.groups) to.headers.add("X-Remote-Group", group);
    const std::string client = from.remote.address().to_string();
    if (!from.remote.address().is_unspecified()) to.headers.add("X-Forwarded-For", client);
    to.headers.add("X-Forwarded-Uri", escape_path(url.path));
    if (const auto host = from.headers.find("Host")) to.headers.add("X-Forwarded-Host", *host);
    to.headers.add("X-Forwarded-Proto", "https");
    to.body = from.body;
    return to;
}

net::Headers proxied_answer(const net::Headers& from) {
    net::Headers to;
    for (const auto& [name, value] : from)
        if (!is_of_the_connection(name) && !starts_ignoring_case(name, "Access-Control-Allow-"))
            to.add(name, value);
    return to;
}

}  // namespace sim
