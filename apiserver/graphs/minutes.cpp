// SPDX-License-Identifier: Apache-2.0
#include "apiserver/graphs/minutes.hpp"

#include "apiserver/encode/json_object.hpp"
#include "heapster/usage_metrics.hpp"
#include "text/go_time.hpp"

#include <algorithm>
#include <variant>

namespace apiserver {
namespace {

using storage::history::OfContainer;
using storage::history::OfPod;
using storage::history::RecentPoint;
using storage::history::Seconds;
using storage::history::Subject;

constexpr Seconds kMinute = 60;

// The minute that begins with it, or that it is in, by its start.
Seconds minute_down(Seconds time) {
    return time / kMinute * kMinute;
}

// The end of the minute that it is in.
Seconds minute_up(Seconds time) {
    return minute_down(time + kMinute - 1);
}

std::uint64_t value_of(const RecentPoint& point, Figure figure) {
    if (figure == Figure::memory) return point.memory;
    return heapster::millicores(point.cpu);
}

}  // namespace

void append_points(std::string& out, const std::vector<MinutePoint>& points) {
    append_array(out, points, [&](const MinutePoint& point) {
        out.append("{\"timestamp\":\"");
        text::append_timestamp(out, point.at);
        out.append("\",\"value\":");
        append_number(out, point.value);
        out.push_back('}');
    });
}

MinuteRange shown_minutes(const storage::history::History& history, Seconds now, std::optional<Seconds> start,
                          Seconds end) {
    const storage::history::Reach reach = history.reach();
    // A minute shows nothing until it is over for all: its figures never change.
    const Seconds newest = minute_down(std::min(now, reach.to));
    const Seconds oldest = minute_up(std::max<Seconds>(reach.recent_from, 1));
    if (reach.to <= 0 || end < oldest || (start && *start > newest)) return {};
    MinuteRange range{newest - (kShownMinutes - 1) * kMinute, std::min(newest, minute_down(end))};
    if (start) range.first = *start <= oldest ? oldest : minute_up(*start);
    range.first = std::max(range.first, oldest);
    return range;
}

MinuteReader::MinuteReader(const storage::history::History& history, Figure figure, MinuteRange range)
    : history_{history}, figure_{figure}, range_{range} {
    if (range.first <= range.last)
        slots_.resize(static_cast<std::size_t>((range.last - range.first) / kMinute + 1));
}

const std::vector<MinutePoint>& MinuteReader::read(const Subject& subject) {
    std::fill(slots_.begin(), slots_.end(), Slot{});
    points_.clear();
    if (slots_.empty()) return points_;
    if (const auto* pod = std::get_if<OfPod>(&subject))
        add_containers(*pod);
    else
        add(subject);
    Seconds at = range_.first;
    for (const Slot& slot : slots_) {
        if (slot.tick != 0) points_.push_back({at, slot.value});
        at += kMinute;
    }
    return points_;
}

// Of several containers a minute shows the newest tick that one of them has.
void MinuteReader::add(const Subject& subject) {
    history_.read(subject, {range_.first - kMinute + 1, range_.last}, ticks_);
    for (const RecentPoint& point : ticks_) {
        Slot& slot = slots_[static_cast<std::size_t>((minute_up(point.at) - range_.first) / kMinute)];
        if (point.at > slot.tick)
            slot = {point.at, value_of(point, figure_)};
        else if (point.at == slot.tick)
            slot.value += value_of(point, figure_);
    }
}

void MinuteReader::add_containers(const OfPod& pod) {
    if (!history_.pod(pod.name_space, pod.name, pod_)) return;
    for (const std::string_view container : pod_.containers)
        add(OfContainer{pod.name_space, pod.name, container});
}

}  // namespace apiserver
