// SPDX-License-Identifier: Apache-2.0
// Reads a kubelet's /stats/summary while it arrives, in any split. Does no IO and never throws.
//
// A bad field costs the field: what is no number where one should be, a time that is none. A bad pod costs
// the pod, a container or volume without a usable name (storage/names/name_limits.hpp) itself; each is
// counted. What is unknown is passed over. Only what is no JSON object outside of its pods, or a pod of more
// than kLongestThing, costs the page.
#pragma once

#include "kube/json/object_splitter.hpp"
#include "storage/stats/stats_page.hpp"

#include <cstddef>
#include <string_view>

namespace scraper {

class StatsParser {
  public:
    // The longest text of one pod, or of the node with the system's containers: a container takes some 3 kB.
    static constexpr std::size_t kLongestThing = std::size_t{1024} * 1024;
    // Pods, containers and volumes of a page; further ones are left out.
    static constexpr std::size_t kMostThings = 20'000;
    // Brackets in each other, within a pod or the node.
    static constexpr std::size_t kDeepest = 32;

    // Fills the page, which is empty and must outlive it.
    explicit StatsParser(storage::stats::StatsPage& page);

    // The next bytes. False: this is no page, and what follows is of no use.
    bool feed(std::string_view piece);
    // All has come. False: it was cut short, or nothing in it is a figure.
    bool finish();

  private:
    void take_node(std::string_view text);
    void take_pod(std::string_view text);

    storage::stats::StatsPage& page_;
    kube::ObjectSplitter splitter_;
    std::size_t things_ = 0;
    bool good_ = true;
    bool node_seen_ = false;
};

}  // namespace scraper
