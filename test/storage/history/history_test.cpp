// SPDX-License-Identifier: Apache-2.0
// Windows, gaps, lives and memory, told by hand. That history holds what is served:
// test/storage/truth/random_ticks.cpp.
#include "storage/history/history.hpp"

#include "storage/history/feed.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

using namespace storage::history;

namespace {

constexpr Seconds kStart = 1'800'000'000;
constexpr std::uint64_t kMilli = 1'000'000;
constexpr std::uint64_t kMiB = 1024 * 1024;

// One pod with one container on one node, and what it is told.
class World {
  public:
    explicit World(HistoryOptions options = {}) : history{options} {
        node = history.feed().link_node("n1");
        pod = history.feed().link_pod("shop", "web-0");
    }

    // A tick that ends at `now` in which only the pod of that link has figures; unset: it has none either.
    void tick_of(Seconds now, Link whose, std::optional<Figures> served) {
        history.feed().begin_tick(now);
        if (served) {
            const ContainerFigures figures{"main", *served, {1, 7}};
            history.feed().put_pod(whose, "shop", node, {&figures, 1});
        }
        history.feed().end_tick();
        while (history.tend()) {
        }
    }
    // A tick that ends at `now`; cpu in millicores, 0: nothing is served.
    void tick(Seconds now, std::uint64_t cpu, Life life = {1, 7}) {
        history.feed().begin_tick(now);
        if (cpu > 0) {
            const ContainerFigures figures{"main", {cpu * kMilli, cpu * kMiB, std::nullopt}, life};
            history.feed().put_pod(pod, "shop", node, {&figures, 1});
            history.feed().put_node(node, figures.figures, {});
        }
        history.feed().end_tick();
        history.tend();
    }
    std::vector<RecentPoint> recent(const Subject& subject, TimeRange range = {}) {
        std::vector<RecentPoint> points;
        history.read(subject, range, points);
        return points;
    }
    std::vector<LongPoint> longer(const Subject& subject, TimeRange range = {}) {
        std::vector<LongPoint> points;
        history.read(subject, range, points);
        return points;
    }

    const OfContainer main{"shop", "web-0", "main"};
    History history;
    Link node = kNowhere;
    Link pod = kNowhere;
};

std::vector<Seconds> times(const std::vector<RecentPoint>& points) {
    std::vector<Seconds> all;
    for (const RecentPoint& point : points) all.push_back(point.at);
    return all;
}

std::vector<double> cpu_seconds(const std::vector<RecentPoint>& points) {
    std::vector<double> all;
    for (const RecentPoint& point : points) all.push_back(point.cpu_seconds);
    return all;
}

using Times = std::vector<Seconds>;

}  // namespace

TEST_CASE("history holds a tick for container, pod, namespace, node and cluster") {
    World world;
    world.tick(kStart, 10);
    world.tick(kStart + 15, 20);
    for (const Subject& subject :
         {Subject{world.main}, Subject{OfPod{"shop", "web-0"}}, Subject{OfNamespace{"shop"}},
          Subject{OfNode{"n1"}}, Subject{OfCluster{}}}) {
        const auto points = world.recent(subject);
        REQUIRE(points.size() == 2);
        CHECK(points[0].at == kStart);
        CHECK(points[0].cpu == 10 * kMilli);
        CHECK(points[1].at == kStart + 15);
        CHECK(points[1].cpu == 20 * kMilli);
        CHECK(points[1].memory == 20 * kMiB);
        CHECK_FALSE(points[1].swap);
    }
    CHECK(world.recent(world.main)[0].started == 7);
    CHECK(world.recent(world.main, {kStart + 1, kStart + 15}).size() == 1);
    CHECK(world.recent(world.main, {kStart, kStart + 14}).size() == 1);
    CHECK(world.recent(world.main, {kStart + 15, kStart}).empty());
    CHECK(world.recent(OfContainer{"shop", "web-0", "other"}).empty());
    CHECK(world.recent(OfContainer{"shop", "web-1", "main"}).empty());
    CHECK(world.recent(OfPod{"other", "web-0"}).empty());
    CHECK(world.recent(OfNamespace{"other"}).empty());
    CHECK(world.recent(OfNode{"n2"}).empty());
}

