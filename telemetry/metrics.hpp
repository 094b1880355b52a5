// SPDX-License-Identifier: Apache-2.0
// Instruments, and the page of all of them (docs/decisions/0012-metrics.md). There is no registry: an
// instrument is a member of what it measures, and a page is a list of functions that write families.
// Not thread safe: the loop's thread owns it all.
#pragma once

#include "telemetry/metrics_text.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace telemetry {

// prometheus.DefBuckets of client_golang.
inline constexpr std::array<double, 11> kDefaultBounds{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10};

// prometheus.ExponentialBuckets: each bound is the one before it times `factor`, rounded as Go rounds it.
template <std::size_t kCount>
constexpr std::array<double, kCount> exponential_bounds(double start, double factor) {
    std::array<double, kCount> bounds{};
    for (double& bound : bounds) {
        bound = start;
        start *= factor;
    }
    return bounds;
}

// The bucket of a value: the first whose bound is not below it; bounds.size() when all are. All bounds are
// looked at, without a branch on the value: some nanoseconds for twenty.
inline std::size_t bucket_of(Bounds bounds, double value) {
    std::size_t below = 0;
    for (const double bound : bounds) below += value > bound ? 1 : 0;
    return below;
}

class Histogram {
  public:
    // The bounds must outlive it.
    explicit Histogram(Bounds bounds) : bounds_{bounds}, counts_(bounds.size() + 1) {}

    void observe(double value) {
        ++counts_[bucket_of(bounds_, value)];
        sum_ += value;
    }
    void observe(std::chrono::nanoseconds time) { observe(std::chrono::duration<double>{time}.count()); }

    Bounds bounds() const { return bounds_; }
    // By bucket, not cumulative; the last is of those above all bounds.
    const std::vector<std::uint64_t>& counts() const { return counts_; }
    double sum() const { return sum_; }
    std::uint64_t count() const;

  private:
    Bounds bounds_;
    std::vector<std::uint64_t> counts_;
    double sum_ = 0;
};

// How long requests took, by the status of their answer; 0: none came, written "<error>" as client-go does.
class DurationsByStatus {
  public:
    explicit DurationsByStatus(Bounds bounds) : bounds_{bounds} {}
    void add(unsigned status, std::chrono::nanoseconds took);
    // Both families have the label "code" alone.
    void write(MetricsText& text, const Family& total, const Family& duration) const;

  private:
    Bounds bounds_;
    std::map<unsigned, Histogram> by_status_;
};

// What a status is as the label "code".
std::string status_label(unsigned status);

// The families in their order. Written piece by piece, since a large cluster's page is tens of MB.
class MetricsPage {
  public:
    // Writes families, whole.
    using Write = std::function<void(MetricsText&)>;
    // Writes of one long family until the text is full. True: there is more, and `cursor`, empty at first,
    // says from where, by key, since everything may have changed until the next call.
    using WriteSome = std::function<bool(MetricsText&, std::string& cursor)>;

    void add(Write write);
    void add_long(WriteSome write);

    // One reading of the page, which must outlive it and get no more parts.
    class Reader {
      public:
        explicit Reader(const MetricsPage& page) : page_{&page} {}
        // Appends about `size` bytes. False: those were the last.
        bool next(std::string& out, std::size_t size);

      private:
        const MetricsPage* page_;
        std::size_t part_ = 0;
        std::string cursor_;
    };

  private:
    std::vector<WriteSome> parts_;
};

}  // namespace telemetry
