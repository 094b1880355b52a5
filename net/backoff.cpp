// SPDX-License-Identifier: Apache-2.0
#include "net/backoff.hpp"

#include <algorithm>

namespace net {

std::chrono::milliseconds Backoff::next(Clock::time_point now) {
    const bool was_healthy = now - last_failure_ > options_.healthy_after;
    if (step_.count() == 0 || was_healthy)
        step_ = options_.first;
    else
        step_ = std::min(2 * step_, options_.longest);
    last_failure_ = now;
    std::uniform_int_distribution<std::chrono::milliseconds::rep> between{step_.count() / 2, step_.count()};
    return std::chrono::milliseconds{between(random_)};
}

}  // namespace net