TEST_CASE("a tick that is not over is not read") {
    World world;
    world.tick(kStart, 10);
    world.history.feed().begin_tick(kStart + 15);
    const ContainerFigures figures{"main", {kMilli, kMiB, std::nullopt}, {1, 7}};
    world.history.feed().put_pod(world.pod, "shop", world.node, {&figures, 1});
    CHECK(times(world.recent(world.main)) == Times{kStart});
    world.history.feed().end_tick();
    CHECK(times(world.recent(world.main)) == Times{kStart, kStart + 15});
}

TEST_CASE("what was missed of a life counts like the next tick, and a new life begins at nothing") {
    World world;
    world.tick(kStart, 100);
    world.tick(kStart + 15, 0);
    world.tick(kStart + 30, 0);
    world.tick(kStart + 45, 200);
    world.tick(kStart + 60, 100, {2, 9});
    const auto points = world.recent(world.main);
    CHECK(times(points) == Times{kStart, kStart + 45, kStart + 60});
    // 1.5 s, then 3 x 15 s of 0.2 cores.
    CHECK(points[0].cpu_seconds == Approx(1.5));
    CHECK(points[1].cpu_seconds == Approx(1.5 + 9));
    CHECK(points[2].cpu_seconds == Approx(1.5));
    CHECK(points[2].started == 9);
}

TEST_CASE("another object of a name begins a life, the same one told anew does not") {
    World world;
    world.tick(kStart, 100, {1, 7});
    // The store has a new record of the same container.
    world.pod = world.history.feed().link_pod("shop", "web-0");
    world.tick(kStart + 15, 100, {5, 7});
    CHECK(cpu_seconds(world.recent(world.main)) == std::vector<double>{1.5, 3});
    // Another container whose record counts lives alike.
    world.pod = world.history.feed().link_pod("shop", "web-0");
    world.tick(kStart + 30, 100, {5, 8});
    world.tick(kStart + 45, 100, {5, 9});
    CHECK(cpu_seconds(world.recent(world.main)) == std::vector<double>{1.5, 3, 1.5, 1.5});
    // A start that is not told is no other.
    world.tick(kStart + 60, 100, {5, 0});
    CHECK(world.recent(world.main).back().cpu_seconds == 3);
}

TEST_CASE("the long tier has mean and maximum, and the same counter as the recent one") {
    World world;
    // The first bucket ends at the start.
    for (int i = 0; i <= 40; ++i) world.tick(kStart + 15 * i, i % 20 == 7 ? 500 : 100);
    const auto points = world.longer(world.main);
    REQUIRE(points.size() == 3);
    CHECK(points[0].at == kStart);
    CHECK(points[1].at == kStart + 300);
    CHECK(points[2].at == kStart + 600);
    CHECK(points[1].cpu == Approx((19 * 100 + 500) / 20.0 * kMilli).epsilon(0.001));
    CHECK(points[1].cpu_max == Approx(500.0 * kMilli).epsilon(0.001));
    CHECK(points[1].memory == 120 * kMiB);
    CHECK(points[1].memory_max == 500 * kMiB);
    const auto recent = world.recent(world.main, {kStart + 300, kStart + 300});
    REQUIRE(recent.size() == 1);
    CHECK(points[1].cpu_seconds == recent[0].cpu_seconds);
    // A bucket that is not over is not read.
    world.tick(kStart + 615, 100);
    CHECK(world.longer(world.main).size() == 3);
}

