// SPDX-License-Identifier: Apache-2.0
// The points of one container or node, and the rules that turn them into usage
// (docs/decisions/0003-points-and-windows.md). Pure: values in, values out.
#pragma once

#include "storage/node_page.hpp"
#include "storage/usage.hpp"

#include <chrono>
#include <cstdint>
#include <optional>

namespace storage {

// A sample nearer to the container's start than this says nothing yet: its window would be absurdly short.
constexpr std::chrono::seconds kMinFreshAge{1};

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
    // Of the last page that held the complete line. Meaningless without a last point.
    Monotonic seen_at{};
    // The counter fell after `started`, so `started` is not where it began to count.
    bool start_outlived = false;

    bool empty() const { return last.at == 0; }
};

enum class RowKind {
    // Neither CPU nor memory, or nothing but zeros: what ended keeps its start time on the page for a while,
    // and
    // CRI-O tells zeros of init containers that ended.
    absent,
    // One of the two is missing or zero: alive, but not measured (yet).
    incomplete,
    complete,
};
RowKind kind_of(const PageRow& row);

// Whether a row's start time counts: a node has none.
enum class StartRule { off, on };

// Adds a complete row of a page taken at `now`. `fresh_bound`: how old a container may be at its sample to be
// given the previous point (start, 0).
void add(Points& points, const PageRow& row, Monotonic now, std::chrono::nanoseconds fresh_bound,
         StartRule start_rule);

// Whether the points are older than `bound`, or there are none.
bool is_stale(const Points& points, Monotonic now, std::chrono::nanoseconds bound);

enum class Standing {
    // It has a usage to serve.
    rated,
    // Its only sample is younger than kMinFreshAge: as if it had not started yet.
    unborn,
    // It has none.
    unrated,
};
Standing standing(const Points& points, Monotonic now, std::chrono::nanoseconds bound);

// REQUIRES: standing() is rated.
Usage usage_of(const Points& points);

}  // namespace storage
