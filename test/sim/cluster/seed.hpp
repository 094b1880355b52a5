// SPDX-License-Identifier: Apache-2.0
// Numbers that look random and follow from the seed alone: the same seed gives the same cluster on every
// machine.
#pragma once

#include <cstdint>
#include <string_view>

namespace sim {

// A well mixed 64-bit number (splitmix64's finisher).
constexpr std::uint64_t mix(std::uint64_t x) {
    x += 0x9e3779b97f4a7c15ULL;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
    return x ^ (x >> 31);
}

constexpr std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
    return mix(mix(a) ^ b);
}

constexpr std::uint64_t mix(std::uint64_t a, std::string_view text) {
    for (const char c : text) a = mix(a, static_cast<unsigned char>(c));
    return mix(a);
}

// In [0, 1).
constexpr double unit(std::uint64_t mixed) {
    return static_cast<double>(mixed >> 11) * 0x1p-53;
}

constexpr double between(double low, double high, std::uint64_t mixed) {
    return low + (high - low) * unit(mixed);
}

}  // namespace sim
