// SPDX-License-Identifier: Apache-2.0
// Memory of history: blocks of one size from slabs, so that a day of churn leaves no holes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace storage::history {

using BlockId = std::uint32_t;
inline constexpr BlockId kNoBlock = UINT32_MAX;

// A cache line: words of a stream of bits, and the block that goes on.
struct alignas(64) Block {
    static constexpr unsigned kWords = 15;
    static constexpr unsigned kBits = kWords * 32;

    std::uint32_t words[kWords];
    BlockId next;
};
static_assert(sizeof(Block) == 64);

class Blocks {
  public:
    // How many there may be.
    void set_limit(std::size_t blocks) { limit_ = blocks; }
    std::size_t limit() const { return limit_; }

    // Zeros. kNoBlock: there may be no more.
    BlockId take();
    // Gives a chain back, from `first` up to `end` (kNoBlock: all of it).
    void give(BlockId first, BlockId end = kNoBlock);

    Block& operator[](BlockId id) { return slabs_[id / kSlab][id % kSlab]; }
    const Block& operator[](BlockId id) const { return slabs_[id / kSlab][id % kSlab]; }

    // How many can be taken.
    std::size_t free() const { return limit_ > used_ ? limit_ - used_ : 0; }
    std::size_t used() const { return used_; }
    // What the slabs hold in memory.
    std::size_t bytes() const { return slabs_.size() * kSlab * sizeof(Block); }

  private:
    static constexpr std::size_t kSlab = 1024;

    std::vector<std::unique_ptr<Block[]>> slabs_;
    // Given back, linked by `next`.
    BlockId spare_ = kNoBlock;
    // Of the last slab.
    std::size_t fresh_ = 0;
    std::size_t used_ = 0;
    std::size_t limit_ = 0;
};

}  // namespace storage::history
