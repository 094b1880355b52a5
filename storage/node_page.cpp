// SPDX-License-Identifier: Apache-2.0
#include "storage/node_page.hpp"

#include <cstring>

namespace storage {
namespace {

constexpr std::size_t kBlockBytes = 4096;
// A longer text gets memory of its own, so that little of a block is ever left unused.
constexpr std::size_t kLongBytes = kBlockBytes / 4;
// What clear() keeps: enough for a node of 500 pods; one monstrous page must not cost its memory for ever.
constexpr std::size_t kKeptBlocks = 32;
constexpr std::size_t kKeptRows = 2048;

}  // namespace

std::string_view NodePage::keep(std::string_view text) {
    if (text.empty()) return {};
    char* room = room_for(text.size());
    std::memcpy(room, text.data(), text.size());
    return {room, text.size()};
}

char* NodePage::room_for(std::size_t size) {
    if (size > kLongBytes) return long_.emplace_back(new char[size]).get();
    // The page was moved from.
    if (blocks_.empty()) block_ = used_ = 0;
    if (used_ + size > kBlockBytes) {
        ++block_;
        used_ = 0;
    }
    if (block_ == blocks_.size()) blocks_.emplace_back(new char[kBlockBytes]);
    char* room = blocks_[block_].get() + used_;
    used_ += size;
    return room;
}

void NodePage::clear() {
    node = {};
    containers.clear();
    if (containers.capacity() > kKeptRows) containers.shrink_to_fit();
    bad_lines = 0;
    complete = true;
    kubelet_time = 0;
    request_time = {};
    if (blocks_.size() > kKeptBlocks) blocks_.resize(kKeptBlocks);
    block_ = used_ = 0;
    long_.clear();
}

}  // namespace storage
