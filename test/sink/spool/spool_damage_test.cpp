// SPDX-License-Identifier: Apache-2.0
// Files of a spool that are not what was written.
#include "files/checked.hpp"
#include "sink/spool/spool.hpp"
#include "test/sink/spool/spool_lab.hpp"
#include "test/topd/captured_log.hpp"

#include <catch2/catch.hpp>

#include <sys/stat.h>

namespace sink::spool {
namespace {

constexpr const char* kFirst = "0000000000000001.segment";

// Two ticks of two batches, and the beginning of a third.
std::string small_segment(const SpoolLab& lab) {
    Spool spool{lab.options()};
    spool.open();
    push_tick(spool, 15);
    push_tick(spool, 30);
    spool.push(batch(45, 0, false));
    return lab.read(kFirst);
}

std::size_t warnings_with(const std::vector<std::string>& lines, const std::string& text) {
    std::size_t found = 0;
    for (const std::string& line : lines) found += line.find(text) != std::string::npos;
    return found;
}

}  // namespace

TEST_CASE("A spool whose newest segment is cut anywhere gives the whole ticks and says nothing") {
    const SpoolLab lab;
    const std::string whole = small_segment(lab);
    const std::size_t record = (whole.size() - kSegmentHeadBytes) / 5;
    test::CapturedLog log;
    for (std::size_t size = 0; size <= whole.size(); ++size) {
        CAPTURE(size);
        lab.clear();
        lab.write(kFirst, whole.substr(0, size));
        Spool spool{lab.options()};
        REQUIRE(spool.open().empty());
        const std::size_t ticks = size < kSegmentHeadBytes ? 0 : (size - kSegmentHeadBytes) / (2 * record);
        REQUIRE(spool.newest_tick() == static_cast<Seconds>(15 * ticks));
        REQUIRE(spool.waiting().failures == 0);
        REQUIRE(spool.waiting().dropped == 0);
        // It goes on behind it.
        push_tick(spool, 60, 1);
        REQUIRE(drain(spool) == std::string{"15/0 15/1 30/0 30/1 "}.substr(0, 10 * ticks) + "60/0");
    }
    for (const std::string& line : log.lines()) REQUIRE(line.starts_with("\"Read the spool\""));
}

TEST_CASE("A spool with any byte of a segment changed names it once and gives all other ticks") {
    const SpoolLab lab;
    const std::string whole = small_segment(lab);
    const std::size_t record = (whole.size() - kSegmentHeadBytes) / 5;
    for (std::size_t at = 0; at < whole.size(); ++at) {
        CAPTURE(at);
        lab.clear();
        std::string changed = whole;
        changed[at] = static_cast<char>(changed[at] ^ (1 << at % 8));
        lab.write(kFirst, changed);
        test::CapturedLog log;
        std::string given;
        {
            Spool spool{lab.options()};
            REQUIRE(spool.open().empty());
            push_tick(spool, 60, 1);
            given = drain(spool);
            REQUIRE(spool.waiting().failures == 1);
            REQUIRE(spool.waiting().points == 0);
        }
        REQUIRE(warnings_with(log.lines(), kFirst) == 1);
        const bool is_foreign = at < 8;
        REQUIRE((lab.read(std::string{kFirst} + ".bad") == changed) == is_foreign);
        std::string expected = is_foreign ? "" : "15/0 15/1 30/0 30/1 ";
        const std::size_t hit = at < kSegmentHeadBytes ? 4 : (at - kSegmentHeadBytes) / record;
        if (!is_foreign && hit < 4) expected.erase(hit / 2 * 10, 10);
        REQUIRE(given == expected + "60/0");
    }
}

TEST_CASE("What damage cost of a spool is counted to the point") {
    const SpoolLab lab;
    std::string text = small_segment(lab);
    // A body of the second tick.
    text[text.find("30/1 ")] = 'x';
    lab.write(kFirst, text);
    Spool spool{lab.options()};
    spool.open();
    CHECK(spool.waiting().dropped == 14);
    CHECK(spool.waiting().points == 14);
}

TEST_CASE("What is broken after a spool was opened costs its tick when it is its turn") {
    const SpoolLab lab;
    test::CapturedLog log;
    Spool spool{lab.options()};
    spool.open();
    push_tick(spool, 15);
    push_tick(spool, 30, 3);
    push_tick(spool, 45);
    CHECK(spool.front());
    std::string text = lab.read(kFirst);
    text[text.find("30/1 ")] = 'x';
    lab.write(kFirst, text);
    CHECK(drain(spool) == "15/0 15/1 30/0 45/0 45/1");
    CHECK(spool.waiting().dropped == 14);
    CHECK(spool.waiting().failures == 1);
    CHECK(warnings_with(log.lines(), "it is not what was written") == 1);
}

TEST_CASE("Segments that are gone are dropped to the point, one failure each") {
    const SpoolLab lab;
    SpoolOptions options = lab.options();
    options.segment_bytes = 100;
    Spool spool{options};
    spool.open();
    for (const Seconds tick : {15, 30, 45, 60}) push_tick(spool, tick);
    REQUIRE(lab.segments().size() == 4);
    lab.files.remove("spool/influxdb/" + lab.segments()[2]);
    lab.files.remove("spool/influxdb/" + lab.segments()[1]);
    CHECK(drain(spool) == "15/0 15/1 60/0 60/1");
    CHECK(spool.waiting().dropped == 28);
    CHECK(spool.waiting().failures == 2);
}

TEST_CASE("Files that are not a spool's are put aside if they have its names, else left alone") {
    const SpoolLab lab;
    small_segment(lab);
    std::string future = segment_head();
    future[8] = 2;
    const std::uint32_t sum = files::checksum(std::string_view{future}.substr(0, 12));
    for (unsigned i = 0; i < 4; ++i) future[12 + i] = static_cast<char>(sum >> (8 * i));
    lab.write("0000000000000002.segment", future);
    lab.write("0000000000000003.segment", "somebody's");
    std::filesystem::create_directories(lab.folder() + "/0000000000000004.segment");
    REQUIRE(::mkfifo((lab.folder() + "/0000000000000005.segment").c_str(), 0600) == 0);
    lab.write("notes.txt", "somebody's");
    lab.write("6.segment", "somebody's");
    test::CapturedLog log;
    {
        Spool spool{lab.options()};
        CHECK(spool.open().empty());
        CHECK(spool.waiting().failures == 4);
        CHECK(drain(spool) == "15/0 15/1 30/0 30/1");
        push_tick(spool, 45);
        CHECK(drain(spool) == "45/0 45/1");
    }
    CHECK(lab.read("0000000000000002.segment.bad") == future);
    CHECK(lab.read("0000000000000003.segment.bad") == "somebody's");
    CHECK(lab.read("notes.txt") == "somebody's");
    CHECK(lab.read("6.segment") == "somebody's");
    const std::vector<std::string> lines = log.lines();
    CHECK(warnings_with(lines, "it is of version 2, this topd knows version 1") == 1);
    CHECK(warnings_with(lines, "it is not a file of topd's spool") == 1);
    CHECK(warnings_with(lines, "it is no regular file") == 2);
}

TEST_CASE("When it is not known how far a spool was sent, all is given again and may have been sent") {
    const SpoolLab lab;
    {
        Spool spool{lab.options()};
        spool.open();
        for (Seconds tick = 15; tick <= 600; tick += 15) push_tick(spool, tick, 1);
        spool.front();
        spool.pop();
        spool.close();
    }
    lab.write("done", "something else");
    test::CapturedLog log;
    {
        Spool spool{lab.options()};
        spool.open();
        CHECK(spool.waiting().batches == 40);
        CHECK(spool.waiting().failures == 1);
        for (int i = 0; i < 40; ++i) {
            REQUIRE(spool.front());
            REQUIRE(spool.may_be_sent());
            spool.pop();
        }
        push_tick(spool, 615, 1);
        REQUIRE(spool.front());
        CHECK(!spool.may_be_sent());
    }
    CHECK(lab.read("done.bad") == "something else");
    CHECK(warnings_with(log.lines(), "How far the spool was sent is not known") == 1);
}

}  // namespace sink::spool
