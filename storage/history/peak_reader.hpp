// SPDX-License-Identifier: Apache-2.0
// Reads the highest value of each step of time, for small curves. Nothing is averaged away, and only the two
// figures of a point are read.
#pragma once

#include "storage/history/points.hpp"
#include "storage/history/series.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace storage::history {

class History;

enum class Tier : std::uint8_t { recent, longer };

// Step i is what ends behind from + i * length and not behind from + (i + 1) * length.
struct Steps {
    Tier tier = Tier::recent;
    Seconds from = 0;
    Seconds length = 60;
    std::size_t count = 0;

    Seconds to() const { return from + length * static_cast<Seconds>(count); }
};

struct Peak {
    // Nanocores, bytes.
    std::uint64_t cpu = 0;
    std::uint64_t memory = 0;
    // False: there is no point.
    bool any = false;
};

// For one thing, or for the sum of several, point by point. The bucket of the long tier that is not over
// counts with what it has so far.
class PeakReader {
  public:
    // history must outlive it. REQUIRES: steps.length > 0.
    PeakReader(const History& history, const Steps& steps);

    // Reads one that is to be summed with those before it; a pod is the sum of its containers.
    void add(const Subject& subject);
    // One for each step, of the sum; the next add() begins anew.
    void take(std::vector<Peak>& out);

  private:
    void add(const Series& series);
    void add_recent(const Series& series);
    void add_longer(const Series& series);
    Peak& slot(Tick tick) { return slots_[tick - first_]; }
    bool is_in(Tick tick) const { return tick >= first_ && tick - first_ < slots_.size(); }

    const History& history_;
    Steps steps_;
    // Of ticks, or of buckets of the long tier; the first, and the step that each is in.
    Tick first_ = 0;
    std::vector<Peak> slots_;
    std::vector<std::uint32_t> step_of_;
};

}  // namespace storage::history
