// SPDX-License-Identifier: Apache-2.0
// Says at -v=1 which containers the pages show without CPU or memory: their pods have no metrics
// (docs/decisions/0003-points-and-windows.md).
#pragma once

#include "storage/node_page.hpp"

#include <cstddef>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>

namespace scraper {

// "NAMESPACE/POD/CONTAINER"; empty: the node itself, which is the row without names.
std::string name_of(const storage::PageRow& row);

class IncompleteRows {
  public:
    // At most so many containers of a node, and so many nodes, are logged.
    static constexpr std::size_t kMostOfANode = 100;
    static constexpr std::size_t kMostNodes = 500;

    // In metrics-server's words. Each container, and the node itself, once until a page shows it whole or not
    // at all. Nothing below -v=1.
    void say(std::string_view node, const storage::NodePage& page);

  private:
    // By node.
    std::map<std::string, std::set<std::string>, std::less<>> said_;
};

}  // namespace scraper
