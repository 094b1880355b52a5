// SPDX-License-Identifier: Apache-2.0
// Takes over what the watches say, into the store and into the set of nodes to scrape.
#pragma once

#include "kube/objects.hpp"
#include "kube/reflector.hpp"
#include "scraper/kubelet/address.hpp"
#include "storage/store.hpp"

#include <cstdint>
#include <string>
#include <unordered_map>

namespace scraper {

// The nodes to scrape, as whoever scrapes them is told.
class TargetSet {
  public:
    virtual ~TargetSet() = default;
    // Added or changed. An error is why the node cannot be asked.
    virtual void put_target(const kube::Node& node, const net::Result<Target>& target) = 0;
    virtual void remove_target(const std::string& name) = 0;
};

class NodeInventory final : public kube::Observer<kube::Node> {
  public:
    // Store and targets must outlive it.
    NodeInventory(AddressOptions options, storage::Store& store, TargetSet& targets);

    void begin_list() override;
    void end_list() override;
    void put(const kube::Node& node) override;
    void removed(const kube::Node& node) override;

    // The first list came to its end: what is put from now on joins a cluster that is known.
    bool listed() const { return listed_; }

  private:
    AddressOptions options_;
    storage::Store& store_;
    TargetSet& targets_;
    // Each known node and the list that last held it.
    std::unordered_map<std::string, std::uint64_t> seen_;
    std::uint64_t list_ = 0;
    bool listed_ = false;
};

class PodInventory final : public kube::Observer<kube::Pod> {
  public:
    explicit PodInventory(storage::Store& store) : store_{store} {}

    void begin_list() override { store_.begin_pods(); }
    void end_list() override { store_.end_pods(); }
    void put(const kube::Pod& pod) override { store_.put_pod(pod.name_space, pod.name, pod.labels, pod.uid); }
    void removed(const kube::Pod& pod) override { store_.remove_pod(pod.name_space, pod.name); }

  private:
    storage::Store& store_;
};

}  // namespace scraper
