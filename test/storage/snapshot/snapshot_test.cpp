// SPDX-License-Identifier: Apache-2.0
#include "storage/snapshot/snapshot.hpp"

#include "test/storage/snapshot/living_cluster.hpp"

#include <algorithm>
#include <cmath>
#include <random>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

using namespace storage;
using namespace storage::snapshot;

namespace {

// A cluster that one server has seen for a while.
struct Seen {
    explicit Seen(unsigned seed, int ticks = 90) : cluster{seed} {
        cluster.introduce(server);
        for (int i = 0; i < ticks; ++i) cluster.live({&server});
    }
    std::string served(const Memory& by) const { return served_by(by.store, cluster.now().monotonic); }

    LivingCluster cluster;
    Memory server;
};

// Usage of the cluster in the last ticks. What a life had used is another matter after a restart that took
// some ticks.
std::vector<std::uint64_t> seen_recently(const Memory& server) {
    std::vector<history::RecentPoint> points;
    server.history.read(history::OfCluster{}, {server.history.reach().to - 600}, points);
    std::vector<std::uint64_t> out;
    for (const history::RecentPoint& point : points) {
        out.push_back(point.cpu);
        out.push_back(point.memory);
    }
    return out;
}

}  // namespace

TEST_CASE("A restart in no time is as none: all is read and served as before, and goes on alike") {
    const unsigned seed = GENERATE(range(1U, 5U));
    CAPTURE(seed);
    Seen seen{seed, 200 + static_cast<int>(seed) * 7};
    const std::string before = told(seen.server.history);
    CHECK(std::count(before.begin(), before.end(), '\n') > 1000);
    const std::string told_by_kubelets = told(seen.server.stats);
    CHECK(std::count(told_by_kubelets.begin(), told_by_kubelets.end(), '\n') > 1000);
    Memory restarted;
    CHECK(load_into(restarted, sections_of(seen.server, seen.cluster.now()), seen.cluster.now()) == "");
    CHECK(told(restarted.history) == before);
    CHECK(told(restarted.stats) == told_by_kubelets);
    CHECK(seen.served(restarted).empty());

    seen.cluster.introduce(restarted);
    CHECK(!seen.served(seen.server).empty());
    CHECK(seen.served(restarted) == seen.served(seen.server));
    CHECK(restarted.store.container_count() == seen.server.store.container_count());
    CHECK(restarted.store.has_node_usage());
    CHECK(restarted.store.has_pod_usage());
    for (int i = 0; i < 70; ++i) {
        CAPTURE(i);
        seen.cluster.live({&seen.server, &restarted});
        REQUIRE(seen.served(restarted) == seen.served(seen.server));
        if (i % 10 != 0) continue;
        REQUIRE(told(restarted.history) == told(seen.server.history));
        REQUIRE(told(restarted.stats) == told(seen.server.stats));
    }
}

TEST_CASE("What is served after a restart is as old as it is, by the wall clock") {
    Seen seen{7};
    const std::vector<Section> sections = sections_of(seen.server, seen.cluster.now());
    const std::string before = seen.served(seen.server);
    Memory restarted;
    struct Case {
        const char* name;
        int down;
        std::int64_t clock_set_by;
        bool serves;
    };
    const Case cases[] = {
        {"at once", 0, 0, true},
        {"within the bound", 38, 0, true},
        {"after it", 45, 0, false},
        {"after an hour", 3600, 0, false},
        {"the clock went back a little", 5, -10, true},
        {"the clock went back by much", 5, -3600, false},
        {"the clock went forward", 5, 3600, false},
    };
    for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
            seen.cluster.pass(c.down);
            seen.cluster.set_wall_clock(c.clock_set_by);
            CHECK(load_into(restarted, sections, seen.cluster.now()) == "");
            seen.cluster.introduce(restarted);
            // The last line of all is from the node that had a page last.
            const std::string now = seen.served(restarted);
            CHECK(now.empty() != c.serves);
            if (c.down < 25) CHECK((now == before) == c.serves);
            CHECK(told(restarted.history) == told(seen.server.history));
            CHECK(told(restarted.stats) == told(seen.server.stats));
            seen.cluster.live({&restarted});
            seen.cluster.live({&restarted});
            CHECK(!seen.served(restarted).empty());
        }
}

TEST_CASE("Served figures run out after a restart when they would have without one") {
    Seen seen{8};
    Memory restarted;
    CHECK(load_into(restarted, sections_of(seen.server, seen.cluster.now()), seen.cluster.now()) == "");
    seen.cluster.introduce(restarted);
    for (int second = 0; second < 60; ++second) {
        seen.cluster.pass(1);
        CAPTURE(second);
        // Ages are rounded up to milliseconds, and these are whole seconds.
        CHECK(seen.served(restarted) == seen.served(seen.server));
    }
    restarted.store.expire(seen.cluster.now().monotonic);
    CHECK(!restarted.store.has_node_usage());
    CHECK(!restarted.store.has_pod_usage());
}

