// SPDX-License-Identifier: Apache-2.0
// How much of its windows a history keeps within its memory: less when blocks run short, alike for all
// series, and more again when there is room.
#pragma once

#include "storage/history/blocks.hpp"
#include "storage/history/time.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace storage::history {

// What blocks get of all memory, in bytes, when all else takes so much: the rest is kept back, so that what
// is new finds a place when blocks have taken theirs.
inline std::size_t bytes_for_blocks(std::size_t memory, std::size_t others) {
    const std::size_t kept_back = std::max(others + others / 4, memory / 4);
    return memory > kept_back ? memory - kept_back : 0;
}

class Share {
  public:
    static constexpr unsigned kWhole = 256;

    // In 1/256; never 0.
    unsigned part() const { return part_; }
    // REQUIRES: 0 < part <= kWhole.
    void set(unsigned part) { part_ = part; }

    // Of the length of a window.
    Tick of(Tick window) const { return window * part_ / kWhole; }

    // put: what the next figures may take.
    static bool is_short(const Blocks& blocks, std::size_t put) {
        return blocks.free() < blocks.limit() / 16 + put;
    }
    // By a sixteenth. False: there is nothing left to cut.
    bool cut() {
        if (part_ == 1) return false;
        part_ = std::max(part_ - std::max(part_ / 16, 1U), 1U);
        return true;
    }
    void widen(const Blocks& blocks) {
        if (part_ < kWhole && blocks.free() > blocks.limit() / 8) ++part_;
    }
    // Cuts what took `used` blocks to what fits into `most`, with some to spare. Returns what part that is.
    double fit(std::uint64_t used, std::uint64_t most) {
        const std::uint64_t good = most - most / 8;
        if (used <= good) return 1;
        const double fits = static_cast<double>(good) / static_cast<double>(used);
        part_ = std::max(static_cast<unsigned>(fits * part_), 1U);
        return fits;
    }

  private:
    unsigned part_ = kWhole;
};

// The first of those up to `last` that are kept when a part is: windows that are not full are cut, too.
inline Tick first_kept(Tick first, Tick last, double part) {
    return first < last ? last - static_cast<Tick>(part * (last - first)) : first;
}

}  // namespace storage::history
