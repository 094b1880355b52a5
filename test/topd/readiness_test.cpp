// SPDX-License-Identifier: Apache-2.0
#include "topd/readiness.hpp"

#include <vector>

#include <catch2/catch.hpp>

using namespace std::chrono_literals;
using topd::Readiness;
using State = Readiness::State;

TEST_CASE("readiness comes at once and goes late") {
    struct Step {
        std::chrono::seconds at;
        bool has_figures;
        State state;
    };
    struct Case {
        const char* name;
        std::vector<Step> steps;
    };
    const Case cases[] = {
        {"it starts without",
         {{0s, false, State::starting}, {1000s, false, State::starting}, {1001s, true, State::ready}}},
        {"figures that are missing once",
         {{0s, true, State::ready}, {10s, false, State::held}, {20s, true, State::ready}}},
        {"figures that stay away",
         {{0s, true, State::ready},
          {10s, false, State::held},
          {159s, false, State::held},
          {160s, false, State::lost},
          {170s, false, State::lost},
          {180s, true, State::ready}}},
        {"each gap counts for itself",
         {{0s, true, State::ready},
          {10s, false, State::held},
          {100s, true, State::ready},
          {110s, false, State::held},
          {250s, false, State::held}}},
        {"a gap begins when it is seen",
         {{0s, true, State::ready}, {1000s, false, State::held}, {1150s, false, State::lost}}},
    };
    for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
            Readiness readiness;
            for (const Step& step : c.steps) {
                CAPTURE(step.at.count());
                CHECK(readiness.observe(step.has_figures, Readiness::Time{} + 1h + step.at) == step.state);
            }
        }
}

TEST_CASE("figures that come and go at any pace cannot trip the alert on flapping") {
    for (const auto pace : {1s, 15s, 60s, 149s, 150s, 151s, 200s}) {
        Readiness readiness;
        std::vector<std::chrono::seconds> lost;
        State before = State::starting;
        for (std::chrono::seconds at{0}; at < 3h; at += 1s) {
            const bool has_figures = at / pace % 2 == 0;
            const State state = readiness.observe(has_figures, Readiness::Time{} + at);
            if (state == State::lost && before != State::lost) lost.push_back(at);
            before = state;
        }
        CAPTURE(pace.count());
        // No five within ten minutes.
        for (std::size_t i = 4; i < lost.size(); ++i) CHECK(lost[i] - lost[i - 4] >= 10min);
    }
}
