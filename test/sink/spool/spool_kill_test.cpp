// SPDX-License-Identifier: Apache-2.0
// kill -9 at any moment: what was taken is there, what was sent is not given again but for the last of it.
#include "sink/spool/spool.hpp"
#include "test/sink/spool/spool_lab.hpp"

#include <csignal>
#include <random>

#include <catch2/catch.hpp>

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

namespace sink::spool {
namespace {

constexpr std::uint32_t kBatches = 5;

// What the child has done; it outlives it.
struct Told {
    // The newest tick that push() took whole.
    volatile Seconds taken;
    // How many batches were given to a receiver, and the number of those that pop() returned from.
    volatile std::uint64_t offered;
    volatile std::uint64_t popped;
};

std::uint64_t ordinal(Position position) {
    return static_cast<std::uint64_t>(position.tick - 1) * kBatches + position.number;
}

// Pushes and sends, some ticks behind, until it is killed. A byte for each tick.
[[noreturn]] void live(const SpoolOptions& options, Told& told, int tell) {
    Spool spool{options};
    spool.open();
    for (Seconds tick = spool.newest_tick() + 1;; ++tick) {
        push_tick(spool, tick, kBatches, 300);
        told.taken = tick;
        if (::write(tell, "t", 1) != 1) ::_exit(1);
        // More than comes, at times.
        for (int i = 0; i < (tick / 64 % 2 == 0 ? 1 : 10); ++i) {
            const std::optional<Batch> front = spool.front();
            if (!front) break;
            told.offered = ordinal({front->tick, front->number}) + 1;
            spool.pop();
            told.popped = told.offered;
        }
    }
}

}  // namespace

TEST_CASE("A spool whose process is killed loses nothing, and gives little again, which is told") {
    const SpoolLab lab;
    SpoolOptions options = lab.options();
    options.segment_bytes = 4'000;
    void* const shared =
        ::mmap(nullptr, sizeof(Told), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    REQUIRE(shared != MAP_FAILED);
    Told& told = *static_cast<Told*>(shared);
    std::mt19937 random{3};
    int ends[2];
    std::uint64_t again = 0;
    std::size_t most_segments = 0;
    for (int kill = 0; kill < 200; ++kill) {
        CAPTURE(kill, told.taken, told.offered, told.popped);
        REQUIRE(::pipe(ends) == 0);
        const pid_t child = ::fork();
        REQUIRE(child >= 0);
        if (child == 0) live(options, told, ends[1]);
        ::close(ends[1]);
        // So many ticks, and into the next ones.
        char byte = 0;
        for (auto tick = random() % 6; tick != 0; --tick) REQUIRE(::read(ends[0], &byte, 1) == 1);
        ::usleep(static_cast<useconds_t>(random() % 8000));
        REQUIRE(::kill(child, SIGKILL) == 0);
        REQUIRE(::waitpid(child, nullptr, 0) == child);
        ::close(ends[0]);
        most_segments = std::max(most_segments, lab.segments().size());
        Spool spool{options};
        REQUIRE(spool.open().empty());
        REQUIRE(spool.waiting().failures == 0);
        REQUIRE(spool.waiting().dropped == 0);
        // One more may be on the disk than its process knew.
        REQUIRE((spool.newest_tick() == told.taken || spool.newest_tick() == told.taken + 1));
        // All that is there, in its order, without a gap, up to the newest tick.
        std::uint64_t next = 0;
        bool is_first = true;
        while (const std::optional<Batch> front = spool.front()) {
            const std::uint64_t number = ordinal({front->tick, front->number});
            REQUIRE(front->body == body_of(front->tick, front->number, 300));
            if (is_first) {
                // Nothing that was not sent is missing.
                REQUIRE(number <= told.offered);
                REQUIRE(number + kDoneEvery >= told.popped);
                next = number;
            }
            is_first = false;
            REQUIRE(number == next++);
            if (number < told.offered) {
                REQUIRE(spool.may_be_sent());
                ++again;
            }
            // Most stays for the next process.
            if (kill % 10 != 9 && number >= told.offered + kBatches) break;
            if (number >= told.offered) told.offered = number + 1;
            spool.pop();
            told.popped = static_cast<std::uint64_t>(told.offered);
        }
        if (is_first) REQUIRE(told.offered == kBatches * static_cast<std::uint64_t>(spool.newest_tick()));
        told.taken = spool.newest_tick();
    }
    CHECK(told.taken > 400);
    CHECK(again > 20);
    CHECK(most_segments > 2);
    ::munmap(shared, sizeof(Told));
}

}  // namespace sink::spool
