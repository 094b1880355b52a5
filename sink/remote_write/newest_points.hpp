// SPDX-License-Identifier: Apache-2.0
// The newest points that summaries told of one thing, read once each.
#pragma once

#include "series/expansion.hpp"
#include "series/stats_reading.hpp"
#include "storage/stats/stats_history.hpp"

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace sink::remote_write {

class NewestPoints {
  public:
    void begin(const storage::stats::StatsHistory* stats, storage::stats::TimeRange range) {
        stats_ = stats;
        range_ = range;
    }
    bool is_empty() const { return stats_ == nullptr || range_.from > range_.to; }
    void next_thing() { used_ = 0; }

    // Null: there is none. Valid until the next call. REQUIRES: !is_empty().
    const storage::stats::Point* of(const series::Family& family, const series::Thing& thing,
                                    const series::ItemView& item) {
        for (std::size_t i = 0; i < used_; ++i)
            if (read_[i].part == family.part && read_[i].volume == item.volume) return read_[i].shown();
        if (used_ == read_.size()) read_.emplace_back();
        Read& read = read_[used_++];
        read.part = family.part;
        read.volume = item.volume;
        stats_->read_recent(series::subject_of(family, thing, item.volume), family.part, range_, points_);
        read.point = points_.empty() ? std::nullopt : std::optional{points_.back()};
        return read.shown();
    }

  private:
    struct Read {
        storage::stats::Part part{};
        std::string_view volume;
        std::optional<storage::stats::Point> point;
        const storage::stats::Point* shown() const { return point ? &*point : nullptr; }
    };

    const storage::stats::StatsHistory* stats_ = nullptr;
    storage::stats::TimeRange range_;
    std::vector<Read> read_;
    std::size_t used_ = 0;
    std::vector<storage::stats::Point> points_;
};

}  // namespace sink::remote_write
