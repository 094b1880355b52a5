// SPDX-License-Identifier: Apache-2.0
#include "storage/points.hpp"

#include <algorithm>
#include <cassert>
#include <limits>

namespace storage {
namespace {

__extension__ using Wide = unsigned __int128;

// Sets what the lines beside the counter say.
void set_memory(Points& points, const PageRow& row) {
    points.memory = row.memory->value;
    points.memory_at = row.memory->at;
    points.swap = row.swap ? row.swap->value : 0;
    points.swap_at = row.swap ? std::max<Nanos>(row.swap->at, 1) : 0;
}

// The counter's line is a repetition, but cAdvisor may have measured the others since.
void refresh_memory(Points& points, const PageRow& row) {
    if (row.memory->at > points.memory_at) {
        points.memory = row.memory->value;
        points.memory_at = row.memory->at;
    }
    if (row.swap && row.swap->at > points.swap_at) {
        points.swap = row.swap->value;
        points.swap_at = row.swap->at;
    }
}

void begin_life(Points& points, Point point, Nanos started) {
    // A counter that fell without a new start: the old start is kept, so that a later one is seen to be
    // newer.
    const bool no_new_start = started == 0 || started == points.started;
    points.start_outlived = !points.empty() && no_new_start;
    if (!no_new_start) points.started = started;
    points.last = point;
    points.previous = {};
}

void move_on(Points& points, Point point) {
    points.previous = points.last;
    points.last = point;
}

// The kubelet's clock was set back.
void step_back(Points& points, Point point) {
    const bool keeps = points.previous.at < point.at && points.previous.cpu <= point.cpu;
    if (!keeps) points.previous = {};
    points.last = point;
}

Nanos age(const Points& points) {
    return points.last.at - points.started;
}

}  // namespace

RowKind kind_of(const PageRow& row) {
    const bool has_cpu = row.cpu && row.cpu->value != 0;
    const bool has_memory = row.memory && row.memory->value != 0;
    if (!has_cpu && !has_memory) return RowKind::absent;
    return has_cpu && has_memory && row.cpu->at > 0 ? RowKind::complete : RowKind::incomplete;
}

void add(Points& points, const PageRow& row, Monotonic now, std::chrono::nanoseconds fresh_bound,
         StartRule start_rule) {
    assert(kind_of(row) == RowKind::complete);
    const Point point{row.cpu->at, row.cpu->value};
    const Nanos started = start_rule == StartRule::on ? std::max<Nanos>(row.started, 0) : 0;
    const bool both_known = started != 0 && points.started != 0;
    // A start before the last sample is no restart, whatever it says: kwok's nodes tell a container's age
    // instead.
    const bool restarted = both_known && started > points.started && started >= points.last.at;
    const bool fell = point.at > points.last.at && point.cpu < points.last.cpu;
    const bool repeated = !points.empty() && !restarted && point.at == points.last.at;

    points.seen_at = now;
    const bool new_life = points.empty() || restarted || fell;
    if (new_life) {
        begin_life(points, point, started);
    } else {
        if (points.started == 0 && started != 0) {
            points.started = started;
            points.start_outlived = false;
        }
        if (point.at > points.last.at) move_on(points, point);
        if (point.at < points.last.at) step_back(points, point);
    }
    repeated ? refresh_memory(points, row) : set_memory(points, row);

    const bool start_counts = points.started != 0 && !points.start_outlived;
    if (points.previous.at != 0 || !start_counts) return;
    const std::chrono::nanoseconds lived{age(points)};
    if (lived >= kMinFreshAge && lived <= fresh_bound) points.previous = {points.started, 0};
}

bool is_stale(const Points& points, Monotonic now, std::chrono::nanoseconds bound) {
    return points.empty() || now - points.seen_at > bound;
}

Standing standing(const Points& points, Monotonic now, std::chrono::nanoseconds bound) {
    if (is_stale(points, now, bound)) return Standing::unrated;
    if (points.previous.at != 0) return Standing::rated;
    const bool just_born = points.started != 0 && std::chrono::nanoseconds{age(points)} < kMinFreshAge;
    return just_born ? Standing::unborn : Standing::unrated;
}

Usage usage_of(const Points& points) {
    assert(points.previous.at != 0 && points.previous.at < points.last.at);
    constexpr Wide kNanosPerSecond = 1'000'000'000;
    const Nanos window = points.last.at - points.previous.at;
    const Wide used = points.last.cpu - points.previous.cpu;
    const Wide nanocores = used * kNanosPerSecond / static_cast<Wide>(window);
    Usage usage;
    usage.timestamp = points.last.at;
    usage.window = std::chrono::nanoseconds{window};
    usage.cpu =
        static_cast<std::uint64_t>(std::min<Wide>(nanocores, std::numeric_limits<std::uint64_t>::max()));
    usage.memory = points.memory;
    if (points.swap_at != 0) usage.swap = points.swap;
    return usage;
}

}  // namespace storage
