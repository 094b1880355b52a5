// SPDX-License-Identifier: Apache-2.0
// Label selectors: the grammar, the meaning and the error texts of k8s.io/apimachinery, pkg/labels.
#pragma once

#include "storage/names/labels.hpp"
#include "text/parsed.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace apiserver {

struct LabelRequirement {
    enum class Operator { exists, does_not_exist, in, not_in, greater_than, less_than };

    std::string key;
    Operator op = Operator::exists;
    // Sorted and unique. One for the comparisons; `=` is in, `!=` is not_in.
    std::vector<std::string> values;

    bool matches(const storage::Labels& labels) const;
};

// As metav1.LabelSelectorOperator has it; nullopt: it has none for comparisons.
std::optional<std::string_view> word_of(LabelRequirement::Operator op);

class LabelSelector {
  public:
    // Longer ones are refused.
    static constexpr std::size_t kMaxBytes = 64 * 1024;
    static constexpr std::size_t kMaxRequirements = 1000;

    // The default selects everything.
    LabelSelector() = default;
    static text::Parsed<LabelSelector> parse(std::string_view text);

    bool empty() const { return requirements_.empty(); }
    bool matches(const storage::Labels& labels) const;
    const std::vector<LabelRequirement>& requirements() const { return requirements_; }

  private:
    std::vector<LabelRequirement> requirements_;
};

}  // namespace apiserver
