// SPDX-License-Identifier: Apache-2.0
// Whether topd counts as ready, by what it has of figures: after a start when it has all that it can get, or
// when it has waited long enough; from then on ready at once, and not ready only after a while without any
// (docs/decisions/0013-health.md). Time comes in as an argument.
#pragma once

#include <chrono>
#include <optional>

namespace topd {

class Readiness {
  public:
    using Time = std::chrono::steady_clock::time_point;

    // The alert KubeAggregatedAPIErrors counts how often an API became unavailable: more than four times in
    // ten minutes. Whatever the figures do, they cannot bring it about.
    static constexpr std::chrono::seconds kHold{150};

    enum class State {
        starting,  // never was ready
        ready,
        held,  // without figures for less than kHold: still ready
        lost   // for longer
    };

    // What there is to serve. unknown: it is not known what there could be. some: more will come soon.
    enum class Figures { unknown, none, some, all };

    // `start_ends`: when a start has waited long enough.
    State observe(Figures figures, Time start_ends, Time now) {
        if (state_ == State::starting && !start_is_over(figures, start_ends, now)) return state_;
        if (figures == Figures::some || figures == Figures::all) {
            missing_since_.reset();
            return state_ = State::ready;
        }
        if (state_ == State::lost) return state_;
        if (!missing_since_) missing_since_ = now;
        return state_ = now - *missing_since_ < kHold ? State::held : State::lost;
    }

  private:
    static bool start_is_over(Figures figures, Time start_ends, Time now) {
        return figures == Figures::all || (figures != Figures::unknown && now >= start_ends);
    }

    State state_ = State::starting;
    std::optional<Time> missing_since_;
};

}  // namespace topd
