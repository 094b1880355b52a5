// SPDX-License-Identifier: Apache-2.0
// A stream of bits in a chain of blocks, and whole numbers in it whose size is not known beforehand: adaptive
// Rice codes (a number costs about as many bits as those before it had).
#pragma once

#include "storage/history/blocks.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
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

// Inlined by force: a call would keep its state in memory, and readers decode millions of rows. Holds a copy
// of a block and of the beginning of the next, so that where a block ends need not be looked at for each
// number.
class BitReader {
  public:
    // REQUIRES: nothing is written while it is used.
    BitReader(const Blocks& blocks, BitPlace at) : blocks_{&blocks}, place_{at} {
        if (at.block != kNoBlock) hold(&blocks[at.block]);
    }

    // count <= 64. What is behind the end is zeros.
    [[gnu::always_inline]] std::uint64_t take(unsigned count) {
        const std::uint64_t all = window();
        skip(count);
        return count == 64 ? all : all & ((std::uint64_t{1} << count) - 1);
    }

    [[gnu::always_inline]] std::uint64_t take_rice(RiceState& state) {
        const unsigned low = state / 4U;
        const std::uint64_t all = window();
        const auto ones = static_cast<unsigned>(std::countr_one(all));
        if (ones < kRiceUnary) [[likely]] {
            skip(ones + 1 + low);
            adapt(state, ones);
            return (std::uint64_t{ones} << low) | (all >> (ones + 1) & ((std::uint64_t{1} << low) - 1));
        }
        adapt(state, kRiceUnary);
        skip(kRiceUnary);
        const auto length = static_cast<unsigned>(take(6)) + 1;
        return take(length);
    }

    BitPlace place() const { return place_; }

  private:
    // The 64 bits behind the place.
    [[gnu::always_inline]] std::uint64_t window() const {
        const std::uint32_t* const words = words_.data() + place_.bit / 32;
        const unsigned offset = place_.bit % 32;
        const std::uint64_t two = words[0] | (std::uint64_t{words[1]} << 32);
        return (two >> offset) | (std::uint64_t{words[2]} << (63 - offset) << 1);
    }

    // REQUIRES: bits <= 64. The end of a block is left with the first bit of the next, so that a place
    // compares equal to that of the writer.
    [[gnu::always_inline]] void skip(unsigned bits) {
        place_.bit = static_cast<std::uint16_t>(place_.bit + bits);
        if (place_.bit > Block::kBits) [[unlikely]]
            go_on();
    }
    void go_on() {
        if (next_ == nullptr) {
            place_.bit = Block::kBits;
            return;
        }
        place_ = {next_id_, static_cast<std::uint16_t>(place_.bit - Block::kBits)};
        hold(next_);
    }
    void hold(const Block* block) {
        next_id_ = block->next;
        next_ = next_id_ == kNoBlock ? nullptr : &(*blocks_)[next_id_];
        std::copy_n(block->words, Block::kWords, words_.begin());
        if (next_ == nullptr) {
            std::fill_n(words_.begin() + Block::kWords, kAhead, 0);
            return;
        }
        std::copy_n(next_->words, kAhead, words_.begin() + Block::kWords);
        // The one that is held after it.
        if (next_->next != kNoBlock) __builtin_prefetch(&(*blocks_)[next_->next]);
    }

    // Words of the next block that a window may reach into.
    static constexpr std::size_t kAhead = 3;

    const Blocks* blocks_;
    BitPlace place_;
    BlockId next_id_ = kNoBlock;
    const Block* next_ = nullptr;
    std::array<std::uint32_t, Block::kWords + kAhead> words_{};
};

}  // namespace storage::history
