// SPDX-License-Identifier: Apache-2.0
// The points of one container or node, and the rules that turn them into usage
// (docs/decisions/0003-points-and-windows.md). Pure: values in, values out.
#pragma once

#include "storage/node_page.hpp"
#include "storage/usage.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <limits>

namespace storage {

// A sample nearer to the container's start than this says nothing yet: its window would be absurdly short.
constexpr std::chrono::seconds kMinFreshAge{1};
// A kubelet shows a sample at most this long after it was taken.
constexpr std::chrono::seconds kShownWithin{10};
constexpr std::uint8_t kLives = 255;

// What windows keep to.
struct WindowRules {
    // A nearer sample waits for the next: kubelets' times are off by some 10 ms.
    std::chrono::nanoseconds least{0};
    // 2 x resolution + request timeout.
    std::chrono::nanoseconds bound{0};
    // How long a sample counts after the last page that held it.
    std::chrono::nanoseconds served{0};

    std::chrono::nanoseconds longest() const { return 3 * bound; }
    // How old a container must be at its sample to be given the previous point (start, 0).
    std::chrono::nanoseconds fresh_age() const {
        return std::max<std::chrono::nanoseconds>(kMinFreshAge, least);
    }
};

// A counter's value at a time of the kubelet's clock. at == 0: no point.
struct Point {
    Nanos at = 0;
    // CPU nanoseconds.
    std::uint64_t cpu = 0;
};

// Invariant: if there is a previous point, previous.at < last.at and previous.cpu <= last.cpu.
struct Points {
    Point last;
    Point previous;
    std::uint64_t memory = 0;
    Nanos memory_at = 0;
    std::uint64_t swap = 0;
    // 0: swap is not reported.
    Nanos swap_at = 0;
    // Start of the present life; 0: unknown.
    Nanos started = 0;
    // When the last page with the complete line came. Meaningless without a last point.
    Monotonic seen_at{};
    // The counter fell after `started`, so `started` is not where it began to count.
    bool start_outlived = false;
    // Why there is no previous point though there was a sample before the last one.
    enum class Lost : std::uint8_t { nothing, clock_set, impossible } lost = Lost::nothing;
    // The setting of the node's clock that `last` was taken under (PageMoment::clock).
    std::uint8_t clock = 0;
    // The number of the present life, below kLives; after the last comes the first again.
    std::uint8_t life = 0;
    // From the first page that showed `last` to seen_at, in milliseconds.
    std::uint32_t shown_for = 0;

    bool empty() const { return last.at == 0; }
};

enum class RowKind {
    // Neither CPU nor memory, or nothing but zeros: what ended keeps its start time on the page for a while,
    // and CRI-O tells zeros of init containers that ended.
    absent,
    // One of the two is missing or zero, or the page contradicts itself: alive, but not measured (yet).
    incomplete,
    complete,
};
RowKind kind_of(const PageRow& row);

// What a row's page says for all of its rows.
struct PageMoment {
    // Our clock.
    Monotonic at{};
    // How often the node's clock was seen to be set: points of different settings make no window.
    std::uint8_t clock = 0;
    // A node has none. When the clock was just set a container's tells a new life and is no point to count
    // from.
    enum class Starts : std::uint8_t { none, told, counted } starts = Starts::counted;
    // The last net: no rate may be greater.
    std::uint64_t most_nanocores = std::numeric_limits<std::uint64_t>::max();
};

enum class Added : std::uint8_t {
    sample,
    // Nothing new but memory, perhaps: the time is the last one's, or too near to it.
    repeated,
    // The node's clock was set: nothing before it is compared with it. So say the page's `clock`, a time
    // before the last one's, or a window that our own clock contradicts. Such a window is longer than the
    // last point has been known by more than the bound; or under the least, though the last point has been
    // known for four times the least (kubelets were seen to sample 1.5 s apart, no nearer); or shorter than
    // the pages went on showing the last point by more than kShownWithin.
    clock_set,
    // Its rate would be greater than any can be.
    impossible
};

// Adds a complete row.
Added add(Points& points, const PageRow& row, const PageMoment& page, const WindowRules& rules);

// Whether no page has shown the points for too long, or there are none.
bool is_stale(const Points& points, Monotonic now, const WindowRules& rules);

enum class Standing {
    // It has a usage to serve.
    rated,
    // Its only sample is younger than the fresh age: as if it had not started yet.
    unborn,
    // It has none.
    unrated,
};
Standing standing(const Points& points, Monotonic now, const WindowRules& rules);

// REQUIRES: standing() is rated.
Usage usage_of(const Points& points);

}  // namespace storage
