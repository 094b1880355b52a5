// SPDX-License-Identifier: Apache-2.0
#include "scraper/applications/pod_schedule.hpp"

#include <set>
#include <string>

#include <catch2/catch.hpp>

using namespace scraper;
using namespace std::chrono_literals;

namespace {

constexpr PodSchedule::Time kBegin{1000h};

PodSchedule pod_schedule() {
    return PodSchedule{{15s, 10s, 1s}};
}

}  // namespace

TEST_CASE("a pod is due at once, then at its moment of each interval") {
    PodSchedule schedule = pod_schedule();
    CHECK(schedule.next() == PodSchedule::Time::max());
    schedule.wake("ns/a", kBegin);
    CHECK(schedule.next() == kBegin);
    CHECK(schedule.take_due(kBegin) == "ns/a");
    CHECK(schedule.take_due(kBegin) == std::nullopt);
    schedule.done("ns/a", kBegin + 100ms, false);
    const auto second = *schedule.next_of("ns/a");
    CHECK(second >= kBegin + 7500ms);
    CHECK(second < kBegin + 22500ms);
    CHECK(schedule.take_due(second - 1ns) == std::nullopt);
    CHECK(schedule.take_due(second) == "ns/a");
    schedule.done("ns/a", second + 5s, false);
    CHECK(*schedule.next_of("ns/a") == second + 15s);
}

TEST_CASE("a counter's second page comes soon") {
    PodSchedule schedule = pod_schedule();
    schedule.wake("ns/a", kBegin);
    schedule.take_due(kBegin);
    schedule.done("ns/a", kBegin + 100ms, true);
    CHECK(*schedule.next_of("ns/a") <= kBegin + 10s);
    CHECK(*schedule.next_of("ns/a") >= kBegin + 7500ms);
}

TEST_CASE("what is new in demand does not wait, and does not come more often than once a second") {
    PodSchedule schedule = pod_schedule();
    schedule.wake("ns/a", kBegin);
    schedule.take_due(kBegin);
    // While it is under way.
    schedule.wake("ns/a", kBegin + 10ms);
    CHECK(schedule.next() == PodSchedule::Time::max());
    schedule.done("ns/a", kBegin + 100ms, false);
    CHECK(schedule.next() == kBegin + 1s);
    schedule.take_due(kBegin + 1s);
    schedule.done("ns/a", kBegin + 1100ms, false);
    schedule.wake("ns/a", kBegin + 1200ms);
    CHECK(schedule.next() == kBegin + 2s);
    schedule.take_due(kBegin + 2s);
    schedule.done("ns/a", kBegin + 2s, false);
    schedule.wake("ns/a", kBegin + 5s);
    CHECK(schedule.next() == kBegin + 5s);
}

TEST_CASE("pods are spread over the interval") {
    PodSchedule schedule = pod_schedule();
    for (int i = 0; i < 150; ++i) schedule.wake("ns/pod-" + std::to_string(i), kBegin);
    std::multiset<std::int64_t> seconds;
    while (const auto pod = schedule.take_due(kBegin)) {
        schedule.done(*pod, kBegin, false);
        seconds.insert((*schedule.next_of(*pod) - kBegin) / 1s);
    }
    CHECK(seconds.size() == 150);
    for (std::int64_t second = 8; second < 22; ++second) {
        CAPTURE(second);
        CHECK(seconds.count(second) > 0);
        CHECK(seconds.count(second) < 25);
    }
}

TEST_CASE("a pod that is let go is not due any more") {
    PodSchedule schedule = pod_schedule();
    schedule.wake("ns/a", kBegin);
    schedule.remove("ns/a");
    CHECK(schedule.take_due(kBegin) == std::nullopt);
    CHECK(schedule.size() == 0);
    schedule.wake("ns/a", kBegin);
    schedule.take_due(kBegin);
    schedule.remove("ns/a");
    schedule.done("ns/a", kBegin, false);
    CHECK(schedule.next() == PodSchedule::Time::max());
}
