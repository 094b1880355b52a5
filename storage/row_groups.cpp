// SPDX-License-Identifier: Apache-2.0
#include "storage/row_groups.hpp"

#include <algorithm>

namespace storage {
namespace {

// One monstrous page must not cost its memory for ever.
constexpr std::size_t kKeptRows = 8192;

template <class T>
void reset(std::vector<T>& scratch) {
    scratch.clear();
    if (scratch.capacity() > kKeptRows) scratch.shrink_to_fit();
}

bool by_container(const PageRow* a, const PageRow* b) {
    return a->container < b->container;
}

}  // namespace

void RowGroups::begin(const NodePage& page, std::uint64_t page_number) {
    page_ = &page;
    page_number_ = page_number;
    reset(groups_);
    reset(next_);
    reset(rows_);
}

void RowGroups::add(Pod* pod) {
    const auto row = static_cast<std::uint32_t>(next_.size());
    next_.push_back(kEnd);
    if (pod == nullptr) return;
    if (pod->page == page_number_) {
        Group& group = groups_[pod->group];
        next_[group.last] = row;
        group.last = row;
        return;
    }
    pod->page = page_number_;
    pod->group = static_cast<std::uint32_t>(groups_.size());
    groups_.push_back({pod, row, row});
}

RowGroups::Rows RowGroups::rows(std::size_t group) {
    rows_.clear();
    for (std::uint32_t row = groups_[group].first; row != kEnd; row = next_[row]) {
        rows_.push_back(&page_->containers[row]);
    }
    // A kubelet's page is in this order already.
    if (!std::is_sorted(rows_.begin(), rows_.end(), by_container)) {
        std::stable_sort(rows_.begin(), rows_.end(), by_container);
    }
    return rows_;
}

}  // namespace storage
