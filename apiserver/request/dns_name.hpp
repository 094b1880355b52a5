// SPDX-License-Identifier: Apache-2.0
// Names as RFC 1123 writes them in lower case (k8s.io/apimachinery, pkg/util/validation).
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace apiserver {

inline constexpr std::size_t kMaxDnsLabel = 63;
inline constexpr std::size_t kMaxDnsSubdomain = 253;

// Letters and digits, with - inside; of any length.
inline bool is_dns_label(std::string_view text) {
    if (text.empty() || text.front() == '-' || text.back() == '-') return false;
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
}

// Labels with dots between them; of any length.
inline bool is_dns_subdomain(std::string_view text) {
    for (;;) {
        const std::size_t dot = text.find('.');
        if (!is_dns_label(text.substr(0, dot))) return false;
        if (dot == std::string_view::npos) return true;
        text.remove_prefix(dot + 1);
    }
}

}  // namespace apiserver
