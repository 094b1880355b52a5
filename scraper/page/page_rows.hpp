// SPDX-License-Identifier: Apache-2.0
// The rows of a page that is being parsed, by the label blocks that name them.
#pragma once

#include "storage/node_page.hpp"

#include <compare>
#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

namespace scraper {

// Ordered as kubelets order their lines.
struct ContainerKey {
    std::string_view container;
    std::string_view name_space;
    std::string_view pod;

    auto operator<=>(const ContainerKey&) const = default;
};

// Which row of the page a label block means. The families of a page list the same containers in the same
// order, so the row after the last one is tried first, by comparing bytes; only what does not fit is taken
// apart and looked up: among rows in a kubelet's order by halving, else by hash.
class PageRows {
  public:
    // Begins a page without containers; keeps the memory.
    void clear(std::size_t expected);
    // Begins a family.
    void rewind() { next_ = 0; }

    // The block of the row that is expected next, if the text begins with it; else empty.
    std::string_view expected_block(std::string_view text) const {
        const bool fits = next_ < blocks_.size() && text.starts_with(blocks_[next_]);
        return fits ? blocks_[next_] : std::string_view{};
    }
    std::size_t expected_row() const { return next_; }
    // That row has been read.
    void pass(std::size_t row) { next_ = row + 1; }

    // The row of this key, whose names stand in the block; adds it to the page. nullopt: it would be more
    // than `limit` rows.
    std::optional<std::size_t> find_or_add(const ContainerKey& key, std::string_view block,
                                           storage::NodePage& page, std::size_t limit);

  private:
    struct Hash {
        std::size_t operator()(const ContainerKey& key) const;
    };

    std::optional<std::size_t> find(const ContainerKey& key, const storage::NodePage& page) const;
    void index_all(const storage::NodePage& page);

    // The block that row i was first seen with.
    std::vector<std::string_view> blocks_;
    std::size_t next_ = 0;
    // The rows stand in the order of their keys, and by_key_ is not filled.
    bool in_order_ = true;
    boost::unordered_flat_map<ContainerKey, std::size_t, Hash> by_key_;
};

}  // namespace scraper
