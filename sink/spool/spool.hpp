// SPDX-License-Identifier: Apache-2.0
// A queue on disk: sink/queue.hpp as plain calls that block, for one thread.
//
// Batches are appended to the newest segment as they come and are kept in memory until their tick is on the
// disk; a segment holds whole ticks. When it cannot be written they stay in memory, within a bound, are given
// from there, and are written when it works again. Whatever goes wrong is counted and logged: once, until it
// works again.
#pragma once

#include "sink/queue.hpp"
#include "sink/spool/folder.hpp"

#include <chrono>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

namespace sink::spool {

struct SpoolOptions {
    // Of this queue alone. It is made, readable by nobody else.
    std::string folder;
    // Of all segments together: when it is reached the oldest segment goes.
    std::size_t most_bytes = std::size_t{1024} * 1024 * 1024;
    // A segment ends with the tick that makes it larger. No more than an eighth of most_bytes.
    std::size_t segment_bytes = std::size_t{4} * 1024 * 1024;
    // Of what cannot be written. The tick that is being written is let go of when it is larger, but cannot
    // be written anew then if the disk fails before its end.
    std::size_t most_held_bytes = std::size_t{8} * 1024 * 1024;
    // What was sent is remembered at least so often while batches are sent, and every kDoneEvery batches.
    std::chrono::milliseconds done_every{1000};
};

// So many batches may be sent and not be remembered when the process is killed.
inline constexpr std::size_t kDoneEvery = 16;

// What goes wrong, said once, until it works again.
class Trouble {
  public:
    // Literals.
    Trouble(std::string_view failed, std::string_view works) : failed_{failed}, works_{works} {}
    void note(const std::error_code& error, const std::string& path);
    bool is_on() const { return on_; }
    std::uint64_t failures() const { return failures_; }

  private:
    std::string_view failed_, works_;
    bool on_ = false;
    std::uint64_t failures_ = 0;
};

class Spool {
  public:
    explicit Spool(SpoolOptions options);

    // Takes the folder and reads what earlier runs left. Empty, or why it cannot be used now: it is tried
    // again with each tick, and what comes is kept in memory until then.
    std::string open();
    // As in Queue.
    void push(Batch batch);
    std::optional<Batch> front();
    void pop();
    // Remembers all that was sent.
    void close();

    Seconds newest_tick() const { return newest_tick_; }
    Seconds newest_on_disk() const { return newest_on_disk_; }
    Waiting waiting() const;
    // What front() gave last is still the front.
    bool is_shown() const { return shown_.has_value(); }
    // An earlier run may have sent what front() gives. Of what such a run left, only the first kDoneEvery
    // batches: it was never further than that from what it remembered, unless it could not write.
    bool may_be_sent() const { return maybe_sent_ != 0; }

  private:
    // What of a segment waits to be sent.
    struct Segment {
        std::uint64_t number = 0;
        std::uint64_t file_bytes = 0;
        std::size_t batches = 0;
        std::uint64_t points = 0;
        std::uint64_t bytes = 0;
        Seconds oldest = 0;
        Seconds newest = 0;

        void add(const Entry& entry);
        void take_out(const Entry& entry);
    };
    struct Held {
        Batch batch;
        // Where it stands in the segment that is being written, if it does.
        Entry entry{};
        // Its body is in the segment only.
        bool let_go = false;
    };

    // spool_open.cpp
    std::error_code enter();
    void take_in(std::uint64_t number);
    void read_done();

    // spool.cpp: in.
    void write_held();
    std::error_code write_next();
    // Whether there is room for so much; without, the tick that is being written is lost.
    bool make_room(std::size_t size);
    std::error_code make_segment();
    std::error_code end_tick();
    // The segment that is being written cannot be relied on: what is in memory is to be written anew.
    void abandon();
    void shrink_held();
    // All of its tick.
    void lose_held();
    void drop_oldest();

    // spool_front.cpp: out.
    std::optional<Batch> front_on_disk();
    // The first segment with anything to send, its entries in ahead_; null: there is none.
    Segment* front_segment();
    bool load(Segment& segment);
    void lose_tick_on_disk(Segment& segment, const std::error_code& error);
    void remove_from(Segment& segment);
    void write_done();
    void remove_done();

    SpoolOptions options_;
    Folder folder_;
    bool entered_ = false;
    // Ascending. The last may be being written.
    std::deque<Segment> segments_;
    std::uint64_t next_number_ = 1;
    std::uint64_t disk_bytes_ = 0;
    // Entries of the segment of that number that are to be sent.
    std::deque<Entry> ahead_;
    std::uint64_t ahead_of_ = 0;

    std::optional<SegmentWriter> writing_;
    // Not yet known to be on the disk itself.
    bool is_new_ = false;
    // Where the tick that is being written, or the next one, begins.
    std::uint64_t tick_at_ = 0;
    // What is not on the disk, oldest first; the first written_ are in the segment, not synced.
    std::deque<Held> held_;
    std::size_t written_ = 0;
    std::size_t held_bytes_ = 0;
    // What is still to come of it is dropped.
    Seconds lost_tick_ = 0;
    Seconds newest_tick_ = 0;
    Seconds newest_on_disk_ = 0;

    std::optional<Position> shown_;
    Position done_;
    Position remembered_;
    std::size_t sent_since_ = 0;
    std::chrono::steady_clock::time_point done_at_{};
    std::size_t maybe_sent_ = 0;

    std::uint64_t dropped_ = 0;
    // Of files that are not right.
    std::uint64_t faults_ = 0;
    Trouble writing_fails_{"Cannot write to the spool, what is to be sent is kept in memory; trying again",
                           "Writing to the spool works again"};
    Trouble done_fails_{"Cannot write down how far the spool was sent, a restart would send it again",
                        "Writing down how far the spool was sent works again"};
    Trouble reading_fails_{"Cannot read of the spool what is to be sent, it is dropped",
                           "Reading of the spool works again"};
};

}  // namespace sink::spool
