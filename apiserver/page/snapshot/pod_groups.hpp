// SPDX-License-Identifier: Apache-2.0
// The namespaces and workloads of a snapshot that is being taken: sums of their pods.
#pragma once

#include "apiserver/page/snapshot/snapshot.hpp"
#include "apiserver/turns/stint.hpp"
#include "net/task.hpp"

#include <cstdint>
#include <unordered_map>

namespace storage {
class WatchedObjects;
}

namespace apiserver {

class PodGroups {
  public:
    // It must outlive it.
    explicit PodGroups(Snapshot& snapshot) : snapshot_{snapshot} {}

    // REQUIRES: pods come in the order of their namespaces.
    void add(const UsageRow& pod);

    // When all pods were added: how many have figures, and what namespaces reserve.
    void count();
    void set_reserved(const storage::WatchedObjects& objects);
    // Workloads by their names: they came in the order of their pods'.
    net::Task<> sort(Stint& stint);

  private:
    UsageRow& namespace_of(const UsageRow& pod);
    UsageRow& workload_of(const UsageRow& pod);

    Snapshot& snapshot_;
    // Places of rows, by namespace and name.
    std::unordered_map<std::uint64_t, std::uint32_t> workloads_;
};

}  // namespace apiserver
