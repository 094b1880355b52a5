// SPDX-License-Identifier: Apache-2.0
#include "test/sim/cluster/names.hpp"

#include "test/sim/cluster/seed.hpp"

#include <array>
#include <cstdio>
#include <ctime>
#include <string_view>

namespace sim {
namespace {

constexpr std::uint32_t kFirstNode = (127U << 24) | (16U << 16) | 1U;
// 127.16.0.1 to 127.127.255.255.
constexpr std::uint32_t kMostNodes = (112U << 16) - 1;
constexpr std::uint32_t kFirstApplication = (127U << 24) | (128U << 16) | 1U;

std::string dotted(std::uint32_t address) {
    std::string text;
    for (int shift = 24; shift >= 0; shift -= 8) {
        if (!text.empty()) text += '.';
        text += std::to_string((address >> shift) & 0xff);
    }
    return text;
}

}  // namespace

std::string name_suffix(std::uint64_t mixed, int length) {
    static constexpr std::string_view kAlphabet = "bcdfghjklmnpqrstvwxz2456789";
    std::string text;
    for (int i = 0; i < length; ++i) {
        text += kAlphabet[mixed % kAlphabet.size()];
        mixed = mix(mixed);
    }
    return text;
}

std::string make_uid(std::uint64_t mixed) {
    const std::uint64_t high = (mix(mixed, 1) & ~0xf000ULL) | 0x4000ULL;
    const std::uint64_t low = (mix(mixed, 2) & 0x3fffffffffffffffULL) | 0x8000000000000000ULL;
    std::array<char, 37> text{};
    std::snprintf(text.data(), text.size(), "%08x-%04x-%04x-%04x-%012llx", static_cast<unsigned>(high >> 32),
                  static_cast<unsigned>((high >> 16) & 0xffff), static_cast<unsigned>(high & 0xffff),
                  static_cast<unsigned>(low >> 48), static_cast<unsigned long long>(low & 0xffffffffffffULL));
    return text.data();
}

std::string node_ip(std::uint32_t index) {
    return dotted(kFirstNode + index);
}

std::int64_t node_index(std::uint32_t address) {
    const std::uint32_t index = address - kFirstNode;
    return index < kMostNodes ? static_cast<std::int64_t>(index) : -1;
}

std::string pod_ip(std::uint32_t node, std::uint64_t serial) {
    const auto host = static_cast<std::uint32_t>(serial % 250) + 2;
    return dotted((10U << 24) | ((node & 0xffff) << 8) | host);
}

std::string application_ip(std::uint32_t index) {
    return dotted(kFirstApplication + index);
}

std::string rfc3339(std::int64_t nanos) {
    const std::time_t seconds = nanos / 1'000'000'000;
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    std::array<char, 32> text{};
    const std::size_t size = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
    return {text.data(), size};
}

}  // namespace sim
