// SPDX-License-Identifier: Apache-2.0
// What a selector asks of a label.
#pragma once

#include "query/source/labels.hpp"
#include "text/parsed.hpp"

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace query {

enum class MatchOp { equal, not_equal, matches, not_matches };

class Matcher {
  public:
    // A pattern is RE2's, and must match the whole value; `.` matches a newline too.
    static text::Parsed<Matcher> make(std::string label, MatchOp op, std::string value);
    // label="value"
    static Matcher equal(std::string label, std::string value);
    Matcher(Matcher&&) noexcept;
    Matcher& operator=(Matcher&&) noexcept;
    ~Matcher();

    const std::string& label() const { return label_; }
    MatchOp op() const { return op_; }
    const std::string& value() const { return value_; }

    // Of a series without the label: of "". What a pattern says of a value is remembered, since few values
    // come in many series.
    bool matches(std::string_view value) const;

    // Whether it needs more than comparing text.
    bool is_pattern() const { return pattern_ != nullptr; }

    // The only values that it matches, sorted, each once: of `=`, and of `=~` with nothing but alternatives
    // of plain text. Null: it may match others. For indexes.
    const std::vector<std::string>* literals() const { return has_literals_ ? &literals_ : nullptr; }

  private:
    struct Pattern;
    Matcher(std::string label, MatchOp op, std::string value);

    std::string label_;
    MatchOp op_;
    std::string value_;
    bool has_literals_ = false;
    std::vector<std::string> literals_;
    std::unique_ptr<Pattern> pattern_;
};

bool matches_all(std::span<const Matcher> matchers, const Labels& labels);

// Whether the matchers of a label, if there are any, let a value through. For indexes.
bool may_be(std::span<const Matcher> matchers, std::string_view label, std::string_view value);
// The only values that a label may have: the fewest that one of its matchers names. Null: it may have others.
const std::vector<std::string>* literals_of(std::span<const Matcher> matchers, std::string_view label);

// The name that `=` asks of `label`, where one does. Empty: none.
std::string_view equal_value(std::span<const Matcher> matchers, std::string_view label);

}  // namespace query
