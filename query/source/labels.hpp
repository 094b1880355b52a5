// SPDX-License-Identifier: Apache-2.0
// The labels of a series.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace query {

inline constexpr std::string_view kMetricName = "__name__";

struct Label {
    std::string_view name;
    std::string_view value;
    bool operator==(const Label&) const = default;
};

// Sorted by name, each name once. A label whose value is empty is no label. In one buffer, so that a set that
// is filled again and again allocates nothing.
class Labels {
  public:
    void clear() {
        text_.clear();
        ends_.clear();
    }
    // REQUIRES: `name` comes behind all that are there. An empty value is left out.
    void append(std::string_view name, std::string_view value);
    // Any order; of a name that comes twice the later counts.
    static Labels of(std::vector<Label> labels);

    std::size_t size() const { return ends_.size(); }
    bool empty() const { return ends_.empty(); }
    // Valid until the set changes.
    Label operator[](std::size_t at) const;
    // Empty: there is none.
    std::string_view get(std::string_view name) const;

    // This set with other labels. An empty value takes the label away.
    void set(std::string_view name, std::string_view value);
    // What is left when only these are kept, or all but these. REQUIRES: `names` is sorted; `out` is another
    // set.
    void filter(const std::vector<std::string>& names, bool keep, Labels& out) const;
    void drop_name() {
        if (!get(kMetricName).empty()) set(kMetricName, {});
    }

    // Prometheus' order: by the first name that differs, then by its value.
    std::strong_ordering operator<=>(const Labels& other) const;
    bool operator==(const Labels& other) const { return ends_ == other.ends_ && text_ == other.text_; }

    std::size_t hash() const;
    // What it takes beside itself.
    std::size_t bytes() const { return text_.capacity() + ends_.capacity() * sizeof(Ends); }
    // {a="b", c="d"}
    std::string text() const;

  private:
    struct Ends {
        std::uint32_t name = 0;
        std::uint32_t value = 0;
        bool operator==(const Ends&) const = default;
    };
    std::string text_;
    std::vector<Ends> ends_;
};

struct LabelsHash {
    std::size_t operator()(const Labels& labels) const { return labels.hash(); }
};

// What names of labels begin with, and what they are made of: [a-zA-Z_][a-zA-Z0-9_]*
constexpr bool is_name_start(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
constexpr bool is_name_char(char c) {
    return is_name_start(c) || (c >= '0' && c <= '9');
}
bool is_label_name(std::string_view name);

}  // namespace query
