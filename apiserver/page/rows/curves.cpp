// SPDX-License-Identifier: Apache-2.0
#include "apiserver/page/rows/curves.hpp"

#include "apiserver/page/snapshot/tiers.hpp"

#include <algorithm>
#include <cmath>

namespace apiserver {
namespace {

using storage::history::Seconds;
using storage::history::Steps;

constexpr std::string_view kLevels = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr double kGreatest = 63;

Seconds step_of(Seconds range) {
    if (range <= 900) return 15;
    if (range <= 3600) return 60;
    return range <= 21600 ? 300 : 900;
}

Steps steps_until(Seconds to, Seconds range, Seconds length) {
    Steps steps;
    steps.length = length;
    const Seconds end = (to + length - 1) / length * length;
    steps.count = static_cast<std::size_t>(range / length);
    steps.from = end - static_cast<Seconds>(steps.count) * length;
    return steps;
}

}  // namespace

Steps curve_steps(const storage::history::History& history, Seconds range) {
    const storage::history::Reach reach = history.reach();
    const Seconds resolution = history.options().resolution.count();
    Steps steps = steps_until(reach.to, range, std::max(step_of(range), resolution));
    const storage::history::Tier tier = tier_for(history, steps.from, steps.to());
    // In a shorter step there may be no bucket, which would look like a gap.
    if (tier == storage::history::Tier::longer && steps.length < kBucketLength)
        steps = steps_until(reach.to, range, kBucketLength);
    steps.tier = tier;
    return steps;
}

void CurveColumn::add(const std::vector<storage::history::Peak>& peaks, Figure figure) {
    for (std::size_t i = 0; i < steps_; ++i) {
        float level = -1;
        if (i < peaks.size() && peaks[i].any)
            level = static_cast<float>(figure == Figure::cpu ? peaks[i].cpu : peaks[i].memory);
        levels_.push_back(level);
        greatest_ = std::max(greatest_, level);
    }
}

std::uint64_t CurveColumn::scale(std::uint64_t unit) const {
    const double greatest = std::ceil(static_cast<double>(greatest_) / static_cast<double>(unit));
    if (greatest <= 10) return static_cast<std::uint64_t>(greatest);
    const double tens = std::pow(10, std::floor(std::log10(greatest)) - 1);
    return static_cast<std::uint64_t>(std::ceil(greatest / tens) * tens);
}

void CurveColumn::append(std::string& out, std::size_t row, double scale) const {
    const auto first = levels_.begin() + static_cast<std::ptrdiff_t>(row * steps_);
    const auto end = first + static_cast<std::ptrdiff_t>(steps_);
    if (std::all_of(first, end, [](float level) { return level < 0; })) {
        out.append("null");
        return;
    }
    out.push_back('"');
    const double factor = scale <= 0 ? 0 : kGreatest / scale;
    for (auto each = first; each != end; ++each) {
        if (*each < 0) {
            out.push_back('.');
            continue;
        }
        const double level = std::ceil(static_cast<double>(*each) * factor);
        out.push_back(kLevels[static_cast<std::size_t>(std::clamp(level, 0.0, kGreatest))]);
    }
    out.push_back('"');
}

}  // namespace apiserver
