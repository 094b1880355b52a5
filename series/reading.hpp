// SPDX-License-Identifier: Apache-2.0
// The points of a thing over both tiers of history, as the samples of a series need them.
#pragma once

#include "query/source/series.hpp"
#include "series/subjects.hpp"
#include "storage/history/history.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace series {

struct Point {
    query::Millis at = 0;
    // CPU seconds used: a counter that falls only where a container's or node's life begins, a pod's never
    // within one reading.
    double cpu_seconds = 0;
    // Bytes. Of the long tier the means over five minutes.
    double memory = 0;
    std::optional<double> swap;
    // Unix time in seconds; 0: unknown.
    double started = 0;
};

Point point_of(const storage::history::RecentPoint& told);

// Reads as far back as the tier of ticks goes from it, and what is older from that of five minutes.
class Reading {
  public:
    explicit Reading(const storage::history::History& history) : history_{history} {}

    // Oldest first. Valid until the next call.
    const std::vector<Point>& read(const Thing& thing, Kind kind, query::MillisRange range);
    // The samples of one figure, ends included. Not of pods.
    void read(const Thing& thing, Kind kind, query::MillisRange range, storage::history::Figure figure,
              std::vector<query::Sample>& out);
    // When it last had figures before `time`; nullopt: it had none. Not of pods.
    std::optional<query::Millis> last_before(const Thing& thing, Kind kind, query::Millis time);
    // When there was nothing to serve any more behind the point of that number: at the first tick without
    // one. nullopt: it goes on, or that is not in the range, or of the long tier, where a gap says so.
    std::optional<query::Millis> end_behind(std::size_t point) const;

  private:
    void begin(query::MillisRange range);
    void read_subject(const storage::history::Subject& subject, query::MillisRange range,
                      std::vector<Point>& out);
    void read_pod(const Thing& thing, query::MillisRange range);

    const storage::history::History& history_;
    std::vector<storage::history::RecentPoint> recent_;
    std::vector<storage::history::LongPoint> longer_;
    std::vector<storage::history::FigurePoint> figures_;
    std::vector<Point> points_;
    std::vector<Point> part_;
    std::vector<Point> sum_;
    // Of the last call.
    storage::history::Reach reach_;
    query::Millis last_ = 0;
};

}  // namespace series
