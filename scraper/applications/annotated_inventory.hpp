// SPDX-License-Identifier: Apache-2.0
// Pods whose annotations say that they are to be scraped, from the watch of pods, which is handed on.
#pragma once

#include "kube/objects.hpp"
#include "kube/reflector.hpp"
#include "storage/applications/applications.hpp"

namespace scraper {

class AnnotatedInventory final : public kube::Observer<kube::Pod> {
  public:
    // Both must outlive it.
    AnnotatedInventory(storage::applications::Applications& applications, kube::Observer<kube::Pod>& next)
        : applications_{applications}, next_{next} {}

    void begin_list() override;
    void end_list() override;
    void put(const kube::Pod& pod) override;
    void removed(const kube::Pod& pod) override;

  private:
    storage::applications::Applications& applications_;
    kube::Observer<kube::Pod>& next_;
};

}  // namespace scraper