TEST_CASE("Points go to objects of the same UID alone") {
    Seen seen{9};
    const std::vector<Section> sections = sections_of(seen.server, seen.cluster.now());
    Memory restarted;
    SECTION("others have come") {
        seen.cluster.replace_uids();
        load_into(restarted, sections, seen.cluster.now());
        seen.cluster.introduce(restarted);
        CHECK(seen.served(restarted).empty());
    }
    SECTION("the watch came first") {
        seen.cluster.introduce(restarted);
        load_into(restarted, sections, seen.cluster.now());
        CHECK(seen.served(restarted) == seen.served(seen.server));
    }
    SECTION("the watch does not show them for long") {
        load_into(restarted, sections, seen.cluster.now());
        restarted.store.expire(seen.cluster.now().monotonic + std::chrono::seconds{121});
        seen.cluster.introduce(restarted);
        CHECK(seen.served(restarted).empty());
    }
    SECTION("a node that goes and comes back has them once") {
        load_into(restarted, sections, seen.cluster.now());
        seen.cluster.introduce(restarted);
        CHECK(restarted.store.node("node-1", seen.cluster.now().monotonic)->usage);
        restarted.store.remove_node("node-1");
        seen.cluster.introduce(restarted);
        CHECK(!restarted.store.node("node-1", seen.cluster.now().monotonic)->usage);
    }
}

TEST_CASE("With ticks of another length the long tier stays, and means with it") {
    Seen seen{10};
    const std::vector<Section> sections = sections_of(seen.server, seen.cluster.now());
    history::HistoryOptions options = Memory::small();
    options.resolution = std::chrono::seconds{GENERATE(5, 30, 40, 60)};
    Memory restarted{options};
    SnapshotLoader loader{restarted.store, &restarted.history, &restarted.stats};
    for (const Section& section : sections)
        CHECK(loader.load(section.kind, section.bytes, seen.cluster.now()) == "");
    CHECK(loader.loaded().history.other_tick == 15);
    std::vector<history::RecentPoint> recent;
    restarted.history.read(history::OfCluster{}, {}, recent);
    CHECK(recent.empty());
    std::vector<history::LongPoint> before;
    std::vector<history::LongPoint> after;
    seen.server.history.read(history::OfCluster{}, {}, before);
    restarted.history.read(history::OfCluster{}, {}, after);
    REQUIRE(!after.empty());
    // The last may not be over by whole ticks of now.
    REQUIRE(after.size() + 1 >= before.size());
    for (std::size_t i = 0; i < after.size(); ++i) {
        CHECK(after[i].at == before[i].at);
        CHECK(std::abs(static_cast<double>(after[i].cpu) - static_cast<double>(before[i].cpu)) <= 20'000);
        CHECK(after[i].memory == before[i].memory);
        CHECK(after[i].cpu_max == before[i].cpu_max);
    }
    // Five minutes are whole ticks of all these but one.
    const double gained = after.back().cpu_seconds - after.front().cpu_seconds;
    const double had = before[after.size() - 1].cpu_seconds - before.front().cpu_seconds;
    CHECK(gained == Approx(had).epsilon(options.resolution.count() == 40 ? 0.07 : 0.001));
}

TEST_CASE("With less memory than before a history is cut evenly") {
    LivingCluster cluster{11, 4, 400};
    Memory server;
    cluster.introduce(server);
    for (int i = 0; i < 120; ++i) cluster.live({&server});
    const std::vector<Section> sections = sections_of(server, cluster.now());
    // About 64 KiB each.
    for (const Section& section : sections) CHECK(section.bytes.size() < 2 * kSectionBytes);
    history::HistoryOptions options = Memory::small();
    const history::Reach before = server.history.reach();
    options.memory = (before.bytes - before.block_bytes) * 5 / 4 + before.block_bytes * 6 / 10;
    Memory restarted{options};
    CHECK(load_into(restarted, sections, cluster.now()) == "");
    const history::Reach reach = restarted.history.reach();
    CHECK(reach.cut);
    CHECK(reach.bytes <= options.memory);
    CHECK(reach.recent_from > before.recent_from);
    CHECK(reach.to == before.to);
    cluster.introduce(restarted);
    for (int i = 0; i < 20; ++i) cluster.live({&restarted});
    CHECK(restarted.history.reach().bytes <= options.memory);
}

TEST_CASE("A snapshot may be taken while all goes on") {
    LivingCluster cluster{12, 4, 260};
    Memory server;
    cluster.introduce(server);
    for (int i = 0; i < 60; ++i) cluster.live({&server});
    SnapshotWriter writer{server.store, &server.history, &server.stats};
    Memory restarted;
    std::size_t sections = 0;
    {
        SnapshotLoader loader{restarted.store, &restarted.history, &restarted.stats};
        while (const auto section = writer.next(cluster.now())) {
            cluster.live({&server});
            CHECK(loader.load(section->kind, section->bytes, cluster.now()) == "");
            ++sections;
        }
    }
    CHECK(sections > 5);
    CHECK(restarted.history.reach().to > 0);
    CHECK(restarted.history.reach().series > 300);
    cluster.introduce(restarted);
    for (int i = 0; i < 100; ++i) cluster.live({&server, &restarted});
    CHECK(seen_recently(restarted) == seen_recently(server));
}

TEST_CASE("Sections that are none do no harm") {
    Seen seen{13, 40};
    std::mt19937 random{14};
    for (const Section& section : sections_of(seen.server, seen.cluster.now())) {
        for (int i = 0; i < 60; ++i) {
            Memory restarted;
            seen.cluster.introduce(restarted);
            std::string bytes = section.bytes;
            if (i % 3 == 0) bytes.resize(random() % bytes.size());
            for (int n = 0; n < 1 + i % 4 && !bytes.empty(); ++n)
                bytes[random() % bytes.size()] = static_cast<char>(random());
            load_into(restarted, {{section.kind, bytes}}, seen.cluster.now());
            for (int n = 0; n < 3; ++n) seen.cluster.live({&restarted});
            told(restarted.history);
            told(restarted.stats);
            seen.served(restarted);
        }
    }
}
