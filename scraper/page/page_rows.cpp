// SPDX-License-Identifier: Apache-2.0
#include "scraper/page/page_rows.hpp"

#include <algorithm>
#include <functional>

namespace scraper {
namespace {

using storage::NodePage;
using storage::PageRow;

ContainerKey key_of_row(const PageRow& row) {
    return {row.container, row.name_space, row.pod};
}

bool row_before(const PageRow& row, const ContainerKey& key) {
    return key_of_row(row) < key;
}

}  // namespace

std::size_t PageRows::Hash::operator()(const ContainerKey& key) const {
    const std::hash<std::string_view> hash;
    return (hash(key.name_space) * 31 + hash(key.pod)) * 31 + hash(key.container);
}

void PageRows::clear(std::size_t expected) {
    blocks_.clear();
    blocks_.reserve(expected);
    next_ = 0;
    in_order_ = true;
    by_key_.clear();
}

std::optional<std::size_t> PageRows::find(const ContainerKey& key, const NodePage& page) const {
    if (!in_order_) {
        const auto known = by_key_.find(key);
        return known == by_key_.end() ? std::nullopt : std::optional{known->second};
    }
    const std::vector<PageRow>& rows = page.containers;
    if (rows.empty() || key_of_row(rows.back()) < key) return std::nullopt;
    const auto at = std::lower_bound(rows.begin(), rows.end(), key, row_before);
    if (key_of_row(*at) != key) return std::nullopt;
    return static_cast<std::size_t>(at - rows.begin());
}

void PageRows::index_all(const NodePage& page) {
    in_order_ = false;
    for (std::size_t i = 0; i < page.containers.size(); ++i)
        by_key_.emplace(key_of_row(page.containers[i]), i);
}

std::optional<std::size_t> PageRows::find_or_add(const ContainerKey& key, std::string_view block,
                                                 NodePage& page, std::size_t limit) {
    const auto known = find(key, page);
    if (known) return known;
    if (blocks_.size() >= limit) return std::nullopt;
    if (in_order_ && !page.containers.empty() && key < key_of_row(page.containers.back())) index_all(page);

    const std::string_view kept = page.keep(block);
    const auto keep = [&](std::string_view name) {
        return kept.substr(static_cast<std::size_t>(name.data() - block.data()), name.size());
    };
    PageRow& row = page.containers.emplace_back();
    row.name_space = keep(key.name_space);
    row.pod = keep(key.pod);
    row.container = keep(key.container);
    const std::size_t index = blocks_.size();
    if (!in_order_) by_key_.emplace(key_of_row(row), index);
    blocks_.push_back(kept);
    return index;
}

}  // namespace scraper
