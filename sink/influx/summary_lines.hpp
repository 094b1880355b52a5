// SPDX-License-Identifier: Apache-2.0
// The lines of what kubelets' summaries told of a row: each part of it has a time of its own.
#pragma once

#include "heapster/summary_metrics.hpp"
#include "sink/influx/line.hpp"
#include "sink/row.hpp"
#include "storage/stats/stats_history.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace sink::influx {

class SummaryLines {
  public:
    // Writes what was added to the lines.
    using Write = std::function<void(const Tags& tags, Seconds at)>;
    // disable_counter_metrics: as in FormatOptions. Stats and lines must outlive it.
    SummaryLines(const storage::stats::StatsHistory& stats, bool disable_counter_metrics, Lines& lines,
                 Write write);

    // The newest points of the range. `tags`: those of the row.
    void tell(const Row& row, const Tags& tags, storage::stats::TimeRange range);

  private:
    // The newest point of the part, the last of read_; before it stands the one in front. Null: there is
    // none.
    const storage::stats::Point* newest(const storage::stats::Subject& of, storage::stats::Part part);
    void tell_part(const storage::stats::Subject& of, storage::stats::Part part, const Tags& tags);
    void tell_filesystem(const storage::stats::Subject& of, std::string_view resource, Tags tags);
    void tell_disk(const storage::stats::Subject& of, Tags tags);
    void tell_system_containers(std::string_view node, std::string_view cluster);

    const storage::stats::StatsHistory& stats_;
    Lines& lines_;
    Write write_;
    std::vector<heapster::SummaryMetric> metrics_;
    storage::stats::TimeRange range_;
    std::vector<storage::stats::Point> read_;
    storage::stats::KnownPod known_;
    std::string resource_;
};

}  // namespace sink::influx
