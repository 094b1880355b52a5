// SPDX-License-Identifier: Apache-2.0
// The rows of a page by pod. A page has them by container name, so a pod's are scattered over it.
#pragma once

#include "storage/node_page.hpp"
#include "storage/objects.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace storage {

// Reused from page to page; keeps the memory that a usual page needs.
class RowGroups {
  public:
    using Rows = std::span<const PageRow* const>;

    // Starts a page; `page_number` differs from all before.
    void begin(const NodePage& page, std::uint64_t page_number);
    // The next row of the page is of this pod; null: it is left out.
    void add(Pod* pod);

    std::size_t size() const { return groups_.size(); }
    Pod& pod(std::size_t group) const { return *groups_[group].pod; }
    // The pod's rows by container name, rows of the same name in page order. Valid until the next call.
    Rows rows(std::size_t group);

  private:
    static constexpr std::uint32_t kEnd = ~0U;
    struct Group {
        Pod* pod;
        std::uint32_t first;
        std::uint32_t last;
    };

    const NodePage* page_ = nullptr;
    std::uint64_t page_number_ = 0;
    std::vector<Group> groups_;
    // For each row the next one of the same pod.
    std::vector<std::uint32_t> next_;
    std::vector<const PageRow*> rows_;
};

}  // namespace storage
