// SPDX-License-Identifier: Apache-2.0
// The records of a segment as ticks: what is there as a whole, and what damage cost. Pure.
#pragma once

#include "sink/spool/position.hpp"
#include "sink/spool/segment.hpp"

#include <vector>

namespace sink::spool {

// A record that stands in a segment.
struct Entry {
    RecordHead head;
    std::uint64_t at = 0;

    Position position() const { return {head.tick, head.number}; }
    std::uint64_t bytes() const { return kRecordHeadBytes + head.length; }
};

// A tick that is not whole when the segment ends was being written when its writer was killed: it is left
// out, and is no damage.
class TickReader {
  public:
    // Ticks are newer than `after`. What is not behind `done` is of no interest: what of it is missing is not
    // lost.
    TickReader(SegmentReader::Read read, Seconds after, Position done)
        : reader_{std::move(read)}, newest_{after}, done_{done} {}

    // The records of the next whole tick; empty: there is none.
    std::vector<Entry> next();

    // When next() has given all.
    SegmentReader::Verdict verdict() const;
    const std::string& reason() const;
    // The points of ticks that damage cost, as far as the heads of their records are intact.
    std::uint64_t lost_points() const { return lost_points_; }

  private:
    // Whether it goes on with the tick that is being read, or begins one.
    bool fits(const SegmentReader::Record& record) const;
    void lose(const RecordHead& head);
    void lose_tick();

    SegmentReader reader_;
    Seconds newest_;
    Position done_;
    // The tick that is being read, and the damage before it.
    std::vector<Entry> tick_;
    std::size_t faults_before_ = 0;
    // What is still to come of it is lost, too.
    Seconds lost_tick_ = 0;
    std::uint64_t lost_points_ = 0;
    bool misplaced_ = false;
    std::string misplaced_reason_;
};

}  // namespace sink::spool
