// SPDX-License-Identifier: Apache-2.0
#include "kube/wire/quantity.hpp"

#include <charconv>
#include <cmath>
#include <limits>
#include <optional>

namespace kube {
namespace {

// The power of ten that a suffix stands for, or of two.
std::optional<double> factor_of(std::string_view suffix) {
    struct Suffix {
        std::string_view text;
        double factor;
    };
    static constexpr Suffix kSuffixes[] = {{"", 1},        {"n", 1e-9},    {"u", 1e-6},    {"m", 1e-3},
                                           {"k", 1e3},     {"M", 1e6},     {"G", 1e9},     {"T", 1e12},
                                           {"P", 1e15},    {"E", 1e18},    {"Ki", 0x1p10}, {"Mi", 0x1p20},
                                           {"Gi", 0x1p30}, {"Ti", 0x1p40}, {"Pi", 0x1p50}, {"Ei", 0x1p60}};
    for (const Suffix& suffix_of : kSuffixes)
        if (suffix_of.text == suffix) return suffix_of.factor;
    return std::nullopt;
}

}  // namespace

std::uint64_t nanocores_of(std::string_view quantity) {
    if (quantity.starts_with('+')) quantity.remove_prefix(1);
    double number = 0;
    const char* const end = quantity.data() + quantity.size();
    const auto [rest, error] = std::from_chars(quantity.data(), end, number);
    if (error != std::errc{}) return 0;
    const auto factor = factor_of({rest, static_cast<std::size_t>(end - rest)});
    const double nanocores = factor ? std::round(number * *factor * 1e9) : 0;
    const bool fits = nanocores > 0 && nanocores < 0x1p64;
    return fits ? static_cast<std::uint64_t>(nanocores) : 0;
}

}  // namespace kube
