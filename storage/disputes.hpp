// SPDX-License-Identifier: Apache-2.0
// Pods that two nodes show, and whose they are as the API server says (spec.nodeName). What a page claims of
// itself, starts and times, settles nothing: a node could claim any pod.
#pragma once

#include "storage/usage.hpp"

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

namespace storage {

struct Pod;

// Pods that go are to be forgotten.
class Disputes {
  public:
    // Pods that are not settled: more are left with their owners.
    static constexpr std::size_t kMost = 1000;
    // Until one that was asked for and not settled is asked for again.
    static constexpr std::chrono::minutes kAskAgain{1};

    void add(const Pod& pod, Monotonic now);
    // The pods to ask the API server for, each once.
    std::vector<const Pod*> take();
    void settle(const Pod& pod, std::string_view node);
    void forget(const Pod& pod);

    // Whether the pod is known to be another node's.
    bool is_elsewhere(const Pod& pod, std::string_view node) const;

  private:
    struct Dispute {
        // Empty: not settled.
        std::string node;
        Monotonic asked_at{};
    };
    boost::unordered_flat_map<const Pod*, Dispute> disputes_;
    std::size_t open_ = 0;
    std::vector<const Pod*> to_ask_;
};

}  // namespace storage
