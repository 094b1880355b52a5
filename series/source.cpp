// SPDX-License-Identifier: Apache-2.0
#include "series/source.hpp"

#include "series/catalog.hpp"
#include "series/demanded.hpp"
#include "series/expansion.hpp"
#include "series/reading.hpp"
#include "series/stats_reading.hpp"
#include "series/subjects.hpp"
#include "storage/store.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace series {
namespace {

using query::Advance;
using query::Labels;
using query::Matcher;
using query::Millis;
using query::MillisRange;
using query::Sample;

// A claim on a node, and the volumes of pods that have or had it.
class Claim {
  public:
    void add(const Thing& thing, Item item) { volumes_.push_back({thing, std::move(item)}); }
    const Thing& thing() const { return volumes_.front().thing; }
    const Item& item() const { return volumes_.front().item; }

    // Where several tell of a time, the one that tells longest counts: the others' pods have ended.
    void read(const Extras& extras, const Family& family, MillisRange range, std::vector<Sample>& out) const {
        StatsReading reading;
        std::vector<std::vector<Sample>> parts;
        for (const Volume& each : volumes_) {
            std::vector<Sample> part;
            reading.read(*extras.stats, family, each.thing, each.item.volume, range, part);
            if (!part.empty()) parts.push_back(std::move(part));
        }
        const auto newest_first = [](const auto& a, const auto& b) { return a.back().at > b.back().at; };
        std::stable_sort(parts.begin(), parts.end(), newest_first);
        out.clear();
        for (const auto& part : parts) out.insert(out.end(), part.begin(), part.end());
        std::stable_sort(out.begin(), out.end(), [](Sample a, Sample b) { return a.at < b.at; });
        const auto repeated = [](Sample a, Sample b) { return a.at == b.at; };
        out.erase(std::unique(out.begin(), out.end(), repeated), out.end());
    }

  private:
    struct Volume {
        Thing thing;
        Item item;
    };
    std::vector<Volume> volumes_;
};

// The series of the catalog.
class Cursor final : public query::SeriesCursor {
  public:
    Cursor(const storage::history::History& history, const storage::Store& store, const Extras& extras,
           std::span<const Matcher> matchers, MillisRange range)
        : history_{history},
          store_{store},
          extras_{extras},
          matchers_{matchers},
          range_{range},
          reading_{history} {
        for (const Family& family : families())
            if (has(extras, family) && query::may_be(matchers, query::kMetricName, family.name))
                families_.push_back(&family);
        if (!query::may_be(matchers, "job", kJob)) families_.clear();
    }

    Advance next() override {
        if (at_ + 1 < items_.size()) {
            ++at_;
            return Advance::series;
        }
        if (families_.empty()) return Advance::end;
        const bool of_claims = family().shape == Shape::volumes;
        if (!subjects_)
            subjects_.emplace(history_, family().kind, of_claims ? Keys::all_but_pod : Keys::all, matchers_);
        const bool more = subjects_->next(things_);
        items_.clear();
        at_ = 0;
        // Those of one family and the next stand apart, so the family goes with its items.
        shown_ = &family();
        for (std::size_t i = 0; i < things_.size(); ++i) expand(*shown_, things_[i], i, extras_, items_);
        if (of_claims) gather_claims(more);
        if (!more) {
            subjects_.reset();
            families_.erase(families_.begin());
        }
        if (!items_.empty()) return Advance::series;
        return families_.empty() ? Advance::end : Advance::pause;
    }

    void labels(Labels& out) const override {
        out.clear();
        const Item& item = items_[at_];
        append_labels(*shown_, things_[item.thing], item, out);
    }

    void samples(std::vector<Sample>& out) const override {
        out.clear();
        const Item& item = items_[at_];
        const Thing& thing = things_[item.thing];
        if (shown_->shape == Shape::volumes) return claims_[at_].read(extras_, *shown_, range_, out);
        if (shown_->origin == Origin::summary)
            return stats_reading_.read(*extras_.stats, *shown_, thing, item.volume, range_, out);
        if (const auto figure = figure_of(*shown_))
            return reading_.read(thing, shown_->kind, range_, *figure, out);
        const auto& points = reading_.read(thing, shown_->kind, range_);
        if (shown_->shape == Shape::up) {
            const Millis tick = history_.options().resolution.count() * 1000;
            const bool is_late = points.empty() || points.front().at > range_.from + tick;
            const auto before = is_late ? reading_.last_before(thing, Kind::node, range_.from) : std::nullopt;
            return fill_up(thing, points, before, out);
        }
        for (std::size_t i = 0; i < points.size(); ++i) {
            const auto value = value_at(item, points[i]);
            if (value)
                out.push_back({points[i].at, *value});
            else if (!out.empty() && !query::is_stale(out.back().value))
                out.push_back({points[i].at, query::kStale});
            if (const auto end = reading_.end_behind(i); end && value) out.push_back({*end, query::kStale});
        }
    }

