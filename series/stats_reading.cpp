// SPDX-License-Identifier: Apache-2.0
#include "series/stats_reading.hpp"

namespace series {
namespace {

using storage::stats::OfContainer;
using storage::stats::OfNode;
using storage::stats::OfPod;
using storage::stats::OfVolume;
using Told = storage::stats::Point;

}  // namespace

storage::stats::Subject subject_of(const Family& family, const Thing& thing, std::string_view volume) {
    if (family.shape == Shape::volumes) return OfVolume{thing.name_space, thing.pod, volume};
    if (family.kind == Kind::container) return OfContainer{thing.name_space, thing.pod, thing.container};
    if (family.kind == Kind::node) return OfNode{thing.node};
    return OfPod{thing.name_space, thing.pod};
}

void StatsReading::read(const storage::stats::StatsHistory& stats, const Family& family, const Thing& thing,
                        std::string_view volume, query::MillisRange range, std::vector<query::Sample>& out) {
    out.clear();
    const storage::stats::Subject subject = subject_of(family, thing, volume);
    // Whole seconds within the range.
    storage::history::TimeRange wanted{(range.from + 999) / 1000, range.to / 1000};
    stats.read_recent(subject, family.part, wanted, recent_);
    if (!recent_.empty()) wanted.to = recent_.front().at - 1;
    stats.read_long(subject, family.part, wanted, longer_);
    for (const auto* points : {&longer_, &recent_})
        for (const Told& point : *points)
            if (const auto value = family.told(point)) out.push_back({point.at * 1000, *value});
}

}  // namespace series
