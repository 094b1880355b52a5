// SPDX-License-Identifier: Apache-2.0
#include "sink/spool/segment.hpp"

#include "files/checked.hpp"
#include "sink/spool/ticks.hpp"
#include "test/sink/spool/spool_lab.hpp"

#include <algorithm>

#include <catch2/catch.hpp>

namespace sink::spool {
namespace {

using Verdict = SegmentReader::Verdict;

std::string record(const Batch& batch, bool first) {
    return record_head(batch, first) + batch.body;
}

// Three ticks of three batches.
std::string three_ticks() {
    std::string file = segment_head();
    for (const Seconds tick : {15, 30, 45})
        for (std::uint32_t number = 0; number < 3; ++number)
            file += record(batch(tick, number, number == 2), number == 0);
    return file;
}

struct Parsed {
    Verdict verdict{};
    std::string reason;
    std::string ticks;
    std::uint64_t lost = 0;
};

SegmentReader::Read source(std::string_view file, std::size_t piece) {
    return [file, piece](char* to, std::size_t most) mutable {
        const std::size_t size = std::min({most, piece, file.size()});
        std::copy_n(file.data(), size, to);
        file.remove_prefix(size);
        return size;
    };
}

Parsed parse(std::string_view file, std::size_t piece = 1000, Position done = {}) {
    TickReader reader{source(file, piece), 0, done};
    Parsed parsed;
    for (std::vector<Entry> tick = reader.next(); !tick.empty(); tick = reader.next()) {
        parsed.ticks += std::to_string(tick.front().head.tick) + " ";
        for (std::size_t i = 0; i < tick.size(); ++i) {
            REQUIRE(tick[i].position() == Position{tick.front().head.tick, static_cast<std::uint32_t>(i)});
            const std::string_view body = file.substr(tick[i].at + kRecordHeadBytes, tick[i].head.length);
            REQUIRE(body == body_of(tick[i].head.tick, tick[i].head.number, body.size()));
        }
    }
    parsed.verdict = reader.verdict();
    parsed.reason = reader.reason();
    parsed.lost = reader.lost_points();
    return parsed;
}

}  // namespace

TEST_CASE("A segment is read as it was written, however it comes") {
    for (const std::size_t piece : {1U, 20U, 100'000U}) {
        const Parsed parsed = parse(three_ticks(), piece);
        CHECK(parsed.verdict == Verdict::whole);
        CHECK(parsed.reason.empty());
        CHECK(parsed.ticks == "15 30 45 ");
    }
    CHECK(parse(segment_head()).verdict == Verdict::whole);
}

TEST_CASE("A segment cut anywhere gives the ticks that are whole, and nothing is wrong with it") {
    const std::string file = three_ticks();
    const std::size_t tick_bytes = (file.size() - kSegmentHeadBytes) / 3;
    for (std::size_t size = 0; size < file.size(); ++size) {
        CAPTURE(size);
        const Parsed parsed = parse(file.substr(0, size));
        const std::size_t whole = size < kSegmentHeadBytes ? 0 : (size - kSegmentHeadBytes) / tick_bytes;
        REQUIRE(parsed.ticks == std::string{"15 30 45 "}.substr(0, 3 * whole));
        REQUIRE(parsed.reason.empty());
        REQUIRE((parsed.verdict == Verdict::torn || parsed.verdict == Verdict::whole));
        REQUIRE(parsed.lost == 0);
    }
}

TEST_CASE("A segment with any byte changed is named so and costs that tick, counted") {
    const std::string file = three_ticks();
    const std::size_t record_bytes = (file.size() - kSegmentHeadBytes) / 9;
    for (std::size_t at = 0; at < file.size(); ++at) {
        for (const int change : {0x01, 0x80, 0xff}) {
            CAPTURE(at, change);
            std::string changed = file;
            changed[at] = static_cast<char>(changed[at] ^ change);
            const Parsed parsed = parse(changed, 64);
            REQUIRE(!parsed.reason.empty());
            // The magic: whose file it is nobody knows.
            if (at < 8) {
                REQUIRE(parsed.verdict == Verdict::foreign);
                continue;
            }
            REQUIRE(parsed.verdict == Verdict::damaged);
            if (at < kSegmentHeadBytes) {
                REQUIRE(parsed.ticks == "15 30 45 ");
                continue;
            }
            const std::size_t hit = (at - kSegmentHeadBytes) / record_bytes;
            std::string expected = "15 30 45 ";
            expected.erase(hit / 3 * 3, 3);
            REQUIRE(parsed.ticks == expected);
            // How many points the damaged record had is known if its head is intact.
            const bool is_head = (at - kSegmentHeadBytes) % record_bytes < kRecordHeadBytes;
            REQUIRE(parsed.lost == kPoints * (is_head ? 2U : 3U));
            // What was sent is not lost.
            REQUIRE(parse(changed, 64, Position{45, 2}).lost == 0);
        }
    }
}

TEST_CASE("A segment of another version, and what is none, are told") {
    std::string future = segment_head();
    future[8] = 2;
    const std::uint32_t sum = files::checksum(std::string_view{future}.substr(0, 12));
    for (unsigned i = 0; i < 4; ++i) future[12 + i] = static_cast<char>(sum >> (8 * i));
    CHECK(parse(future + three_ticks().substr(kSegmentHeadBytes)).verdict == Verdict::future);
    CHECK(parse(future).reason == "it is of version 2, this topd knows version 1");
    CHECK(parse("something else altogether").verdict == Verdict::foreign);
    CHECK(parse("short").verdict == Verdict::foreign);
}

TEST_CASE("Records that were never written so are no tick") {
    struct Case {
        const char* name;
        std::string records;
        std::string ticks;
        std::uint64_t lost;
    };
    const Case cases[] = {
        {"a tick that is older", record(batch(30, 0, true), true) + record(batch(15, 0, true), true), "30 ",
         1},
        {"a tick twice", record(batch(30, 0, true), true) + record(batch(30, 0, true), true), "30 ", 1},
        {"a number that is missing", record(batch(30, 0, false), true) + record(batch(30, 2, true), false),
         "", 2},
        {"no beginning", record(batch(30, 1, true), false), "", 1},
        {"no end", record(batch(30, 0, false), true) + record(batch(45, 0, true), true), "45 ", 1},
    };
    for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
            const Parsed parsed = parse(segment_head() + c.records);
            CHECK(parsed.ticks == c.ticks);
            CHECK(parsed.lost == c.lost * kPoints);
            CHECK(parsed.verdict == Verdict::damaged);
            CHECK(!parsed.reason.empty());
        }
    // What was sent before the disk failed has no place in the file.
    const std::string file =
        segment_head() + record(batch(30, 2, false), true) + record(batch(30, 3, true), false);
    TickReader rest{source(file, 1000), 0, {}};
    CHECK(rest.next().size() == 2);
}

TEST_CASE("How far a spool was sent is read as it was written, or not at all") {
    const std::string text = done_text({1'800'000'000, 17});
    CHECK(parse_done(text) == Position{1'800'000'000, 17});
    for (std::size_t at = 0; at < text.size(); ++at) {
        CAPTURE(at);
        for (const int change : {0x01, 0x10, 0x80}) {
            std::string changed = text;
            changed[at] = static_cast<char>(changed[at] ^ change);
            REQUIRE(!parse_done(changed));
        }
        REQUIRE(!parse_done(text.substr(0, at)));
    }
    CHECK(!parse_done(text + "x"));
}

}  // namespace sink::spool
