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

inline void adapt(RiceState& state, std::uint64_t quotient) {
    if (quotient > 0)
        state = static_cast<RiceState>(
            std::min<std::uint64_t>(state + std::min<std::uint64_t>(quotient, 8), kRiceMost));
    else if (state > 0)
        --state;
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

class BitReader {
  public:
    // REQUIRES: nothing is written while it is used.
    BitReader(const Blocks& blocks, BitPlace at) : blocks_{&blocks}, place_{at} {}

    // count <= 64. What is behind the end is zeros.
    std::uint64_t take(unsigned count) {
        std::uint64_t value = 0;
        for (unsigned got = 0; got < count;) {
            if (place_.bit == Block::kBits && !go_on()) return value;
            const unsigned offset = place_.bit % 32;
            const unsigned part = std::min(32 - offset, count - got);
            const std::uint32_t word = (*blocks_)[place_.block].words[place_.bit / 32] >> offset;
            value |= (word & ((std::uint64_t{1} << part) - 1)) << got;
            skip(part);
            got += part;
        }
        return value;
    }

    std::uint64_t take_rice(RiceState& state) {
        const unsigned low = state / 4U;
        // Nearly always all of it lies in three words.
        if (place_.bit / 32U + 2 < Block::kWords) {
            const std::uint64_t bits = ahead();
            const auto ones = static_cast<unsigned>(std::countr_one(bits));
            if (ones < kRiceUnary) {
                skip(ones + 1 + low);
                adapt(state, ones);
                const std::uint64_t rest = bits >> (ones + 1) & ((std::uint64_t{1} << low) - 1);
                return (std::uint64_t{ones} << low) | rest;
            }
        }
        unsigned ones = 0;
        while (ones < kRiceUnary && take(1) != 0) ++ones;
        adapt(state, ones);
        if (ones < kRiceUnary) return (std::uint64_t{ones} << low) | take(low);
        const auto length = static_cast<unsigned>(take(6)) + 1;
        return take(length);
    }

    BitPlace place() const { return place_; }

  private:
    void skip(unsigned bits) { place_.bit = static_cast<std::uint16_t>(place_.bit + bits); }
    // 64 bits. REQUIRES: three words from the place on are in its block.
    std::uint64_t ahead() const {
        const std::uint32_t* const words = &(*blocks_)[place_.block].words[place_.bit / 32];
        const unsigned offset = place_.bit % 32;
        const std::uint64_t two = words[0] | (std::uint64_t{words[1]} << 32);
        return offset == 0 ? two : (two >> offset) | (std::uint64_t{words[2]} << (64 - offset));
    }
    bool go_on() {
        const BlockId next = (*blocks_)[place_.block].next;
        if (next == kNoBlock) return false;
        place_ = {next, 0};
        return true;
    }

    const Blocks* blocks_;
    BitPlace place_;
};

}  // namespace storage::history
