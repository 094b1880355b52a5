// SPDX-License-Identifier: Apache-2.0
#include "apiserver/page/tiers.hpp"

namespace apiserver {
namespace {

using storage::history::Seconds;
using storage::history::Tier;

// Of the long tier.
constexpr Seconds kBucket = 300;

}  // namespace

Tier tier_for(const storage::history::History& history, Seconds from, Seconds to) {
    const storage::history::Reach reach = history.reach();
    const Seconds resolution = history.options().resolution.count();
    // With what the ends are rounded to.
    if (to - from > history.options().recent_window.count() + kBucket) return Tier::longer;
    if (reach.recent_from <= from + resolution || reach.long_from == 0) return Tier::recent;
    return reach.long_from < reach.recent_from - kBucket ? Tier::longer : Tier::recent;
}

}  // namespace apiserver
