// SPDX-License-Identifier: Apache-2.0
#include "sink/http/http_options.hpp"

#include "net/http/message.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace sink {
namespace {

// RFC 9110, 5.6.2.
bool is_header_name(std::string_view name) {
    constexpr std::string_view kOthers = "!#$%&'*+-.^_`|~";
    return !name.empty() && std::all_of(name.begin(), name.end(), [&](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               kOthers.find(c) != std::string_view::npos;
    });
}

std::pair<std::string, std::string> header_of(std::string_view text) {
    const auto colon = text.find(':');
    const std::string_view name = text.substr(0, colon);
    std::string_view value = colon == std::string_view::npos ? std::string_view{} : text.substr(colon + 1);
    while (value.starts_with(' ')) value.remove_prefix(1);
    const bool plain = std::none_of(value.begin(), value.end(), [](char c) {
        return static_cast<unsigned char>(c) < ' ' || c == '\x7f';
    });
    if (!is_header_name(name) || value.empty() || !plain)
        throw AddressError{"option header must be Name:value"};
    // Command lines are read by others.
    for (const std::string_view secret : {"Proxy-Authorization", "Cookie", "X-API-Key", "Api-Key"})
        if (net::equal_ignoring_case(name, secret))
            throw AddressError{fmt::format("option header cannot set {}: it would show a secret", secret)};
    for (const std::string_view ours : {"Authorization", "Host", "Content-Length", "Content-Encoding",
                                        "Content-Type", "Transfer-Encoding", "Connection"})
        if (net::equal_ignoring_case(name, ours))
            throw AddressError{fmt::format("option header cannot set {}", ours)};
    return {std::string{name}, std::string{value}};
}

}  // namespace

HttpOptions HttpOptions::take(Options& options) {
    HttpOptions taken;
    taken.username = options.take("username", options.take("user"));
    // Heapster's name.
    if (!options.take_all("pw").empty())
        throw AddressError{
            "option pw could be read in the list of processes: use password_file or "
            "password_env"};
    taken.password = Secret::take(options, "password");
    taken.token = Secret::take(options, "token");
    if (!taken.username.empty() && taken.password.empty())
        throw AddressError{"option username needs password_file or password_env"};
    if (taken.username.empty() && !taken.password.empty())
        throw AddressError{"option password_file or password_env needs username"};
    if (taken.username.find(':') != std::string::npos)
        throw AddressError{"option username cannot hold a colon"};
    if (!taken.username.empty() && !taken.token.empty())
        throw AddressError{"options username and token_file or token_env exclude each other"};
    taken.ca_file = options.take("ca_file");
    taken.cert_file = options.take("cert_file");
    taken.key_file = options.take("key_file");
    if (taken.cert_file.empty() != taken.key_file.empty())
        throw AddressError{"options cert_file and key_file go together"};
    taken.insecure = options.take_bool("insecure", false);
    if (taken.insecure && !taken.ca_file.empty())
        throw AddressError{"options insecure and ca_file exclude each other"};
    for (const std::string& each : options.take_all("header")) taken.headers.push_back(header_of(each));
    taken.timeout = options.take_seconds("timeout", taken.timeout);
    if (taken.timeout < std::chrono::seconds{1}) throw AddressError{"option timeout must be at least 1s"};
    return taken;
}

}  // namespace sink
