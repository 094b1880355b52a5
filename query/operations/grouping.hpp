// SPDX-License-Identifier: Apache-2.0
// The labels that tell which series belong together.
#pragma once

#include "query/language/expression.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace query {

class GroupKey {
  public:
    explicit GroupKey(const Aggregation& aggregation) : GroupKey{aggregation.labels, !aggregation.without} {}
    explicit GroupKey(const Matching& matching) : GroupKey{matching.labels, matching.on} {}

    // Replaces `out`, which is another set.
    void of(const Labels& labels, Labels& out) const { labels.filter(names_, only_, out); }

  private:
    // REQUIRES: sorted. Where they are those that do not count, the metric's name does not, either.
    GroupKey(std::vector<std::string> names, bool only) : names_{std::move(names)}, only_{only} {
        if (only_ || std::binary_search(names_.begin(), names_.end(), kMetricName)) return;
        names_.insert(std::lower_bound(names_.begin(), names_.end(), kMetricName), std::string{kMetricName});
    }

    std::vector<std::string> names_;
    bool only_;
};

}  // namespace query
