// SPDX-License-Identifier: Apache-2.0
// A file of a spool: a head (magic, version) and records that each carry a batch and checksums. It only
// grows. Pure: bytes in, bytes out.
//
//   head    "topdspol", version, CRC of these
//   record  mark, tick (8), number, flags (1: the last of its tick, 2: the first that is here of it), points,
//           length, CRC of the body, CRC of these; the body
//
// Numbers have four bytes, the lowest first. A record that is damaged costs that record: the next is found by
// its length, or else by its mark.
#pragma once

#include "sink/batch.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace sink::spool {

inline constexpr std::uint32_t kSegmentVersion = 1;
inline constexpr std::size_t kSegmentHeadBytes = 16;
inline constexpr std::size_t kRecordHeadBytes = 40;
// No body is longer.
inline constexpr std::size_t kMostBodyBytes = std::size_t{64} * 1024 * 1024;

struct RecordHead {
    Seconds tick = 0;
    std::uint32_t number = 0;
    bool last = false;
    bool first = false;
    std::uint32_t points = 0;
    std::uint32_t length = 0;
    std::uint32_t checksum = 0;
};

std::string segment_head();
// What stands before the body. `first`: no other record of its tick stands before it. REQUIRES: the body is
// not longer than kMostBodyBytes.
std::string record_head(const Batch& batch, bool first);
// nullopt: it is none, or damaged. REQUIRES: kRecordHeadBytes of them.
std::optional<RecordHead> parse_record_head(std::string_view bytes);

class SegmentReader {
  public:
    // Puts at most so many bytes there; how many: 0 at the end.
    using Read = std::function<std::size_t(char* to, std::size_t most)>;
    explicit SegmentReader(Read read) : read_{std::move(read)} {}

    struct Record {
        RecordHead head;
        // Where its head begins in the file.
        std::uint64_t at = 0;
        // Valid until the next call.
        std::string_view body;
        // The body is what was written.
        bool intact = false;
    };
    // The next record whose head is intact. nullopt: there is none.
    std::optional<Record> next();

    enum class Verdict {
        whole,
        // It ends within a record, or its head: its writer was killed. Nothing else is wrong.
        torn,
        // Something is missing or broken.
        damaged,
        // Not a file of ours, or of a newer version: nothing of it is read.
        foreign,
        future,
    };
    // Of what was read so far. The reason is empty if it is whole or torn.
    Verdict verdict() const;
    const std::string& reason() const { return reason_; }
    // How many places were damaged so far.
    std::size_t faults() const { return faults_; }

  private:
    // Whether so many bytes are there.
    bool have(std::size_t bytes);
    std::string_view ahead() const { return std::string_view{buffer_}.substr(at_); }
    bool open();
    // Of a record that begins here.
    std::optional<RecordHead> head();
    // Goes to the next place where one does.
    bool find_head();
    // Whether what is left is where a record begins, and no more. REQUIRES: it is less than a head.
    bool is_torn() const;
    void damaged(std::string_view reason);

    Read read_;
    std::string buffer_;
    // Of what the buffer begins with in the file, and of what is read next in the buffer.
    std::uint64_t base_ = 0;
    std::size_t at_ = 0;
    bool read_all_ = false;
    bool opened_ = false;
    bool done_ = false;
    bool torn_ = false;
    std::size_t faults_ = 0;
    std::optional<Verdict> not_ours_;
    std::string reason_;
};

}  // namespace sink::spool