TEST_CASE("swap is kept where it is reported") {
    World world;
    world.tick_of(kStart + 15, world.pod, Figures{kMilli, kMiB, 8192});
    world.tick_of(kStart + 30, world.pod, Figures{kMilli, kMiB, std::nullopt});
    world.tick_of(kStart + 300, world.pod, Figures{kMilli, kMiB, 0});
    const auto points = world.recent(OfNamespace{"shop"});
    REQUIRE(points.size() == 3);
    CHECK(points[0].swap == 8192);
    CHECK_FALSE(points[1].swap);
    CHECK(points[2].swap == 0);
    const auto longer = world.longer(world.main);
    REQUIRE(longer.size() == 1);
    CHECK(longer[0].swap == 4096);
    CHECK(longer[0].swap_max == 8192);
}

TEST_CASE("zeros of swap that ended with a bucket are told as long as the bucket is") {
    HistoryOptions options;
    options.recent_window = std::chrono::minutes{5};
    World world{options};
    for (Seconds now = kStart + 15; now <= kStart + 1200; now += 15) {
        const auto swap = now <= kStart + 300 ? std::optional<std::uint64_t>{0} : std::nullopt;
        world.tick_of(now, world.pod, Figures{kMilli, kMiB, swap});
    }
    const auto longer = world.longer(world.main);
    REQUIRE(longer.size() == 4);
    CHECK(longer[0].swap == 0);
    CHECK(longer[0].swap_max == 0);
    CHECK_FALSE(longer[1].swap);
}

