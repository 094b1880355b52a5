// SPDX-License-Identifier: Apache-2.0
#include "topd/serving/readiness.hpp"

#include <vector>

#include <catch2/catch.hpp>

using namespace std::chrono_literals;
using topd::Readiness;
using State = Readiness::State;
using Figures = Readiness::Figures;

namespace {

const Readiness::Time kBegin = Readiness::Time{} + 1h;
const Readiness::Time kStartEnds = kBegin + 40s;

}  // namespace

TEST_CASE("readiness comes at once and goes late") {
    struct Step {
        std::chrono::seconds at;
        Figures figures;
        State state;
    };
    struct Case {
        const char* name;
        std::vector<Step> steps;
    };
    const Case cases[] = {
        {"a start waits for all",
         {{0s, Figures::none, State::starting},
          {10s, Figures::some, State::starting},
          {12s, Figures::all, State::ready}}},
        {"a start waits so long for the last",
         {{39s, Figures::some, State::starting}, {40s, Figures::some, State::ready}}},
        {"a cluster that gives none is waited for so long and then for the hold",
         {{39s, Figures::none, State::starting},
          {40s, Figures::none, State::held},
          {189s, Figures::none, State::held},
          {190s, Figures::none, State::lost},
          {200s, Figures::some, State::ready}}},
        {"a cluster that is not known is waited for as long as it takes",
         {{1000s, Figures::unknown, State::starting},
          {1001s, Figures::none, State::held},
          {1002s, Figures::all, State::ready}}},
        {"once ready it does not wait for all",
         {{0s, Figures::all, State::ready},
          {1s, Figures::none, State::held},
          {2s, Figures::some, State::ready}}},
        {"figures that are missing once",
         {{0s, Figures::all, State::ready},
          {10s, Figures::none, State::held},
          {20s, Figures::all, State::ready}}},
        {"figures that stay away",
         {{0s, Figures::all, State::ready},
          {10s, Figures::none, State::held},
          {159s, Figures::none, State::held},
          {160s, Figures::none, State::lost},
          {170s, Figures::none, State::lost},
          {180s, Figures::all, State::ready}}},
        {"each gap counts for itself",
         {{0s, Figures::all, State::ready},
          {10s, Figures::none, State::held},
          {100s, Figures::all, State::ready},
          {110s, Figures::none, State::held},
          {250s, Figures::none, State::held}}},
        {"a gap begins when it is seen",
         {{0s, Figures::all, State::ready},
          {1000s, Figures::none, State::held},
          {1150s, Figures::none, State::lost}}},
    };
    for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
            Readiness readiness;
            for (const Step& step : c.steps) {
                CAPTURE(step.at.count());
                CHECK(readiness.observe(step.figures, kStartEnds, kBegin + step.at) == step.state);
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
            const State state =
                readiness.observe(has_figures ? Figures::all : Figures::none, kBegin, kBegin + at);
            if (state == State::lost && before != State::lost) lost.push_back(at);
            before = state;
        }
        CAPTURE(pace.count());
        // No five within ten minutes.
        for (std::size_t i = 4; i < lost.size(); ++i) CHECK(lost[i] - lost[i - 4] >= 10min);
    }
}
