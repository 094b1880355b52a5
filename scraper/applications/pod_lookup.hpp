// SPDX-License-Identifier: Apache-2.0
// Asks the API server where pods are, a few at a time and at a bounded pace.
#pragma once

#include "kube/client.hpp"
#include "kube/pod_network.hpp"
#include "net/task.hpp"

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace scraper {

struct LookedUpPod {
    kube::PodNetwork pod;
    // Why it is not known, for people; empty: it is.
    std::string trouble;
};

class PodLookup {
  public:
    // At once, and the least between two begins: 20 a second.
    static constexpr std::size_t kAtOnce = 4;
    static constexpr std::chrono::milliseconds kPace{50};

    PodLookup(const net::Executor& executor, const kube::Config& cluster);

    bool has_room() const { return !idle_.empty(); }
    // When the next may begin.
    net::Clock::time_point next() const { return next_; }
    // REQUIRES: has_room(). Throws only when it is cancelled.
    net::Task<LookedUpPod> ask(std::string name_space, std::string name);

  private:
    net::Task<LookedUpPod> ask(kube::Client& client, std::string path);

    std::vector<kube::Client> clients_;
    std::vector<kube::Client*> idle_;
    net::Clock::time_point next_{};
};

}  // namespace scraper
