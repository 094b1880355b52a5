// SPDX-License-Identifier: Apache-2.0
#include "storage/kubelet_clock.hpp"

namespace storage {
namespace {

// chronyd slews by up to a twelfth.
constexpr int kSlewedPart = 10;

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
    const nanoseconds slewed = (now - at_) / kSlewedPart;
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
