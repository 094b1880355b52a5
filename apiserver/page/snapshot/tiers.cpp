// SPDX-License-Identifier: Apache-2.0
#include "apiserver/page/snapshot/tiers.hpp"

#include <algorithm>

namespace apiserver {
namespace {

using storage::history::Seconds;
using storage::history::Tier;

// An eighth of the time, and ten minutes at most, may be without ticks: a window that is a little shorter
// than what is asked for, as where memory is short, costs the oldest end and not the ticks of all the rest.
Seconds may_miss(Seconds time, Seconds resolution) {
    return std::max(resolution, std::min<Seconds>(time / 8, 600));
}

}  // namespace

Tier tier_for(const storage::history::History& history, Seconds from, Seconds to) {
    const storage::history::Reach reach = history.reach();
    const Seconds missing = may_miss(to - from, history.options().resolution.count());
    // With what the ends are rounded to.
    if (to - from > history.options().recent_window.count() + std::max(kBucketLength, missing))
        return Tier::longer;
    if (reach.recent_from <= from + missing || reach.long_from == 0) return Tier::recent;
    return reach.long_from < reach.recent_from - kBucketLength ? Tier::longer : Tier::recent;
}

}  // namespace apiserver
