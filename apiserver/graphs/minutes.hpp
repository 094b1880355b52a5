// SPDX-License-Identifier: Apache-2.0
// History as the two old APIs draw it: one point a minute, in whole numbers.
#pragma once

#include "storage/history/history.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace apiserver {

// CPU in millicores, memory in bytes.
enum class Figure { cpu, memory };

struct MinutePoint {
    // A whole minute, Unix time.
    storage::history::Seconds at = 0;
    std::uint64_t value = 0;
};

// [{"timestamp":"2026-01-05T10:01:00Z","value":12}]
void append_points(std::string& out, const std::vector<MinutePoint>& points);

// Whole minutes; both ends count. Empty where last is before first.
struct MinuteRange {
    storage::history::Seconds first = 0;
    storage::history::Seconds last = -1;
};

// What Heapster and the scraper keep.
inline constexpr storage::history::Seconds kShownMinutes = 15;

// The last minutes that are over, as many as are shown; with `start` as far back as history goes at every
// tick. Never past `end`.
MinuteRange shown_minutes(const storage::history::History& history, storage::history::Seconds now,
                          std::optional<storage::history::Seconds> start,
                          storage::history::Seconds end = INT64_MAX);

// Reads series after series. What a minute shows is the newest tick in it, and the minute's end is its time,
// so that sums by time are sums over the same ticks. Each container's CPU is rounded up to the millicore and
// then added to its pod's, as kubectl top and the scraper do it; of a namespace or the cluster the sum is.
class MinuteReader {
  public:
    // history must outlive it.
    MinuteReader(const storage::history::History& history, Figure figure, MinuteRange range);

    // Oldest first. Valid until the next call.
    const std::vector<MinutePoint>& read(const storage::history::Subject& subject);

  private:
    void add(const storage::history::Subject& subject);
    void add_containers(const storage::history::OfPod& pod);

    struct Slot {
        // Of the newest tick so far; 0: none.
        storage::history::Seconds tick = 0;
        std::uint64_t value = 0;
    };

    const storage::history::History& history_;
    Figure figure_;
    MinuteRange range_;
    std::vector<Slot> slots_;
    storage::history::KnownPod pod_;
    std::vector<storage::history::RecentPoint> ticks_;
    std::vector<MinutePoint> points_;
};

}  // namespace apiserver
