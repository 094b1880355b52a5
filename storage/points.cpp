// SPDX-License-Identifier: Apache-2.0
#include "storage/points.hpp"

#include <algorithm>
#include <cassert>
#include <limits>

namespace storage {
namespace {

__extension__ using Wide = unsigned __int128;

constexpr Wide kNanosPerSecond = 1'000'000'000;

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

void set_last(Points& points, Point point, const PageMoment& page) {
    points.last = point;
    points.clock = page.clock;
    points.shown_for = 0;
}

void begin_life(Points& points, Point point, Nanos started, const PageMoment& page) {
    // A counter that fell without a new start: the old start is kept, so that a later one is seen to be
    // newer.
    const bool no_new_start = started == 0 || started == points.started;
    points.start_outlived = (!points.empty() && no_new_start) || page.starts != PageMoment::Starts::counted;
    if (!no_new_start) points.started = started;
    points.life = static_cast<std::uint8_t>((points.life + 1) % kLives);
    points.previous = {};
    points.lost = Points::Lost::nothing;
    set_last(points, point, page);
}

void move_on(Points& points, Point point, const PageMoment& page) {
    points.previous = points.last;
    points.lost = Points::Lost::nothing;
    set_last(points, point, page);
}

// No time from before is compared with one from now on, the start's neither.
void start_over(Points& points, Point point, const PageMoment& page, Points::Lost why) {
    points.previous = {};
    points.lost = why;
    points.start_outlived = true;
    set_last(points, point, page);
}

std::chrono::nanoseconds age(const Points& points) {
    return std::chrono::nanoseconds{points.last.at - points.started};
}

// Whether our own clock, too, says that the last point and a newer one can be so far apart. `shown`: since
// the last one was first shown.
bool agrees(const Points& points, std::chrono::nanoseconds window, std::chrono::nanoseconds shown,
            const WindowRules& rules) {
    const std::chrono::milliseconds went_on{points.shown_for};
    // Kubelets were seen to sample 1.5 s apart, then not for half a minute, but no nearer.
    const bool too_short = window < rules.least && shown > 4 * rules.least;
    return !too_short && window <= shown + rules.bound && window + kShownWithin >= went_on;
}

std::uint64_t nanocores(const Points& points) {
    const std::uint64_t counted = points.last.cpu - points.previous.cpu;
    const auto window = static_cast<std::uint64_t>(points.last.at - points.previous.at);
    // Nearly always the product fits, and its division costs a tenth.
    if (counted <= std::numeric_limits<std::uint64_t>::max() / 1'000'000'000)
        return counted * 1'000'000'000 / window;
    const Wide rate = counted * kNanosPerSecond / window;
    return static_cast<std::uint64_t>(std::min<Wide>(rate, std::numeric_limits<std::uint64_t>::max()));
}

// The same without the division: it is asked of each row.
bool is_over(const Points& points, std::uint64_t most_nanocores) {
    if (most_nanocores == std::numeric_limits<std::uint64_t>::max()) return false;
    const Wide used = points.last.cpu - points.previous.cpu;
    const Wide window = static_cast<Wide>(points.last.at - points.previous.at);
    return used * kNanosPerSecond >= (static_cast<Wide>(most_nanocores) + 1) * window;
}

// What the row says of a life that goes on.
Added go_on(Points& points, Point point, std::chrono::nanoseconds shown, const PageMoment& page,
            const WindowRules& rules) {
    // Both are positive.
    const std::chrono::nanoseconds window{point.at - points.last.at};
    const bool repeated = window.count() == 0;
    if (!repeated &&
        (page.clock != points.clock || window.count() < 0 || !agrees(points, window, shown, rules))) {
        start_over(points, point, page, Points::Lost::clock_set);
        return Added::clock_set;
    }
    if (window < rules.least || repeated) {
        points.shown_for = static_cast<std::uint32_t>(
            std::clamp<std::int64_t>(shown / std::chrono::milliseconds{1}, 0, UINT32_MAX));
        return Added::repeated;
    }
    if (window > rules.longest())
        start_over(points, point, page, Points::Lost::nothing);
    else
        move_on(points, point, page);
    return Added::sample;
}

}  // namespace

RowKind kind_of(const PageRow& row) {
    const bool has_cpu = row.cpu && row.cpu->value != 0;
    const bool has_memory = row.memory && row.memory->value != 0;
    if (!has_cpu && !has_memory) return RowKind::absent;
    if (row.twice) return RowKind::incomplete;
    return has_cpu && has_memory && row.cpu->at > 0 ? RowKind::complete : RowKind::incomplete;
}

Added add(Points& points, const PageRow& row, const PageMoment& page, const WindowRules& rules) {
    assert(kind_of(row) == RowKind::complete);
    const Point point{row.cpu->at, row.cpu->value};
    const Nanos started = page.starts == PageMoment::Starts::none ? 0 : std::max<Nanos>(row.started, 0);
    const bool both_known = started != 0 && points.started != 0;
    // A start before the last sample is no restart, whatever it says: kwok's nodes tell a container's age
    // instead.
    const bool restarted = both_known && started > points.started && started >= points.last.at;
    const bool fell = point.at > points.last.at && point.cpu < points.last.cpu;

    Added added = Added::sample;
    if (points.empty() || restarted || fell) {
        begin_life(points, point, started, page);
    } else {
        if (points.started == 0 && started != 0 && points.lost != Points::Lost::clock_set) {
            points.started = started;
            points.start_outlived = false;
        }
        const std::chrono::nanoseconds shown =
            page.at - points.seen_at + std::chrono::milliseconds{points.shown_for};
        added = go_on(points, point, shown, page, rules);
    }
    points.seen_at = page.at;
    added == Added::repeated ? refresh_memory(points, row) : set_memory(points, row);

    const bool start_counts = points.started != 0 && !points.start_outlived;
    if (points.previous.at == 0 && start_counts && age(points) >= rules.fresh_age() &&
        age(points) <= rules.bound)
        points.previous = {points.started, 0};
    if (points.previous.at != 0 && is_over(points, page.most_nanocores)) {
        points.previous = {};
        points.lost = Points::Lost::impossible;
        points.start_outlived = true;
        added = Added::impossible;
    }
    return added;
}

bool is_stale(const Points& points, Monotonic now, const WindowRules& rules) {
    return points.empty() || now - points.seen_at > rules.served;
}

Standing standing(const Points& points, Monotonic now, const WindowRules& rules) {
    if (is_stale(points, now, rules)) return Standing::unrated;
    if (points.previous.at != 0) return Standing::rated;
    const bool counts = points.started != 0 && points.lost == Points::Lost::nothing;
    return counts && age(points) < rules.fresh_age() ? Standing::unborn : Standing::unrated;
}

Usage usage_of(const Points& points) {
    assert(points.previous.at != 0 && points.previous.at < points.last.at);
    Usage usage;
    usage.timestamp = points.last.at;
    usage.window = std::chrono::nanoseconds{points.last.at - points.previous.at};
    usage.cpu = nanocores(points);
    usage.memory = points.memory;
    if (points.swap_at != 0) usage.swap = points.swap;
    return usage;
}

}  // namespace storage
