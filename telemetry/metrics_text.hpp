// SPDX-License-Identifier: Apache-2.0
// Writes metrics in Prometheus' text format 0.0.4 (prometheus.io/docs/instrumenting/exposition_formats) as
// github.com/prometheus/common/expfmt does: labels by name, `le` behind them, numbers as Go prints them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace telemetry {

// The upper bounds of a histogram's buckets, ascending. The last one, +Inf, is left out.
using Bounds = std::span<const double>;

enum class MetricType { counter, gauge, histogram };

struct Family {
    std::string_view name;
    // Kubernetes puts a stability level in front: "[ALPHA] ".
    std::string_view help;
    MetricType type = MetricType::counter;
};

struct Label {
    std::string_view name;
    std::string_view value;
};

class MetricsText {
  public:
    // In the order of their names.
    using Labels = std::initializer_list<Label>;

    // Appends to `out`, which is full at `enough` bytes.
    explicit MetricsText(std::string& out, std::size_t enough = std::string::npos)
        : out_{out}, enough_{enough} {}

    bool full() const { return out_.size() >= enough_; }

    // Writes the head of a family, to which the following samples belong. Its texts must stay until the next.
    void begin(const Family& family);
    // The same for a family that was begun in a text before this one: nothing is written.
    void resume(const Family& family) { name_ = family.name; }

    // Integers are written whole, where Go writes 1e+06: every reader takes both.
    void sample(Labels labels, std::uint64_t value);
    void sample(Labels labels, double value);

    // `counts`: of each bucket alone, and of those above all bounds: one more than bounds.
    template <class Counts>
    void histogram(Labels labels, Bounds bounds, const Counts& counts, double sum) {
        begin_buckets(labels, bounds);
        std::uint64_t below = 0;
        for (const auto count : counts) bucket(below += count);
        end_histogram(labels, below, sum);
    }

  private:
    void begin_buckets(Labels labels, Bounds bounds);
    void bucket(std::uint64_t cumulative);
    void end_histogram(Labels labels, std::uint64_t count, double sum);
    void series(std::string_view suffix, Labels labels);

    std::string& out_;
    std::size_t enough_;
    std::string_view name_;
    // All of a bucket's line up to the bound, and the bounds as they are written; the texts of the last
    // bounds are kept.
    std::string bucket_prefix_;
    const double* bounds_ = nullptr;
    std::vector<std::string> bound_texts_;
    std::size_t next_bucket_ = 0;
};

// What stands between the quotes of a label.
void append_label_value(std::string& out, std::string_view value);

// As Go's strconv prints a float64 with format 'g' and the least digits that tell it: 0.005, 1e+06, +Inf.
void append_go_float(std::string& out, double value);

}  // namespace telemetry
