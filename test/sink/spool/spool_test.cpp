// SPDX-License-Identifier: Apache-2.0
#include "sink/spool/spool.hpp"

#include "test/sink/spool/spool_lab.hpp"
#include "test/topd/captured_log.hpp"

#include <catch2/catch.hpp>

namespace sink::spool {
namespace {

// Bytes of all segments.
std::uint64_t disk_bytes(const SpoolLab& lab) {
    std::uint64_t bytes = 0;
    for (const std::string& name : lab.segments()) bytes += lab.read(name).size();
    return bytes;
}

}  // namespace

TEST_CASE("A spool gives batches in their order, when their tick is whole") {
    const SpoolLab lab;
    Spool spool{lab.options()};
    REQUIRE(spool.open().empty());
    CHECK(!spool.front());
    spool.push(batch(15, 0, false));
    CHECK(!spool.front());
    CHECK(spool.newest_tick() == 0);
    spool.push(batch(15, 1, true));
    push_tick(spool, 30);
    CHECK(spool.newest_tick() == 30);
    CHECK(spool.waiting().batches == 4);
    CHECK(spool.waiting().points == 28);
    CHECK(spool.waiting().oldest == 15);
    CHECK(spool.front()->number == 0);
    CHECK(!spool.may_be_sent());
    spool.pop();
    // There is nothing that front() gave.
    spool.pop();
    CHECK(spool.waiting().points == 21);
    CHECK(drain(spool) == "15/1 30/0 30/1");
    CHECK(spool.waiting().bytes == 0);
    CHECK(spool.waiting().failures == 0);
}

TEST_CASE("A spool gives after a restart what was not sent, and knows the newest tick") {
    const SpoolLab lab;
    SpoolOptions options = lab.options();
    options.segment_bytes = 300;
    {
        Spool spool{options};
        spool.open();
        for (Seconds tick = 15; tick <= 150; tick += 15) push_tick(spool, tick);
        for (int i = 0; i < 5; ++i) {
            spool.front();
            spool.pop();
        }
        spool.close();
        // It is being written when the process ends.
        spool.push(batch(165, 0, false));
    }
    CHECK(lab.segments().size() > 3);
    test::CapturedLog log;
    {
        Spool spool{options};
        CHECK(spool.open().empty());
        CHECK(spool.newest_tick() == 150);
        CHECK(spool.waiting().batches == 15);
        CHECK(spool.waiting().oldest == 45);
        // Told anew: nothing was taken for it.
        push_tick(spool, 165, 1);
        CHECK(drain(spool) ==
              "45/1 60/0 60/1 75/0 75/1 90/0 90/1 105/0 105/1 120/0 120/1 135/0 135/1 150/0 150/1 165/0");
        CHECK(spool.waiting().failures == 0);
        CHECK(spool.waiting().dropped == 0);
        spool.close();
    }
    {
        Spool spool{options};
        spool.open();
        CHECK(spool.newest_tick() == 165);
        CHECK(!spool.front());
        CHECK(lab.segments().empty());
    }
    for (const std::string& line : log.lines()) CHECK(line.starts_with("\"Read the spool\""));
}

TEST_CASE("What is in a spool is its owner's alone") {
    const SpoolLab lab;
    Spool spool{lab.options()};
    spool.open();
    push_tick(spool, 15);
    spool.front();
    spool.pop();
    spool.close();
    const auto mode = [](const std::string& path) {
        return static_cast<unsigned>(std::filesystem::status(path).permissions());
    };
    CHECK(mode(lab.folder()) == 0700);
    REQUIRE(lab.names() == std::vector<std::string>{"0000000000000001.segment", "done", "lock"});
    for (const std::string& name : lab.names()) CHECK(mode(lab.folder() + "/" + name) == 0600);
}

TEST_CASE("What an earlier run may have sent is told, and no more") {
    const SpoolLab lab;
    const std::size_t popped = GENERATE(0U, 5U, 16U, 20U);
    CAPTURE(popped);
    {
        Spool spool{lab.options()};
        spool.open();
        for (Seconds tick = 15; tick <= 600; tick += 15) push_tick(spool, tick, 1);
        for (std::size_t i = 0; i < popped; ++i) {
            spool.front();
            spool.pop();
        }
        // Killed.
    }
    Spool spool{lab.options()};
    spool.open();
    const std::size_t again = popped % kDoneEvery;
    CHECK(spool.waiting().batches == 40 - popped + again);
    for (std::size_t i = 0; i < kDoneEvery; ++i) {
        REQUIRE(spool.front());
        REQUIRE(spool.may_be_sent());
        spool.pop();
    }
    REQUIRE(spool.front());
    CHECK(!spool.may_be_sent());
}

TEST_CASE("A full spool lets the oldest segments go, counted to the point") {
    const SpoolLab lab;
    SpoolOptions options = lab.options();
    options.most_bytes = 8000;
    Spool spool{options};
    spool.open();
    REQUIRE((push_tick(spool, 15), spool.front()));
    for (Seconds tick = 30; tick <= 15 * 200; tick += 15) {
        push_tick(spool, tick);
        const Waiting waiting = spool.waiting();
        REQUIRE(waiting.points + waiting.dropped ==
                std::uint64_t{14} * static_cast<std::uint64_t>(tick / 15));
        REQUIRE(disk_bytes(lab) <= options.most_bytes);
    }
    CHECK(disk_bytes(lab) > options.most_bytes / 2);
    CHECK(spool.waiting().failures == 0);
    // What was shown is gone: nothing else goes for it.
    CHECK(!spool.is_shown());
    const std::size_t before = spool.waiting().batches;
    spool.pop();
    CHECK(spool.waiting().batches == before);
    CHECK(drain(spool).ends_with("2985/0 2985/1 3000/0 3000/1"));
}

TEST_CASE("A spool that is given less room lets the oldest go at the start") {
    const SpoolLab lab;
    SpoolOptions options = lab.options();
    options.segment_bytes = 200;
    {
        Spool spool{options};
        spool.open();
        for (Seconds tick = 15; tick <= 150; tick += 15) push_tick(spool, tick);
    }
    options.most_bytes = disk_bytes(lab) / 2;
    Spool spool{options};
    spool.open();
    CHECK(disk_bytes(lab) <= options.most_bytes);
    CHECK(spool.waiting().dropped + spool.waiting().points == 140);
    CHECK(spool.waiting().dropped >= 70);
    CHECK(drain(spool).ends_with("150/0 150/1"));
}

TEST_CASE("A tick that has no room goes with what is still to come of it, and those before it") {
    const SpoolLab lab;
    SpoolOptions options = lab.options();
    options.most_bytes = 1000;
    // Its beginning is on the disk only, or also in memory.
    options.most_held_bytes = GENERATE(std::size_t{100}, std::size_t{1'000'000});
    Spool spool{options};
    spool.open();
    push_tick(spool, 15);
    push_tick(spool, 30, 40);
    CHECK(spool.waiting().dropped == kPoints * 42);
    CHECK(spool.waiting().batches == 0);
    CHECK(spool.waiting().bytes == 0);
    CHECK(!spool.front());
    CHECK(spool.newest_tick() == 30);
    push_tick(spool, 45, 1);
    CHECK(drain(spool) == "45/0");
    push_tick(spool, 60, 1, 5000);
    CHECK(spool.waiting().dropped == kPoints * 43);
    push_tick(spool, 75, 3);
    CHECK(drain(spool) == "75/0 75/1 75/2");
    CHECK(disk_bytes(lab) <= options.most_bytes);
    CHECK(spool.waiting().failures == 0);
}

TEST_CASE("A batch that is too long for a segment costs its tick, and none before it") {
    const SpoolLab lab;
    {
        Spool spool{lab.options()};
        spool.open();
        push_tick(spool, 15);
        spool.push({30, 0, true, kPoints, std::string(kMostBodyBytes + 1, 'x')});
        CHECK(spool.waiting().dropped == kPoints);
        push_tick(spool, 45);
    }
    Spool spool{lab.options()};
    spool.open();
    CHECK(drain(spool) == "15/0 15/1 45/0 45/1");
    CHECK(spool.waiting().failures == 0);
}

TEST_CASE("A large tick is not kept in memory when it is on the disk") {
    const SpoolLab lab;
    SpoolOptions options = lab.options();
    options.most_held_bytes = 50'000;
    Spool spool{options};
    spool.open();
    for (std::uint32_t number = 0; number < 100; ++number) {
        spool.push(batch(15, number, number == 99, 10'000));
        if (number < 99) REQUIRE(spool.waiting().bytes < 60'000);
    }
    CHECK(spool.waiting().batches == 100);
    CHECK(drain(spool).ends_with("15/98 15/99"));
}

}  // namespace sink::spool
