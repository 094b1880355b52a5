// SPDX-License-Identifier: Apache-2.0
#include "storage/kubelet_clock.hpp"

#include "test/storage/pages.hpp"

#include <cmath>
#include <vector>

#include <catch2/catch.hpp>

using namespace storage;

namespace {

// An answer: when it came by our clock, what the kubelet's clock was ahead, how long the request took; Date
// or none.
struct Answer {
    double now;
    double ahead;
    double took = 0.01;
    bool dated = true;
};

constexpr double kEpoch = 1'790'000'000;

KubeletClock after(const std::vector<Answer>& answers) {
    KubeletClock clock;
    for (const Answer& answer : answers) {
        NodePage page;
        // It was written at any time of the request.
        if (answer.dated)
            page.kubelet_time = nanos(std::floor(kEpoch + answer.now - answer.took / 2 + answer.ahead));
        page.request_time = std::chrono::nanoseconds{nanos(answer.took)};
        clock.observe(page, at(answer.now));
    }
    return clock;
}

}  // namespace

TEST_CASE("A kubelet's clock that was set is told by its answers' Date") {
    struct Case {
        const char* name;
        std::vector<Answer> answers;
        int settings;
    };
    const Case cases[] = {
        {"none", {}, 0},
        {"one says nothing", {{100, 0}}, 0},
        {"it goes on", {{100, 0}, {115, 0}, {130.4, 0}, {145.99, 0}}, 0},
        {"however far it is ahead", {{100, 4000.7}, {115, 4000.7}, {131, 4000.7}}, 0},
        {"an hour forward", {{100, 0}, {115, 3600}}, 1},
        {"the page after it begins another, once", {{100, 0}, {115, 3600}, {130, 3600}, {145, 3600}}, 2},
        {"an hour back", {{100, 3600}, {115, 0}}, 1},
        {"there and back", {{100, 0}, {115, 3600}, {130, 0}, {145, 0}}, 4},
        {"five seconds back", {{100, 5}, {115, 0}}, 1},
        {"a second is within what a Date says", {{100, 0}, {115, 1}}, 0},
        {"it is slewed", {{100, 0}, {115, 1.2}, {130, 2.4}, {145, 3.6}, {160, 4.8}}, 0},
        {"a slow answer may be from its begin or its end", {{100, 0}, {115, 5, 10}}, 0},
        {"not from before", {{100, 0}, {115, 9, 10}}, 1},
        {"one without a Date says nothing", {{100, 0}, {115, 3600, 0.01, false}, {130, 0}}, 0},
        {"none has one", {{100, 0, 0.01, false}, {115, 3600, 0.01, false}}, 0},
        {"a long silence is no setting", {{100, 0}, {4000, 0}}, 0},
    };
    for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
            CHECK(after(c.answers).setting() == c.settings);
        }
}

TEST_CASE("A setting is remembered by the time it was seen") {
    const KubeletClock clock = after({{100, 0}, {115, 3600}, {130, 3600}});
    CHECK(clock.set_since(at(115)));
    CHECK_FALSE(clock.set_since(at(115.001)));
    CHECK_FALSE(after({{100, 0}, {115, 0}}).set_since(at(-1000)));
}
