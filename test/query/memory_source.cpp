// SPDX-License-Identifier: Apache-2.0
#include "test/query/memory_source.hpp"

#include "query/language/parser.hpp"

#include <bit>
#include <cstdint>
#include <stdexcept>
#include <utility>

namespace query_test {
namespace {

class Cursor : public query::SeriesCursor {
  public:
    Cursor(const std::vector<Series>& series, query::MillisRange range, std::size_t pause)
        : series_{series}, range_{range}, pause_{pause} {}

    query::Advance next() override {
        if (pause_ > 0 && next_ % pause_ == 0 && !std::exchange(paused_, true)) return query::Advance::pause;
        paused_ = false;
        if (next_ == series_.size()) return query::Advance::end;
        ++next_;
        return query::Advance::series;
    }
    void labels(query::Labels& out) const override { out = series_[next_ - 1].labels; }
    void samples(std::vector<query::Sample>& out) const override {
        out.clear();
        for (const query::Sample& sample : series_[next_ - 1].samples)
            if (sample.at >= range_.from && sample.at <= range_.to) out.push_back(sample);
    }

  private:
    const std::vector<Series>& series_;
    query::MillisRange range_;
    std::size_t pause_;
    std::size_t next_ = 0;
    bool paused_ = false;
};

}  // namespace

const double kNone = std::bit_cast<double>(std::uint64_t{0x7ff8000000000bad});

void MemorySource::add(const std::string& selector, std::vector<query::Sample> samples) {
    const auto matchers = query::parse_selector(selector);
    if (!matchers) throw std::invalid_argument{matchers.error().text};
    std::vector<query::Label> labels;
    for (const query::Matcher& matcher : *matchers) labels.push_back({matcher.label(), matcher.value()});
    series_.push_back({query::Labels::of(labels), std::move(samples)});
}

void MemorySource::add(const std::string& selector, query::Millis every, const std::vector<double>& values,
                       query::Millis from) {
    std::vector<query::Sample> samples;
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (std::bit_cast<std::uint64_t>(values[i]) == std::bit_cast<std::uint64_t>(kNone)) continue;
        samples.push_back({(from + every * static_cast<query::Millis>(i)) * 1000, values[i]});
    }
    add(selector, std::move(samples));
}

std::unique_ptr<query::SeriesCursor> MemorySource::select(std::span<const query::Matcher>,
                                                          query::MillisRange range) const {
    asked = range;
    return std::make_unique<Cursor>(series_, range, pause_);
}

MemorySource pods() {
    MemorySource source;
    source.add("m{ns=\"a\",pod=\"a1\"}", 15, {1, 1, 1});
    source.add("m{ns=\"a\",pod=\"a2\"}", 15, {2, 2, 2});
    source.add("m{ns=\"b\",pod=\"b1\"}", 15, {3, 3, 3});
    source.add("m{ns=\"b\",pod=\"b2\"}", 15, {4, 4, 4});
    source.add("info{ns=\"a\",pod=\"a1\",node=\"n1\"}", 15, {1, 1, 1});
    source.add("info{ns=\"a\",pod=\"a2\",node=\"n2\"}", 15, {1, 1, 1});
    source.add("info{ns=\"b\",pod=\"b1\",node=\"n1\"}", 15, {1, 1, 1});
    source.add("limit{ns=\"a\"}", 15, {10, 10, 10});
    source.add("limit{ns=\"b\"}", 15, {20, 20, 20});
    return source;
}

}  // namespace query_test
