// SPDX-License-Identifier: Apache-2.0
// A stream of bits in a chain of blocks, and whole numbers in it whose size is not known beforehand: adaptive
// Rice codes (a number costs about as many bits as those before it had).
#pragma once

#include "storage/history/blocks.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>

namespace storage::history {

// Distances of both signs as numbers: small for small ones.
inline std::uint64_t zigzag(std::uint64_t distance) {
    return (distance << 1) ^ (0 - (distance >> 63));
}

inline std::uint64_t unzigzag(std::uint64_t code) {
    return (code >> 1) ^ (0 - (code & 1));
}

// A place in a stream. kNoBlock: before the first block.
struct BitPlace {
    BlockId block = kNoBlock;
    std::uint16_t bit = 0;
};

// What the last numbers of a column were like: four times the bits that the next is expected to need.
using RiceState = std::uint8_t;

inline constexpr unsigned kRiceUnary = 12;
// A state is at most this: all of a number, but the unary part and one bit, fits into 64 with it.
inline constexpr std::uint64_t kRiceMost = 192;

// Without a branch: whether a number was as small as expected is anybody's guess, and a wrong one costs more
// than the rest of taking it.
inline void adapt(RiceState& state, std::uint64_t quotient) {
    const std::uint64_t up = std::min<std::uint64_t>(state + std::min<std::uint64_t>(quotient, 8), kRiceMost);
    const std::uint64_t down = static_cast<std::uint64_t>(quotient == 0) & (state > 0);
    state = static_cast<RiceState>(up - down);
}

// REQUIRES: enough blocks are free for what is written.
class BitWriter {
  public:
    BitWriter(Blocks& blocks, BitPlace& place) : blocks_{blocks}, place_{place} {}
    ~BitWriter() { flush(); }
    BitWriter(const BitWriter&) = delete;
    BitWriter& operator=(const BitWriter&) = delete;

    // Has the bits above the lowest `count` zero; count <= 64.
    void put(std::uint64_t value, unsigned count) {
        if (waiting_ + count > 64) flush();
        bits_ |= waiting_ < 64 ? value << waiting_ : 0;
        waiting_ += count;
    }

    void put_rice(std::uint64_t value, RiceState& state) {
        const unsigned low = state / 4U;
        const std::uint64_t quotient = value >> low;
        adapt(state, quotient);
        if (quotient < kRiceUnary) {
            const auto ones = static_cast<unsigned>(quotient);
            put((std::uint64_t{1} << ones) - 1, ones + 1);
            put(value - (quotient << low), low);
            return;
        }
        const auto length = static_cast<unsigned>(std::bit_width(value));
        put(((std::uint64_t{1} << kRiceUnary) - 1) | (std::uint64_t{length - 1} << kRiceUnary),
            kRiceUnary + 6);
        put(value, length);
    }

    // What was put is in the blocks.
    void flush() {
        while (waiting_ > 0) {
            if (place_.block == kNoBlock || place_.bit == Block::kBits) go_on();
            const unsigned offset = place_.bit % 32;
            const unsigned part = std::min(32 - offset, waiting_);
            blocks_[place_.block].words[place_.bit / 32] |= static_cast<std::uint32_t>(bits_) << offset;
            place_.bit = static_cast<std::uint16_t>(place_.bit + part);
            bits_ >>= part;
            waiting_ -= part;
        }
    }

  private:
    void go_on() {
        const BlockId next = blocks_.take();
        if (place_.block != kNoBlock) blocks_[place_.block].next = next;
        place_ = {next, 0};
    }

    Blocks& blocks_;
    BitPlace& place_;
    std::uint64_t bits_ = 0;
    unsigned waiting_ = 0;
};

// Inlined by force: a call would keep its state in memory, and readers decode millions of rows.
class BitReader {
  public:
    // REQUIRES: nothing is written while it is used.
    BitReader(const Blocks& blocks, BitPlace at)
        : blocks_{&blocks}, block_{at.block == kNoBlock ? nullptr : &blocks[at.block]}, place_{at} {}

    // count <= 64. What is behind the end is zeros.
    [[gnu::always_inline]] std::uint64_t take(unsigned count) {
        if (count > left_) load();
        if (count == 64) {
            const std::uint64_t all = window_;
            skip(32);
            skip(32);
            return all;
        }
        const std::uint64_t value = window_ & ((std::uint64_t{1} << count) - 1);
        skip(count);
        return value;
    }

    [[gnu::always_inline]] std::uint64_t take_rice(RiceState& state) {
        const unsigned low = state / 4U;
        // Where the window ends it goes on with zeros, so that ones are found too few, but never too many.
        auto ones = static_cast<unsigned>(std::countr_one(window_));
        if (ones + 1 + low > left_) {
            load();
            ones = static_cast<unsigned>(std::countr_one(window_));
        }
        if (ones < kRiceUnary) [[likely]] {
            const std::uint64_t rest = window_ >> (ones + 1) & ((std::uint64_t{1} << low) - 1);
            skip(ones + 1 + low);
            adapt(state, ones);
            return (std::uint64_t{ones} << low) | rest;
        }
        adapt(state, kRiceUnary);
        take(kRiceUnary);
        const auto length = static_cast<unsigned>(take(6)) + 1;
        return take(length);
    }

    BitPlace place() const { return place_; }

  private:
    // The window holds the 64 bits behind the place, of this block and the next.
    [[gnu::always_inline]] void load() {
        left_ = 64;
        window_ = 0;
        if (block_ == nullptr) return;
        const unsigned first = place_.bit / 32;
        const unsigned offset = place_.bit % 32;
        if (first + 2 < Block::kWords) [[likely]] {
            const std::uint32_t* const words = block_->words + first;
            set_window(words[0], words[1], words[2], offset);
            return;
        }
        const Block* const next = block_->next == kNoBlock ? nullptr : &(*blocks_)[block_->next];
        const auto word = [&](unsigned at) -> std::uint32_t {
            if (at < Block::kWords) return block_->words[at];
            return next == nullptr ? 0 : next->words[at - Block::kWords];
        };
        set_window(word(first), word(first + 1), word(first + 2), offset);
    }
    void set_window(std::uint64_t first, std::uint64_t second, std::uint64_t third, unsigned offset) {
        const std::uint64_t two = first | (second << 32);
        window_ = offset == 0 ? two : (two >> offset) | (third << (64 - offset));
    }

    // REQUIRES: bits < 64, and so many are left. The end of a block is left with the first bit of the next,
    // so that a place compares equal to that of the writer.
    void skip(unsigned bits) {
        window_ >>= bits;
        left_ -= bits;
        place_.bit = static_cast<std::uint16_t>(place_.bit + bits);
        if (place_.bit > Block::kBits) [[unlikely]]
            go_on();
    }
    void go_on() {
        const BlockId next = block_ == nullptr ? kNoBlock : block_->next;
        if (next == kNoBlock) {
            place_.bit = Block::kBits;
            return;
        }
        block_ = &(*blocks_)[next];
        place_ = {next, static_cast<std::uint16_t>(place_.bit - Block::kBits)};
    }

    const Blocks* blocks_;
    const Block* block_;
    BitPlace place_;
    // Bits that are fetched and not taken; above the lowest `left_` zeros.
    std::uint64_t window_ = 0;
    unsigned left_ = 0;
};

}  // namespace storage::history
