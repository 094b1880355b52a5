// SPDX-License-Identifier: Apache-2.0
// Whether a kubelet's clock was set between two of its answers, by their Date (RFC 9110, 6.6.1: the time of
// the answer, to the second). Pure: times come in as arguments.
#pragma once

#include "storage/node_page.hpp"
#include "storage/usage.hpp"

#include <chrono>
#include <cstdint>

namespace storage {

class KubeletClock {
  public:
    // Reads the Date of an answer that came at `now`. One without a Date says nothing. The clock was set when
    // it is not where the last Date put it. Allowed are the second that a Date leaves open, the time that
    // the request took, and for a clock that is being slewed a tenth of the time since, 2 s at most.
    void observe(const NodePage& page, Monotonic now);

    // Changes when the clock was set, and once more with the page after that: samples of the page that shows
    // it may be from before, and fit neither side.
    std::uint8_t setting() const { return setting_; }
    // Whether the setting stays with the next page, if the clock does.
    bool is_settled() const { return !just_set_; }
    // Whether it was set since then: a container's start may be from before, and its sample not.
    bool set_since(Monotonic then) const { return setting_ != 0 && set_at_ >= then; }

  private:
    // What the kubelet's clock was ahead of ours, between these two, at `at_`.
    std::chrono::nanoseconds least_{0};
    std::chrono::nanoseconds most_{0};
    Monotonic at_{};
    Monotonic set_at_{};
    std::uint8_t setting_ = 0;
    bool just_set_ = false;
};

}  // namespace storage
