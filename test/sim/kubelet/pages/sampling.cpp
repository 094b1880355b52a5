// SPDX-License-Identifier: Apache-2.0
#include "test/sim/kubelet/pages/sampling.hpp"

#include "test/sim/cluster/seed.hpp"

#include <algorithm>
#include <charconv>

namespace sim {
namespace {

constexpr Millis kLongestGap = 29'500;

Millis between_ms(double low, double high, std::uint64_t mixed) {
    return static_cast<Millis>(between(low, high, mixed));
}

// cAdvisor's housekeeping waits 10 to 20 s (its interval with a jitter of 1.0), longer when a container is
// quiet, and looks again early when the kubelet asks for fresh figures. The shares are fitted to the
// sequences of real pages: 63 % of the lines unchanged after 5 s, a third after 10 s, 13 % after 15 s.
Millis housekeeping_gap(std::uint64_t mixed) {
    const double kind = unit(mix(mixed, 1));
    if (kind < 0.28) return between_ms(1'500, 8'000, mix(mixed, 2));
    if (kind < 0.87) return between_ms(10'000, 20'000, mix(mixed, 2));
    return between_ms(15'000, static_cast<double>(kLongestGap), mix(mixed, 2));
}

}  // namespace

std::optional<Sampling> Sampling::parse(std::string_view text) {
    if (text == "cadvisor") return Sampling{Mode::cadvisor, 0};
    if (text == "cri") return Sampling{Mode::cri, 0};
    constexpr std::string_view kFixed = "fixed:";
    if (!text.starts_with(kFixed)) return std::nullopt;
    text.remove_prefix(kFixed.size());
    Millis value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const std::string_view unit_name{end, static_cast<std::size_t>(text.data() + text.size() - end)};
    if (unit_name == "s") value *= 1000;
    if (error != std::errc{} || value < 100 || value > 3'600'000 || (unit_name != "s" && unit_name != "ms"))
        return std::nullopt;
    return Sampling{Mode::fixed, value};
}

SampleClock::SampleClock(Sampling sampling, Sampled what, std::uint64_t key, Millis born,
                         Millis running_since)
    : sampling_{sampling}, what_{what}, key_{key} {
    if (sampling_.mode == Sampling::Mode::fixed) {
        // The last moment of the node's grid before there was anything to see.
        const Millis phase = static_cast<Millis>(key_ % static_cast<std::uint64_t>(sampling_.interval));
        const Millis from = std::max(born, running_since - 2 * sampling_.interval);
        next_ = from - (from - phase) % sampling_.interval + sampling_.interval;
        return;
    }
    // cAdvisor hears of a new container at once; its first look comes within a second.
    next_ = born + between_ms(50, 1'000, mix(key_, 23));
    if (next_ < running_since - 2 * kLongestGap)
        next_ = running_since - 2 * kLongestGap + between_ms(0, 10'000, mix(key_, 29));
}

Millis SampleClock::gap() {
    const std::uint64_t mixed = mix(key_, ++taken_);
    if (sampling_.mode == Sampling::Mode::fixed) return sampling_.interval;
    if (what_ == Sampled::node) return between_ms(10'024, 10'050, mixed);
    return housekeeping_gap(mixed);
}

void SampleClock::take(Millis at) {
    std::copy_backward(recent_.begin(), recent_.end() - 1, recent_.end());
    recent_[0] = at;
}

bool SampleClock::advance(Millis now) {
    if (sampling_.mode == Sampling::Mode::cri && what_ == Sampled::container) {
        // Each container is asked in turn, some milliseconds before the page is done.
        const Millis at = now - between_ms(0, 8, mix(key_, static_cast<std::uint64_t>(now)));
        if (at <= last()) return false;
        take(at);
        return true;
    }
    bool fresh = false;
    for (; next_ <= now; next_ += gap()) {
        take(next_);
        fresh = true;
    }
    return fresh;
}

}  // namespace sim
