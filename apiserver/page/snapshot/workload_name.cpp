// SPDX-License-Identifier: Apache-2.0
#include "apiserver/page/snapshot/workload_name.hpp"

#include <algorithm>

namespace apiserver {
namespace {

// k8s.io/apimachinery, pkg/util/rand: no vowels, and nothing that looks like another.
constexpr std::string_view kRandom = "bcdfghjklmnpqrstvwxz2456789";
constexpr std::size_t kSuffix = 5;
// A hash of 32 bits in decimal, its digits from that alphabet.
constexpr std::size_t kLongestHash = 10;
constexpr std::size_t kShortestHash = 6;
// Minutes since 1970.
constexpr std::size_t kCronDigits = 8;

bool is_random(std::string_view text) {
    return !text.empty() && text.find_first_not_of(kRandom) == std::string_view::npos;
}

bool is_number(std::string_view text) {
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// What is behind the last dash, and what before it. Empty: there is no such part.
struct Split {
    std::string_view before;
    std::string_view last;
};

Split split(std::string_view name) {
    const std::size_t dash = name.rfind('-');
    if (dash == std::string_view::npos || dash == 0) return {name, {}};
    return {name.substr(0, dash), name.substr(dash + 1)};
}

}  // namespace

std::string_view workload_name(std::string_view pod) {
    const Split end = split(pod);
    if (end.last.size() == kSuffix && is_random(end.last)) {
        const Split hash = split(end.before);
        const std::size_t length = hash.last.size();
        const bool is_hash = length >= kShortestHash && length <= kLongestHash && is_random(hash.last);
        const bool is_time = length >= kCronDigits && length <= kLongestHash && is_number(hash.last);
        return is_hash || is_time ? hash.before : end.before;
    }
    return is_number(end.last) ? end.before : pod;
}

}  // namespace apiserver
