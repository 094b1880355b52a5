// SPDX-License-Identifier: Apache-2.0
// The files of credentials, which are replaced while topd runs: certificates are renewed, authorities and
// kubeconfigs change. One loop looks at all of them.
#pragma once

#include "net/task.hpp"

#include <chrono>
#include <functional>
#include <utility>
#include <vector>

namespace topd {

class FollowedFiles {
  public:
    static constexpr std::chrono::seconds kLookAgain{5};

    // `read_again` is called every kLookAgain, behind those that were added before. It looks whether its own
    // files hold something else, and takes that over; what is not usable (half replaced, say) it logs, and
    // keeps the last good one.
    void add(std::function<void()> read_again) { read_again_.push_back(std::move(read_again)); }

    // Until cancelled.
    net::Task<> run();

  private:
    std::vector<std::function<void()>> read_again_;
};

}  // namespace topd
