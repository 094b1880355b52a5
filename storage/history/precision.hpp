// SPDX-License-Identifier: Apache-2.0
// How exact history is. CPU: to 0.1 % or 0.01 m, whichever is more. Memory: to the page of 4 KiB.
#pragma once

#include <bit>
#include <cstdint>

namespace storage::history {

// CPU is kept in units of 0.02 m, with ten significant bits.
inline constexpr std::uint64_t kUnitNanocores = 20'000;
inline constexpr std::uint64_t kPageBytes = 4096;

// A number for an amount of CPU: greater for more, neighbours for neighbours.
constexpr std::uint64_t cpu_code(std::uint64_t nanocores) {
    const auto width = static_cast<unsigned>(std::bit_width(nanocores / kUnitNanocores));
    const unsigned shift = width > 10 ? width - 10 : 0;
    const std::uint64_t step = kUnitNanocores << shift;
    // By a constant: what is shifted out changes no quotient.
    const std::uint64_t whole = (nanocores >> shift) / kUnitNanocores;
    const std::uint64_t rest = nanocores - whole * step;
    return 512 * shift + whole + (rest >= step / 2 ? 1 : 0);
}

constexpr std::uint64_t cpu_units(std::uint64_t code) {
    if (code < 1024) return code;
    const std::uint64_t shift = code / 512 - 1;
    return (code - 512 * shift) << shift;
}

constexpr std::uint64_t nanocores(std::uint64_t code) {
    return cpu_units(code) * kUnitNanocores;
}

constexpr std::uint64_t pages(std::uint64_t bytes) {
    return bytes / kPageBytes + (bytes % kPageBytes >= kPageBytes / 2 ? 1 : 0);
}

}  // namespace storage::history
