// SPDX-License-Identifier: Apache-2.0
#include "kube/config/config_values.hpp"

#include "text/split.hpp"

#include <algorithm>
#include <charconv>

namespace kube {
namespace {

constexpr std::string_view kSpace = " \t\r\n";

int base64_digit(char c) {
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a' + 26;
    if (c >= '0' && c <= '9') return c - '0' + 52;
    if (c == '+') return 62;
    if (c == '/') return 63;
    return -1;
}

// Takes "host", "host:port", "[v6]" or "[v6]:port" apart.
bool split_authority(std::string_view authority, ServerUrl& url) {
    std::string_view port;
    if (authority.starts_with('[')) {
        const auto close = authority.find(']');
        if (close == std::string_view::npos) return false;
        url.host = authority.substr(1, close - 1);
        port = authority.substr(close + 1);
    } else {
        const auto colon = authority.find(':');
        url.host = authority.substr(0, colon);
        if (colon != std::string_view::npos) port = authority.substr(colon);
    }
    if (url.host.empty()) return false;
    if (port.empty()) return true;
    const auto [end, error] = std::from_chars(port.data() + 1, port.data() + port.size(), url.port);
    return port.front() == ':' && error == std::errc{} && end == port.data() + port.size() && url.port != 0;
}

}  // namespace

std::optional<std::string> decode_base64(std::string_view text) {
    std::string bytes;
    std::uint32_t bits = 0;
    unsigned digits = 0;
    unsigned padding = 0;
    for (const char c : text) {
        if (c == '\r' || c == '\n') continue;
        if (c == '=') {
            ++padding;
            continue;
        }
        const int digit = base64_digit(c);
        if (digit < 0 || padding != 0) return std::nullopt;
        bits = (bits << 6) | static_cast<std::uint32_t>(digit);
        ++digits;
        if (digits % 4 == 1) continue;
        // Every digit but the first of four completes a byte.
        bytes += static_cast<char>(bits >> (2 * (3 - (digits - 1) % 4)));
    }
    if (digits % 4 == 1 || padding != (4 - digits % 4) % 4) return std::nullopt;
    return bytes;
}

std::optional<std::string> clean_token(std::string_view text) {
    text = text::trimmed(text, kSpace);
    const bool plain = std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
    if (text.empty() || !plain) return std::nullopt;
    return std::string{text};
}

std::optional<ServerUrl> parse_server_url(std::string_view url) {
    ServerUrl parsed;
    if (url.starts_with("http://")) {
        parsed.tls = false;
        parsed.port = 80;
    } else if (!url.starts_with("https://")) {
        return std::nullopt;
    }
    url.remove_prefix(url.find("://") + 3);
    if (url.find_first_of("?#@ \t\r\n") != std::string_view::npos) return std::nullopt;
    const auto slash = std::min(url.find('/'), url.size());
    parsed.path_prefix = url.substr(slash);
    while (parsed.path_prefix.ends_with('/')) parsed.path_prefix.pop_back();
    if (!split_authority(url.substr(0, slash), parsed)) return std::nullopt;
    return parsed;
}

}  // namespace kube
