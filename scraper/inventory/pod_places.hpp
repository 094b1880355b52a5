// SPDX-License-Identifier: Apache-2.0
// Asks the API server where the pods are that two nodes show (docs/decisions/0003-points-and-windows.md).
#pragma once

#include "kube/client.hpp"
#include "net/task.hpp"
#include "storage/store.hpp"

#include <chrono>

namespace scraper {

class PodPlaces {
  public:
    // How often it is looked whether there are any, and the least between two requests: a node may claim
    // every pod there is.
    static constexpr std::chrono::seconds kLookEvery{5};
    static constexpr std::chrono::milliseconds kPace{100};

    // The store must outlive it.
    PodPlaces(net::Executor executor, const kube::Config& cluster, storage::Store& store)
        : client_{std::move(executor), cluster}, store_{store} {}

    // Until cancelled.
    net::Task<> run(std::chrono::milliseconds look_every = kLookEvery);

  private:
    net::Task<> ask(storage::DisputedPod pod);

    kube::Client client_;
    storage::Store& store_;
};

}  // namespace scraper
