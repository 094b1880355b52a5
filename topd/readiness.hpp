// SPDX-License-Identifier: Apache-2.0
// Whether topd counts as ready, by whether it has figures: ready at once, not ready again only after a while
// without (docs/decisions/0013-health.md). Time comes in as an argument.
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
        starting,  // never had figures
        ready,
        held,  // had figures less than kHold ago: still ready
        lost   // has been without for longer
    };

    State observe(bool has_figures, Time now) {
        if (has_figures) {
            missing_since_.reset();
            return state_ = State::ready;
        }
        if (state_ == State::starting || state_ == State::lost) return state_;
        if (!missing_since_) missing_since_ = now;
        return state_ = now - *missing_since_ < kHold ? State::held : State::lost;
    }

  private:
    State state_ = State::starting;
    std::optional<Time> missing_since_;
};

}  // namespace topd