  private:
    // Volumes of a claim are one series, and may be far apart: it is shown when all have been seen.
    void gather_claims(bool more) {
        if (claim_places_.empty()) claims_.clear();
        for (Item& item : items_) {
            const Thing& thing = things_[item.thing];
            std::string key = thing.node + "/" + thing.name_space + "/" + item.labels[0].second;
            const std::size_t place = claim_places_.try_emplace(std::move(key), claims_.size()).first->second;
            if (place == claims_.size()) claims_.emplace_back();
            claims_[place].add(thing, std::move(item));
        }
        items_.clear();
        things_.clear();
        if (more) return;
        for (const Claim& claim : claims_) {
            items_.push_back(claim.item());
            items_.back().thing = things_.size();
            things_.push_back(claim.thing());
        }
        claim_places_.clear();
    }

    const Family& family() const { return *families_.front(); }

    std::optional<double> value_at(const Item& item, const Point& point) const {
        if (shown_->value != nullptr) return shown_->value(point);
        if (shown_->shape != Shape::node_memory_available) return item.value;
        // The node may have had more memory then.
        return point.memory <= item.value ? std::optional{item.value - point.memory} : std::nullopt;
    }

    // 1 at each point, 0 at each tick or bucket without one between the first and the newest, that of a node
    // that is gone being its last. before: of the last point before the range.
    void fill_up(const Thing& thing, const std::vector<Point>& points, std::optional<Millis> before,
                 std::vector<Sample>& out) const {
        if (before) out.push_back({*before, 1});
        const auto reach = history_.reach();
        const Millis recent_from = reach.recent_from * 1000;
        const Millis tick = history_.options().resolution.count() * 1000;
        for (const Point& point : points) {
            if (!out.empty()) fill_zeros(out, point.at, recent_from, tick);
            out.push_back({point.at, 1});
        }
        if (out.empty()) return;
        const Millis last = std::min<Millis>(reach.to * 1000, range_.to);
        const bool is_known = store_.node(thing.node, storage::Monotonic{}).has_value();
        if (is_known)
            fill_zeros(out, last + 1, recent_from, tick);
        else if (out.back().at + tick <= last && out.back().at >= recent_from)
            out.push_back({out.back().at + tick, query::kStale});
        std::erase_if(out, [&](const Sample& sample) { return sample.at < range_.from; });
    }

    // Behind the last sample, before `until`.
    static void fill_zeros(std::vector<Sample>& out, Millis until, Millis recent_from, Millis tick) {
        constexpr Millis kBucket = 300'000;
        for (;;) {
            const Millis at = out.back().at + kBucket < recent_from + tick ? out.back().at + kBucket
                              : out.back().at < recent_from                ? recent_from
                                                                           : out.back().at + tick;
            if (at >= until) return;
            out.push_back({at, 0});
        }
    }

    const storage::history::History& history_;
    const storage::Store& store_;
    Extras extras_;
    std::span<const Matcher> matchers_;
    MillisRange range_;
    // Yet to be walked.
    std::vector<const Family*> families_;
    std::optional<Subjects> subjects_;
    const Family* shown_ = nullptr;
    // Of a family of volumes, by item; and while they are gathered the place of each.
    std::vector<Claim> claims_;
    std::map<std::string, std::size_t> claim_places_;
    std::vector<Thing> things_;
    std::vector<Item> items_;
    std::size_t at_ = 0;
    mutable Reading reading_;
    mutable StatsReading stats_reading_;
};

// One walk and then the other.
class TwoCursors final : public query::SeriesCursor {
  public:
    TwoCursors(std::unique_ptr<query::SeriesCursor> first, std::unique_ptr<query::SeriesCursor> second)
        : now_{std::move(first)}, second_{std::move(second)} {}

    Advance next() override {
        const Advance advance = now_->next();
        if (advance != Advance::end || !second_) return advance;
        now_ = std::move(second_);
        return now_->next();
    }
    void labels(Labels& out) const override { now_->labels(out); }
    void samples(std::vector<Sample>& out) const override { now_->samples(out); }

  private:
    std::unique_ptr<query::SeriesCursor> now_;
    std::unique_ptr<query::SeriesCursor> second_;
};

}  // namespace

std::unique_ptr<query::SeriesCursor> Source::select(std::span<const Matcher> matchers,
                                                    MillisRange range) const {
    auto named = std::make_unique<Cursor>(history_, store_, extras_, matchers, range);
    if (extras_.figures == nullptr) return named;
    return std::make_unique<TwoCursors>(std::move(named),
                                        select_demanded(*extras_.figures, history_, matchers, range));
}

}  // namespace series
