// SPDX-License-Identifier: Apache-2.0
#include "query/operations/selectors.hpp"

#include "query/operations/windows.hpp"

#include <algorithm>
#include <utility>

namespace query {
namespace {

// What a selector reads: (first step - offset - reach, last step - offset].
MillisRange range_of(const Steps& steps, Millis offset, Millis reach) {
    return {steps.start - offset - reach + 1, steps.last() - offset};
}

class Instant : public Operation {
  public:
    Instant(const Reading& reading, const Selector& selector)
        : steps_{reading.steps},
          offset_{selector.offset},
          lookback_{reading.lookback},
          walk_{reading.source, selector.matchers,
                range_of(reading.steps, selector.offset, reading.lookback)} {}

    Pull next(Work& work, Row& out) override {
        for (;;) {
            if (const Pull pulled = walk_.next(work); pulled != Pull::row) return pulled;
            if (!walk_.read_samples(work)) return Pull::failed;
            work.spend(steps_.count);
            if (!fill(out)) continue;
            std::swap(out.labels, walk_.labels());
            return Pull::row;
        }
    }

  private:
    // The newest sample at each step.
    bool fill(Row& out) {
        const std::vector<Sample>& samples = walk_.samples();
        out.values.assign(steps_.count, kAbsent);
        bool found = false;
        std::size_t past = 0;
        for (std::size_t i = 0; i < steps_.count; ++i) {
            const Millis at = steps_.at(i) - offset_;
            while (past < samples.size() && samples[past].at <= at) ++past;
            if (past == 0) continue;
            const Sample& newest = samples[past - 1];
            if (newest.at <= at - lookback_ || is_stale(newest.value)) continue;
            out.values[i] = newest.value;
            found = true;
        }
        return found;
    }

    Steps steps_;
    Millis offset_;
    Millis lookback_;
    SeriesWalk walk_;
};

class OverRange : public Operation {
  public:
    OverRange(const Reading& reading, const Selector& selector, FunctionId function)
        : steps_{reading.steps},
          offset_{selector.offset},
          length_{selector.range},
          lookback_{reading.lookback},
          function_{function},
          widen_{reading.widen && needs_two_samples(function)},
          walk_{reading.source, selector.matchers,
                range_of(reading.steps, selector.offset,
                         widen_ ? std::max(selector.range, 2 * reading.lookback) : selector.range)} {}

    Pull next(Work& work, Row& out) override {
        for (;;) {
            if (const Pull pulled = walk_.next(work); pulled != Pull::row) return pulled;
            if (!walk_.read_samples(work)) return Pull::failed;
            if (!fill(work, out)) continue;
            std::swap(out.labels, walk_.labels());
            out.labels.drop_name();
            return Pull::row;
        }
    }

  private:
    bool fill(Work& work, Row& out) {
        split();
        out.values.assign(steps_.count, kAbsent);
        bool found = false;
        std::size_t begin = 0;
        std::size_t past = 0;
        std::size_t touched = steps_.count;
        for (std::size_t i = 0; i < steps_.count; ++i) {
            const Millis at = steps_.at(i) - offset_;
            while (past < values_.size() && values_[past].at <= at) ++past;
            while (begin < past && values_[begin].at <= at - length_) ++begin;
            const auto window = std::span{values_}.subspan(begin, past - begin);
            touched += window.size();
            double value = over_window(function_, {window, at, length_});
            if (is_absent(value) && widen_) value = widened(work, at, past);
            if (is_absent(value)) continue;
            out.values[i] = value;
            found = true;
        }
        work.spend(touched);
        return found;
    }

    // Samples to values_, the times of ends to ends_.
    void split() {
        values_.clear();
        ends_.clear();
        for (const Sample& sample : walk_.samples()) {
            if (is_stale(sample.value))
                ends_.push_back(sample.at);
            else
                values_.push_back(sample);
        }
    }

    // By the newest sample, if it is inside the lookback, and the one before it; both of the same life.
    // `past`: how many samples are not newer than `at`.
    double widened(Work& work, Millis at, std::size_t past) {
        if (past < 2) return kAbsent;
        const Sample& before = values_[past - 2];
        const Sample& newest = values_[past - 1];
        if (newest.at <= at - lookback_ || before.at < newest.at - lookback_) return kAbsent;
        const auto end = std::upper_bound(ends_.begin(), ends_.end(), before.at);
        if (end != ends_.end() && *end <= at) return kAbsent;
        work.count_widened();
        return by_slope(function_, before, newest, length_);
    }

    Steps steps_;
    Millis offset_;
    Millis length_;
    Millis lookback_;
    FunctionId function_;
    bool widen_;
    SeriesWalk walk_;
    std::vector<Sample> values_;
    std::vector<Millis> ends_;
};

}  // namespace

OperationPtr make_instant(const Reading& reading, const Selector& selector) {
    return std::make_unique<Instant>(reading, selector);
}

OperationPtr make_over_range(const Reading& reading, const Selector& selector, FunctionId function) {
    return std::make_unique<OverRange>(reading, selector, function);
}

RawSeriesReader::RawSeriesReader(const Reading& reading, const Selector& selector)
    : window_{range_of(reading.steps, selector.offset, selector.range)},
      walk_{reading.source, selector.matchers, window_} {}

Pull RawSeriesReader::next(Work& work, RawSeries& out) {
    for (;;) {
        if (const Pull pulled = walk_.next(work); pulled != Pull::row) return pulled;
        if (!walk_.read_samples(work)) return Pull::failed;
        out.samples.clear();
        for (const Sample& sample : walk_.samples())
            if (!is_stale(sample.value) && sample.at >= window_.from && sample.at <= window_.to)
                out.samples.push_back(sample);
        if (out.samples.empty()) continue;
        out.labels = walk_.labels();
        return Pull::row;
    }
}

}  // namespace query
