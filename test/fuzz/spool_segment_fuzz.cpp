// SPDX-License-Identifier: Apache-2.0
// Any bytes are a segment of a spool, or say why not, and what is given of them is what somebody wrote. The
// first byte tells where it was sent to, and in which pieces it comes.
#include "files/checked.hpp"
#include "sink/spool/position.hpp"
#include "sink/spool/ticks.hpp"
#include "test/fuzz/require.hpp"

#include <algorithm>

namespace {

using namespace sink::spool;

std::string_view body_of(std::string_view file, const Entry& entry) {
    require(entry.at >= kSegmentHeadBytes && entry.at + entry.bytes() <= file.size(),
            "a record is in the file");
    const auto head = parse_record_head(file.substr(entry.at, kRecordHeadBytes));
    require(head && head->tick == entry.head.tick && head->points == entry.head.points,
            "its head stands where it is said to");
    return file.substr(entry.at + kRecordHeadBytes, entry.head.length);
}

void check_tick(std::string_view file, const std::vector<Entry>& tick, sink::Seconds newest) {
    require(tick.front().head.first && tick.back().head.last, "a tick begins and ends");
    require(tick.front().head.tick > newest, "ticks only grow");
    std::uint32_t number = tick.front().head.number;
    for (const Entry& entry : tick) {
        require(entry.head.tick == tick.front().head.tick, "a tick is one tick");
        require(entry.head.number == number++, "no batch is missing");
        require(files::checksum(body_of(file, entry)) == entry.head.checksum, "a body is what was written");
    }
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view file = text_of(data + 1, size - 1);
    const std::size_t piece = data[0] + std::size_t{1};
    std::string_view left = file;
    TickReader reader{[&](char* to, std::size_t most) {
                          const std::size_t now = std::min({most, piece, left.size()});
                          std::copy_n(left.data(), now, to);
                          left.remove_prefix(now);
                          return now;
                      },
                      0, Position{data[0], 0}};
    sink::Seconds newest = 0;
    for (std::vector<Entry> tick = reader.next(); !tick.empty(); tick = reader.next()) {
        check_tick(file, tick, newest);
        newest = tick.front().head.tick;
    }
    const SegmentReader::Verdict verdict = reader.verdict();
    const bool is_fine = verdict == SegmentReader::Verdict::whole || verdict == SegmentReader::Verdict::torn;
    require(is_fine == reader.reason().empty(), "what is not right says why");
    require(!is_fine || reader.lost_points() == 0, "what is right loses nothing");
    if (const auto done = parse_done(file))
        require(done_text(*done) == file, "a position is as it was written");
    return 0;
}