TEST_CASE("whatever swap a container reports is told, also after its zeros have fallen out") {
    std::mt19937 random{GENERATE(1U, 2U, 3U, 4U, 5U, 6U)};
    HistoryOptions options;
    options.recent_window = std::chrono::minutes{5};
    options.long_window = std::chrono::minutes{20};
    World world{options};
    // Of the ticks that had a row, by their end; and buckets, by theirs.
    std::map<Seconds, std::optional<std::uint64_t>> told;
    std::map<Seconds, std::vector<std::uint64_t>> buckets;
    unsigned kind = 0;
    for (Seconds now = kStart + 15; now < kStart + 9000; now += 15) {
        if (random() % 16 == 0) kind = random() % 4;
        std::optional<Figures> served;
        if (kind != 3) {
            const std::optional<std::uint64_t> kinds[] = {0, std::nullopt, random() % 3 * 40'960};
            told[now] = kinds[kind];
            auto& bucket = buckets[(now + 299) / 300 * 300];
            if (told[now]) bucket.push_back(*told[now]);
            served = Figures{kMilli, kMiB, told[now]};
        }
        world.tick_of(now, world.pod, served);
        CAPTURE(now, kind);
        for (const RecentPoint& point : world.recent(world.main)) REQUIRE(point.swap == told.at(point.at));
        for (const LongPoint& point : world.longer(world.main)) {
            const std::vector<std::uint64_t>& all = buckets.at(point.at);
            REQUIRE(point.swap.has_value() == !all.empty());
            REQUIRE(point.swap_max.has_value() == !all.empty());
            if (all.empty()) continue;
            REQUIRE(*point.swap_max == *std::max_element(all.begin(), all.end()));
            const double mean =
                std::accumulate(all.begin(), all.end(), 0.0) / static_cast<double>(all.size());
            REQUIRE(std::abs(static_cast<double>(*point.swap) - mean) <= 2049);
        }
    }
    CHECK(world.recent(world.main).size() <= 20);
}

TEST_CASE("what is older than its window is gone, the rest is not") {
    HistoryOptions options;
    options.recent_window = std::chrono::minutes{10};
    options.long_window = std::chrono::hours{1};
    World world{options};
    for (int i = 0; i < 400; ++i) world.tick(kStart + 15 * i, 10 + static_cast<std::uint64_t>(i % 3));
    const Seconds last = kStart + 15 * 399;
    const auto points = world.recent(world.main);
    CHECK(points.size() == 40);
    CHECK(points.front().at == last - 600 + 15);
    const auto longer = world.longer(world.main);
    CHECK(longer.size() == 11);
    CHECK(longer.back().at == kStart + 5700);
    CHECK(world.history.reach().recent_from == last - 600 + 15);
    CHECK(world.history.reach().long_from == longer.front().at);
    CHECK_FALSE(world.history.reach().cut);
    // The counter goes on from what was dropped.
    CHECK(points.front().cpu_seconds == Approx(15 * 0.011 * 361).epsilon(0.01));
}

TEST_CASE("a pod that ended is read until it has fallen out, and one of its name goes on") {
    HistoryOptions options;
    options.recent_window = std::chrono::minutes{10};
    options.long_window = std::chrono::minutes{20};
    World world{options};
    const auto other = world.history.feed().link_pod("shop", "web-1");
    const auto quiet_tick = [&](int i) {
        world.tick_of(kStart + 15 * i, other, Figures{kMilli, kMiB, std::nullopt});
    };
    for (int i = 0; i < 10; ++i) world.tick(kStart + 15 * i, 10);
    world.history.feed().unlink_pod(world.pod);
    for (int i = 10; i < 40; ++i) quiet_tick(i);
    CHECK(world.recent(world.main).size() == 10);
    const auto known = [&] {
        std::vector<std::string> pods;
        world.history.walk_pods({}, {}, {}, [&](const KnownPod& pod) {
            pods.emplace_back(pod.name);
            CHECK(pod.node == "n1");
            CHECK(pod.containers == std::vector<std::string_view>{"main"});
            return true;
        });
        return pods;
    };
    CHECK(known() == std::vector<std::string>{"web-0", "web-1"});
    for (int i = 40; i < 70; ++i) quiet_tick(i);
    CHECK(world.recent(world.main).empty());
    CHECK(world.longer(world.main).size() == 1);
    for (int i = 70; i < 160; ++i) quiet_tick(i);
    CHECK(known() == std::vector<std::string>{"web-1"});
    // Cluster, namespace, node and the other one.
    CHECK(world.history.reach().series == 4);
}

TEST_CASE("a clock that is set back takes history with it, one that is set forward leaves a gap") {
    World world;
    world.tick(kStart, 10);
    world.tick(kStart + 15, 20);
    world.tick(kStart - 3600, 30);
    CHECK(times(world.recent(world.main)) == Times{kStart - 3630, kStart - 3615, kStart - 3600});
    world.tick(kStart - 1800, 40);
    CHECK(times(world.recent(world.main)) ==
          Times{kStart - 3630, kStart - 3615, kStart - 3600, kStart - 1800});
    CHECK(cpu_seconds(world.recent(world.main)).back() > 0);
}

TEST_CASE("walks resume behind a key") {
    History history{{}};
    for (const char* pod : {"a/1", "a/2", "b/1"}) {
        const std::string key = pod;
        const Link link = history.feed().link_pod(key.substr(0, 1), key.substr(2));
        history.feed().begin_tick(kStart);
        const ContainerFigures figures{"main", {kMilli, kMiB, std::nullopt}, {1, 7}};
        history.feed().put_pod(link, key.substr(0, 1), kNowhere, {&figures, 1});
        history.feed().end_tick();
    }
    const auto walk = [&](std::string_view name_space, std::string_view after_namespace,
                          std::string_view after_pod) {
        std::string seen;
        history.walk_pods(name_space, after_namespace, after_pod, [&](const KnownPod& pod) {
            seen += std::string{pod.name_space} + "/" + std::string{pod.name} + " ";
            return true;
        });
        return seen;
    };
    CHECK(walk({}, {}, {}) == "a/1 a/2 b/1 ");
    CHECK(walk({}, "a", "1") == "a/2 b/1 ");
    CHECK(walk({}, "a", "2") == "b/1 ");
    CHECK(walk("a", "a", "1") == "a/2 ");
    CHECK(walk("b", {}, {}) == "b/1 ");
    CHECK(walk("b", "a", "2") == "b/1 ");
    CHECK(walk("c", {}, {}).empty());
}

TEST_CASE("memory is bounded, and history is cut alike for all") {
    HistoryOptions options;
    options.memory = 1024 * 1024;
    options.long_window = std::chrono::hours{4};
    History history{options};
    constexpr int kPods = 400;
    std::vector<Link> pods;
    std::uint64_t cpu = 1;
    for (int i = 0; i < kPods; ++i)
        pods.push_back(history.feed().link_pod("shop", "web-" + std::to_string(100 + i)));
    int serial = kPods;
    for (int tick = 0; tick < 1000; ++tick) {
        // One pod after the other is replaced.
        history.feed().unlink_pod(pods[static_cast<std::size_t>(tick % kPods)]);
        pods[static_cast<std::size_t>(tick % kPods)] =
            history.feed().link_pod("shop", "web-" + std::to_string(100 + serial++));
        history.feed().begin_tick(kStart + 15 * tick);
        for (const Link pod : pods) {
            cpu = cpu * 6364136223846793005U + 1;
            const ContainerFigures figures{"main", {cpu >> 36, cpu >> 32, std::nullopt}, {1, 7}};
            history.feed().put_pod(pod, "shop", kNowhere, {&figures, 1});
        }
        history.feed().end_tick();
        while (history.tend()) {
        }
        REQUIRE(history.reach().bytes <= options.memory);
    }
    const Reach reach = history.reach();
    CHECK(reach.cut);
    CHECK(reach.refused_points == 0);
    CAPTURE(reach.refused_series, reach.recent_from, reach.to, reach.bytes, reach.block_bytes);
    const Seconds back = reach.to - reach.recent_from;
    CHECK(back > 300);
    CHECK(back < 3600);
    // All that lived long enough reach back as far.
    std::vector<RecentPoint> points;
    std::size_t whole = 0;
    for (int i = 0; i < serial; ++i) {
        const std::string name = "web-" + std::to_string(100 + i);
        history.read(OfPod{"shop", name}, {}, points);
        if (!points.empty() && points.front().at == reach.recent_from) ++whole;
    }
    CHECK(whole >= kPods - 40);
}

TEST_CASE("sums are of all pods, also of those whose own history has no room") {
    HistoryOptions options;
    options.memory = 1024 * 1024;
    History history{options};
    std::vector<Link> pods;
    for (int i = 0; i < 20'000; ++i)
        pods.push_back(history.feed().link_pod(i % 2 == 0 ? "even" : "odd", "web-" + std::to_string(i)));
    REQUIRE(history.reach().refused_series > 0);
    history.feed().begin_tick(kStart);
    for (std::size_t i = 0; i < pods.size(); ++i) {
        const ContainerFigures figures{"main", {kMilli, kMiB, 4096}, {1, 7}};
        history.feed().put_pod(pods[i],
                               i % 5 == 0   ? "fifth"
                               : i % 2 == 0 ? "even"
                                            : "odd",
                               kNowhere, {&figures, 1});
    }
    history.feed().end_tick();
    std::uint64_t memory = 0;
    std::vector<RecentPoint> points;
    for (const char* name : {"even", "odd", "fifth"}) {
        history.read(OfNamespace{name}, {}, points);
        REQUIRE(points.size() == 1);
        memory += points[0].memory;
        CHECK(points[0].swap == points[0].memory / 256);
    }
    CHECK(memory == 20'000 * kMiB);
    history.read(OfCluster{}, {}, points);
    CHECK(points.at(0).memory == 20'000 * kMiB);
    CHECK(history.reach().bytes <= options.memory);
}

TEST_CASE("a pod is found by its name") {
    World world;
    world.tick(kStart, 10);
    KnownPod pod;
    REQUIRE(world.history.pod("shop", "web-0", pod));
    CHECK(pod.name_space == "shop");
    CHECK(pod.name == "web-0");
    CHECK(pod.node == "n1");
    CHECK(pod.containers == std::vector<std::string_view>{"main"});
    CHECK_FALSE(world.history.pod("shop", "web-1", pod));
    CHECK_FALSE(world.history.pod("other", "web-0", pod));
}
