// SPDX-License-Identifier: Apache-2.0
#include "series/reading.hpp"

#include <algorithm>
#include <limits>

namespace series {
namespace {

using query::Millis;
using query::MillisRange;
using storage::history::Figure;
using storage::history::OfContainer;
using storage::history::OfNode;
using storage::history::Seconds;
using storage::history::Subject;
using storage::history::TimeRange;

constexpr MillisRange kAll{0, std::numeric_limits<Millis>::max()};

Seconds floor_of(Millis time) {
    return time / 1000 - (time % 1000 < 0 ? 1 : 0);
}

template <class Told>
Point shown(const Told& told) {
    Point point;
    point.at = told.at * 1000;
    point.cpu_seconds = told.cpu_seconds;
    point.memory = static_cast<double>(told.memory);
    if (told.swap) point.swap = static_cast<double>(*told.swap);
    point.started = static_cast<double>(told.started) / 1e9;
    return point;
}

Subject subject_of(const Thing& thing, Kind kind) {
    if (kind == Kind::node) return OfNode{thing.node};
    return OfContainer{thing.name_space, thing.pod, thing.container};
}

// Counters of a pod's containers are added up as what was used since the first point, life after life: their
// sum falls with none.
class Used {
  public:
    double until(double counter) {
        if (first_)
            used_ = 0;
        else
            used_ += counter < last_ ? counter : counter - last_;
        first_ = false;
        last_ = counter;
        return used_;
    }

  private:
    bool first_ = true;
    double used_ = 0;
    double last_ = 0;
};

// Adds the points of one more container; both are oldest first. Where one of the two has none, what it had
// used by then counts on.
void add_up(const std::vector<Point>& sum, const std::vector<Point>& more, std::vector<Point>& out) {
    out.clear();
    Used used;
    double sum_used = 0, more_used = 0;
    auto at = sum.begin();
    auto other = more.begin();
    while (at != sum.end() || other != more.end()) {
        const bool has_sum = at != sum.end() && (other == more.end() || at->at <= other->at);
        const bool has_more = other != more.end() && (at == sum.end() || other->at <= at->at);
        Point& point = out.emplace_back();
        point.at = has_sum ? at->at : other->at;
        if (has_sum) {
            sum_used = at->cpu_seconds;
            point.memory = at->memory;
            point.swap = at->swap;
            ++at;
        }
        if (has_more) {
            more_used = used.until(other->cpu_seconds);
            point.memory += other->memory;
            if (other->swap) point.swap = point.swap.value_or(0) + *other->swap;
            ++other;
        }
        point.cpu_seconds = sum_used + more_used;
    }
}

}  // namespace

Point point_of(const storage::history::RecentPoint& told) {
    return shown(told);
}

void Reading::begin(MillisRange range) {
    reach_ = history_.reach();
    last_ = std::min<Millis>(reach_.to * 1000, range.to);
}

const std::vector<Point>& Reading::read(const Thing& thing, Kind kind, MillisRange range) {
    begin(range);
    if (kind == Kind::pod)
        read_pod(thing, range);
    else
        read_subject(subject_of(thing, kind), range, points_);
    return points_;
}

void Reading::read(const Thing& thing, Kind kind, MillisRange range, Figure figure,
                   std::vector<query::Sample>& out) {
    begin(range);
    const Subject subject = subject_of(thing, kind);
    const TimeRange wanted{floor_of(range.from), floor_of(range.to)};
    if (wanted.from < reach_.recent_from && reach_.long_from != 0) {
        history_.read(subject, TimeRange{wanted.from, std::min(wanted.to, reach_.recent_from - 1)}, longer_);
        for (const auto& each : longer_)
            out.push_back({each.at * 1000,
                           figure == Figure::memory ? static_cast<double>(each.memory) : each.cpu_seconds});
    }
    if (wanted.to < reach_.recent_from) return;
    history_.read(subject, wanted, figure, figures_);
    const Millis tick = history_.options().resolution.count() * 1000;
    for (std::size_t i = 0; i < figures_.size(); ++i) {
        const Millis at = figures_[i].at * 1000, next = at + tick;
        out.push_back({at, figures_[i].value});
        const bool goes_on = i + 1 < figures_.size() && figures_[i + 1].at * 1000 <= next;
        if (!goes_on && next <= last_) out.push_back({next, query::kStale});
    }
}

std::optional<Millis> Reading::last_before(const Thing& thing, Kind kind, Millis time) {
    const Subject subject = subject_of(thing, kind);
    const TimeRange earlier{0, floor_of(time - 1)};
    history_.read(subject, earlier, Figure::memory, figures_);
    if (!figures_.empty()) return figures_.back().at * 1000;
    history_.read(subject, earlier, longer_);
    return longer_.empty() ? std::nullopt : std::optional<Millis>{longer_.back().at * 1000};
}

void Reading::read_subject(const Subject& subject, MillisRange range, std::vector<Point>& out) {
    out.clear();
    const Seconds from = floor_of(range.from), to = floor_of(range.to);
    const Seconds recent_from = reach_.recent_from;
    if (from < recent_from && reach_.long_from != 0) {
        history_.read(subject, TimeRange{from, std::min(to, recent_from - 1)}, longer_);
        for (const auto& each : longer_) out.push_back(shown(each));
    }
    if (to < recent_from) return;
    history_.read(subject, TimeRange{from, to}, recent_);
    for (const auto& each : recent_) out.push_back(shown(each));
}

// What it used is counted from the first point that is kept, whatever the range.
void Reading::read_pod(const Thing& thing, MillisRange range) {
    points_.clear();
    storage::history::KnownPod pod;
    if (!history_.pod(thing.name_space, thing.pod, pod)) return;
    for (const std::string_view container : pod.containers) {
        read_subject(OfContainer{thing.name_space, thing.pod, container}, kAll, part_);
        add_up(points_, part_, sum_);
        points_.swap(sum_);
    }
    std::erase_if(points_, [&](const Point& point) { return point.at < range.from || point.at > range.to; });
}

std::optional<Millis> Reading::end_behind(std::size_t point) const {
    const Millis at = points_[point].at;
    const Millis next = at + history_.options().resolution.count() * 1000;
    if (at < reach_.recent_from * 1000 || next > last_) return std::nullopt;
    if (point + 1 < points_.size() && points_[point + 1].at <= next) return std::nullopt;
    return next;
}

}  // namespace series
