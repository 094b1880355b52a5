// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/history/history.hpp"
#include "storage/history/peak_reader.hpp"

namespace apiserver {

// Of the long tier, seconds.
inline constexpr storage::history::Seconds kBucketLength = 300;

// Which tier says more about the time from `from` to `to`: every tick where these reach back to most of it,
// else each five minutes. A history that has just begun has no more in the long one.
storage::history::Tier tier_for(const storage::history::History& history, storage::history::Seconds from,
                                storage::history::Seconds to);

}  // namespace apiserver
