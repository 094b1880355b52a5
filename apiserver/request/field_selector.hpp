// SPDX-License-Identifier: Apache-2.0
// Field selectors: the grammar and error texts of k8s.io/apimachinery, pkg/fields.
#pragma once

#include "text/parsed.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace apiserver {

class FieldSelector {
  public:
    struct Term {
        std::string field;
        bool equal = true;
        std::string value;
    };
    static constexpr std::size_t kMaxBytes = 64 * 1024;

    // The default selects everything.
    FieldSelector() = default;
    static text::Parsed<FieldSelector> parse(std::string_view text);

    bool empty() const { return terms_.empty(); }
    const std::vector<Term>& terms() const { return terms_; }
    // What is wrong with the fields, for the client: our objects have metadata.name and metadata.namespace.
    // Empty: nothing.
    std::string unknown_field() const;
    // Nodes have an empty namespace.
    bool matches(std::string_view name_space, std::string_view name) const;
    // The value of the first `field=value`.
    std::optional<std::string> exact_match(std::string_view field) const;

  private:
    std::vector<Term> terms_;
};

}  // namespace apiserver
