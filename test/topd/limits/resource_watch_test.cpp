// SPDX-License-Identifier: Apache-2.0
#include "topd/limits/resource_watch.hpp"

#include "test/topd/captured_log.hpp"
#include "test/topd/file_tree.hpp"
#include "test/topd/limits/mebibyte.hpp"

#include <string>
#include <vector>

#include <catch2/catch.hpp>

using namespace std::chrono_literals;
using namespace topd;
using test::FileTree;
using test::kMiB;

namespace {

const net::Clock::time_point kStart{1h};

Inventory nodes(std::size_t count) {
    return {count, count * 30, count * 36};
}

Throttling throttled(std::chrono::nanoseconds time) {
    return {static_cast<std::uint64_t>(time / 50ms), time};
}

}  // namespace

TEST_CASE("A memory limit that is too low is said once and when it gets worse") {
    MemoryShortage shortage;
    const auto says = [&](std::size_t count, std::optional<std::uint64_t> limit) {
        return shortage.look(nodes(count), limit).has_value();
    };
    CHECK(!says(5000, std::nullopt));
    // The smallest that is promised to work.
    CHECK(!says(500, 64 * kMiB));
    CHECK(!says(900, 64 * kMiB));
    CHECK(says(1000, 64 * kMiB));
    CHECK(!says(1000, 64 * kMiB));
    CHECK(!says(1100, 64 * kMiB));
    // A node more or less around the limit is no news.
    CHECK(!says(900, 64 * kMiB));
    CHECK(!says(1000, 64 * kMiB));
    CHECK(says(1400, 64 * kMiB));
    // Resized, not enough.
    CHECK(says(1400, 70 * kMiB));
    CHECK(!says(1400, 128 * kMiB));
    // It was well below in between.
    CHECK(says(1400, 64 * kMiB));
    CHECK(!says(500, 64 * kMiB));
    CHECK(says(1000, 64 * kMiB));
    CHECK(shortage.look(nodes(2000), 64 * kMiB) == needed_bytes(nodes(2000)));
}

TEST_CASE("CPU time withheld is said when it is more than a twentieth of a minute") {
    CpuShortage shortage;
    auto now = kStart;
    std::chrono::nanoseconds total = 5s;
    // A look every ten seconds, with that much withheld before each; how often it spoke.
    const auto looks = [&](int count, std::chrono::nanoseconds each) {
        int said = 0;
        for (int i = 0; i < count; ++i) {
            now += 10s;
            total += each;
            said += shortage.look(now, throttled(total)).has_value();
        }
        return said;
    };
    SECTION("not for what was before the first look") {
        CHECK(looks(20, 0s) == 0);
    }
    SECTION("not for exactly a twentieth") {
        CHECK(looks(20, 500ms) == 0);
    }
    SECTION("not before a minute has passed") {
        CHECK(looks(6, 10s) == 0);
    }
    SECTION("with the figures of the last minute") {
        looks(20, 0s);
        looks(3, 200ms);
        now += 10s;
        total += 2500ms;
        const auto withheld = shortage.look(now, throttled(total));
        REQUIRE(withheld.has_value());
        CHECK(withheld->time == 3100ms);
        CHECK(withheld->of == 60s);
        CHECK(withheld->periods == 62);
    }
    SECTION("every ten minutes at most") {
        CHECK(looks(7, 1s) == 1);
        CHECK(looks(59, 1s) == 0);
        CHECK(looks(1, 1s) == 1);
    }
    SECTION("and not when it is over") {
        looks(7, 1s);
        CHECK(looks(100, 0s) == 0);
    }
}

TEST_CASE("The log tells the limits and what does not fit") {
    FileTree tree;
    tree.write("proc/self/cgroup", "0::/\n");
    tree.write("proc/self/mountinfo", "35 24 0:30 / /cg rw - cgroup2 cgroup2 rw\n");
    tree.write("cg/memory.max", "67108864\n");
    tree.write("cg/cpu.max", "50000 100000\n");
    tree.write("cg/cpu.stat", "nr_throttled 10\nthrottled_usec 1000000\n");
    std::optional<Inventory> inventory;
    test::CapturedLog log;
    ResourceWatch watch{Cgroup{tree.root()}, [&] { return inventory; }};
    watch.introduce();
    // The watches have not told yet.
    watch.look(kStart);
    inventory = nodes(500);
    watch.look(kStart + 10s);
    inventory = nodes(1000);
    watch.look(kStart + 20s);
    tree.write("cg/cpu.stat", "nr_throttled 110\nthrottled_usec 10040000\n");
    watch.look(kStart + 60s);
    watch.look(kStart + 70s);
    CHECK(
        log.lines() ==
        std::vector<std::string>{
            R"("Resource limits" memory="64Mi" cpu="0.5")",
            R"("The memory limit is too low for this cluster: set resources.limits.memory to at least what is )"
            R"(needed, or the kernel may end the process" needed="66Mi" limit="64Mi" nodes=1000 pods=30000 )"
            R"(containers=36000)",
            R"("CPU throttled: scrapes and answers may be late; raise or remove resources.limits.cpu" )"
            R"(throttled="9.0s" of="60s" periods=100 limit="0.5")"});
}

TEST_CASE("Without limits nothing is said but that") {
    FileTree tree;
    test::CapturedLog log;
    ResourceWatch watch{Cgroup{tree.root()}, [] { return nodes(15'000); }};
    watch.introduce();
    for (int i = 0; i < 20; ++i) watch.look(kStart + i * 10s);
    CHECK(log.lines() == std::vector<std::string>{R"("Resource limits" memory="none" cpu="none")"});
}

TEST_CASE("Too few descriptors for the nodes are in the log") {
    FileTree tree;
    test::CapturedLog log;
    ResourceWatch watch{Cgroup{tree.root()}, [] { return nodes(1000); }, {1024, 256}};
    watch.look(kStart);
    watch.look(kStart + 10s);
    CHECK(log.lines() ==
          std::vector<std::string>{
              R"("The limit of open files is too low for this cluster: raise the hard limit (ulimit -Hn, or )"
              R"(LimitNOFILE of the container runtime), or nodes may not be scraped" needed=1320 limit=1024 )"
              R"(nodes=1000)"});
}
