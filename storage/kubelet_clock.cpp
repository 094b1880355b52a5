// SPDX-License-Identifier: Apache-2.0
#include "storage/kubelet_clock.hpp"

#include <algorithm>

namespace storage {
namespace {

// chronyd slews by up to a twelfth, if by much then for minutes; what is more than this is taken for set.
constexpr int kSlewedPart = 10;
constexpr std::chrono::seconds kSlewedMost{2};

}  // namespace

void KubeletClock::observe(const NodePage& page, Monotonic now) {
    if (just_set_) ++setting_;
    just_set_ = false;
    if (page.kubelet_time == 0) return;
    using std::chrono::nanoseconds;
    const nanoseconds told{page.kubelet_time};
    const nanoseconds least = told - now.time_since_epoch();
    const nanoseconds most = least + std::chrono::seconds{1} + page.request_time;
    const bool first = at_ == Monotonic{};
    const nanoseconds slewed = std::min<nanoseconds>((now - at_) / kSlewedPart, kSlewedMost);
    if (!first && (most + slewed < least_ || least > most_ + slewed)) {
        ++setting_;
        just_set_ = true;
        set_at_ = now;
    }
    least_ = least;
    most_ = most;
    at_ = now;
}

}  // namespace storage
