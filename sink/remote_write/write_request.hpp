// SPDX-License-Identifier: Apache-2.0
// Prometheus' WriteRequest (prompb/remote.proto, types.proto, version 1.0): series of one sample each, as
// bytes.
//
//   WriteRequest { repeated TimeSeries timeseries = 1; }
//   TimeSeries { repeated Label labels = 1; repeated Sample samples = 2; }
//   Label { string name = 1; string value = 2; }
//   Sample { double value = 1; int64 timestamp = 2; }
#pragma once

#include "query/source/labels.hpp"
#include "query/source/series.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sink::remote_write {

using LabelPairs = std::vector<std::pair<std::string, std::string>>;

// Labels are sorted by name and unique, as receivers require without saying so when they are not.
class WriteRequest {
  public:
    // Labels that each series gets that has none of that name. In any order; those without name or value, and
    // of a name that came before, are left out.
    explicit WriteRequest(LabelPairs external);

    // A metric's name as its label, for add().
    static std::string name_label(std::string_view metric);
    // The labels of the series that follow, but for the metric's name.
    void use(const query::Labels& labels);
    // REQUIRES: use() was called.
    void add(std::string_view name_label, const query::Sample& sample);

    std::size_t series() const { return series_; }
    // Valid until the next add() or clear(), which keeps the room.
    std::string_view bytes() const { return bytes_; }
    void clear();

  private:
    LabelPairs external_;
    // Labels in front of the metric's name, and behind it.
    std::string head_;
    std::string tail_;
    std::string bytes_;
    std::size_t series_ = 0;
};

// Where the second half of a request's series begins, and how many are in front of it and behind it. nullopt:
// there are not two, or that is no such request.
struct Middle {
    std::size_t at = 0;
    std::uint32_t before = 0;
    std::uint32_t behind = 0;
};
std::optional<Middle> middle_of(std::string_view request);

}  // namespace sink::remote_write
