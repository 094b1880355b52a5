// SPDX-License-Identifier: Apache-2.0
#include "topd/pods_first.hpp"

#include "net/task_group.hpp"

namespace topd {

net::Task<> pods_first(const kube::Reflector& pods, std::chrono::milliseconds limit,
                       std::chrono::milliseconds pace) {
    const auto until = net::Clock::now() + limit;
    while (!pods.synced() && pods.last_error().empty() && net::Clock::now() < until)
        co_await net::sleep_until(net::Clock::now() + pace);
}

}  // namespace topd
