// SPDX-License-Identifier: Apache-2.0
// Takes over whole objects from the watches into the store of --watch-objects, and hands them on to whoever
// takes their metadata.
#pragma once

#include "kube/full_objects.hpp"
#include "kube/reflector.hpp"
#include "storage/watched/watched_objects.hpp"

namespace scraper {

class NodeObjects final : public kube::Observer<kube::FullNode> {
  public:
    // Both must outlive it.
    NodeObjects(storage::WatchedObjects& objects, kube::Observer<kube::Node>& next)
        : objects_{objects}, next_{next} {}

    void begin_list() override;
    void end_list() override;
    void put(const kube::FullNode& node) override;
    void removed(const kube::FullNode& node) override;

  private:
    storage::WatchedObjects& objects_;
    kube::Observer<kube::Node>& next_;
};

// Pods that have ended are handed on and not kept: they hold nothing any more.
class PodObjects final : public kube::Observer<kube::FullPod> {
  public:
    PodObjects(storage::WatchedObjects& objects, kube::Observer<kube::Pod>& next)
        : objects_{objects}, next_{next} {}

    void begin_list() override;
    void end_list() override;
    void put(const kube::FullPod& pod) override;
    void removed(const kube::FullPod& pod) override;

  private:
    storage::WatchedObjects& objects_;
    kube::Observer<kube::Pod>& next_;
};

}  // namespace scraper
