// SPDX-License-Identifier: Apache-2.0
// metricLabelSelector: which series of a metric count.
#pragma once

#include "apiserver/request/label_selector.hpp"
#include "storage/applications/demand.hpp"
#include "text/parsed.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace apiserver {

class SeriesSelector {
  public:
    // It is kept for as long as the metric is in demand: a longer one is refused, and one with more values.
    static constexpr std::size_t kMaxBytes = 2 * 1024;
    static constexpr std::size_t kMaxValues = 100;

    // The default selects everything.
    SeriesSelector() = default;
    static text::Parsed<SeriesSelector> parse(std::string_view text);

    bool empty() const { return labels_.empty(); }
    // The same for the store, in the order of labels.
    std::vector<storage::applications::Requirement> requirements() const;

    // What answers repeat: a LabelSelector of meta/v1, whose matchLabels are the requirements of one value.
    // null: empty. Neither = and in (of one value), nor != and notin, are told apart.
    std::string json() const;
    // Its fields, without tag and length.
    std::string protobuf() const;

  private:
    struct Written;
    Written written() const;

    std::vector<LabelRequirement> labels_;
};

}  // namespace apiserver
