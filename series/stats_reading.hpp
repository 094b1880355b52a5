// SPDX-License-Identifier: Apache-2.0
// The samples of what kubelets' summaries told.
#pragma once

#include "query/source/series.hpp"
#include "series/expansion.hpp"

#include <string_view>
#include <vector>

namespace series {

// Whose points they are; `volume` is the item's.
storage::stats::Subject subject_of(const Family& family, const Thing& thing, std::string_view volume);

class StatsReading {
  public:
    // Replaces `out`. REQUIRES: the family is one of summaries. `volume` is the item's.
    void read(const storage::stats::StatsHistory& stats, const Family& family, const Thing& thing,
              std::string_view volume, query::MillisRange range, std::vector<query::Sample>& out);

  private:
    std::vector<storage::stats::Point> recent_;
    std::vector<storage::stats::Point> longer_;
};

}  // namespace series
