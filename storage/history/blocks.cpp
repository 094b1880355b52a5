// SPDX-License-Identifier: Apache-2.0
#include "storage/history/blocks.hpp"

namespace storage::history {

BlockId Blocks::take() {
    if (used_ >= limit_) return kNoBlock;
    BlockId id = spare_;
    if (id != kNoBlock) {
        spare_ = (*this)[id].next;
    } else {
        if (fresh_ == slabs_.size() * kSlab) slabs_.push_back(std::make_unique_for_overwrite<Block[]>(kSlab));
        id = static_cast<BlockId>(fresh_++);
    }
    ++used_;
    Block& block = (*this)[id];
    block = {};
    block.next = kNoBlock;
    return id;
}

void Blocks::give(BlockId first, BlockId end) {
    while (first != end) {
        const BlockId next = (*this)[first].next;
        (*this)[first].next = spare_;
        spare_ = first;
        --used_;
        first = next;
    }
}

}  // namespace storage::history
