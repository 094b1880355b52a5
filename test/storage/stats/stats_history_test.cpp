// SPDX-License-Identifier: Apache-2.0
#include "storage/stats/stats_history.hpp"

#include <string>
#include <vector>

#include <catch2/catch.hpp>

namespace storage::stats {
namespace {

using namespace std::chrono_literals;

// A whole number of ticks, and of rows of the long tier.
constexpr Seconds kBegin = 1'767'607'200;

Filesystem filesystem(std::uint64_t used) {
    return {used * 4096, 400'000 * 4096, (400'000 - used) * 4096, 1000, 900};
}

// A node with one pod of one container and a volume, whose counters grow by the second.
StatsPage page_at(Seconds at, const std::string& pod = "web-0") {
    const auto grown = static_cast<std::uint64_t>(at - kBegin + 1000);
    StatsPage page;
    page.kubelet_time = at;
    page.node.started = kBegin - 500;
    page.node.network = {at - 5, grown * 100, grown * 10, 1, 2};
    page.node.memory = {at - 5, 81'920, 40'960, grown, 3};
    page.node.filesystem = filesystem(50);
    page.node.image_filesystem = filesystem(60);
    page.node.container_filesystem = filesystem(70);
    Container system;
    system.name = "kubelet";
    system.started = kBegin - 400;
    system.cpu = grown * 1'000'000;
    system.memory = {at - 5, 8192, 4096, 1, 1};
    page.node.system_containers.push_back(system);
    Pod& made = page.pods.emplace_back();
    made.name_space = "default";
    made.name = pod;
    made.started = kBegin - 300;
    made.network = {at - 15, grown * 1000, grown * 2000, 0, 0};
    made.memory = {at - 3, 12'288, 8192, 5, 0};
    made.ephemeral_storage_used = 16'384;
    Container& container = made.containers.emplace_back();
    container.name = "main";
    container.started = kBegin - 200;
    container.memory = {at - 3, 20'480, 16'384, grown * 2, 0};
    container.rootfs_used = 4096;
    container.logs_used = 8192;
    made.volumes.push_back({"data", "data-web-0", filesystem(static_cast<std::uint64_t>(at - kBegin) / 60)});
    return page;
}

bool everybody(std::string_view, std::string_view) {
    return true;
}

// Pages of a node, one a minute, half a minute behind each tick.
void feed(StatsHistory& history, Seconds from, Seconds to, const std::string& node = "n1",
          const std::string& pod = "web-0") {
    for (Seconds at = from + 30; at < to; at += 60) history.commit(node, page_at(at, pod), at, everybody);
}

std::vector<Point> points(const StatsHistory& history, const Subject& subject, Part part,
                          TimeRange range = {}) {
    std::vector<Point> out;
    history.read_recent(subject, part, range, out);
    return out;
}

using Values = std::array<Number, 5>;

}  // namespace

TEST_CASE("StatsHistory keeps what a page tells of each thing") {
    StatsHistory history{{}};
    feed(history, kBegin, kBegin + 240);
    const Seconds tick = kBegin + 120;
    const auto value_of = [&](const Subject& subject, Part part) {
        const auto read = points(history, subject, part, {tick, tick});
        REQUIRE(read.size() == 1);
        CHECK(read[0].at == tick);
        return read[0];
    };
    const std::uint64_t grown = 1000 + 120;
    // The sample's own time counts: what a page of 15 s later told of the tick is as exact.
    CHECK(value_of(OfPod{"default", "web-0"}, Part::network).values ==
          Values{(grown + 15) * 1000, (grown + 15) * 2000, 0, 0, {}});
    CHECK(value_of(OfPod{"default", "web-0"}, Part::network).started == kBegin - 300);
    CHECK(value_of(OfPod{"default", "web-0"}, Part::memory).values == Values{12'288, 8192, 5, 0, 16'384});
    CHECK(value_of(OfNode{"n1"}, Part::network).values ==
          Values{(grown + 5) * 100, (grown + 5) * 10, 1, 2, {}});
    CHECK(value_of(OfNode{"n1"}, Part::memory).values == Values{81'920, 40'960, grown + 5, 3, {}});
    CHECK(value_of(OfNode{"n1"}, Part::filesystem).values ==
          Values{50 * 4096, 400'000 * 4096, 399'950 * 4096, 1000, 900});
    CHECK(*value_of(OfNode{"n1"}, Part::image_filesystem).values[0] == 60 * 4096);
    CHECK(*value_of(OfNode{"n1"}, Part::container_filesystem).values[0] == 70 * 4096);
    CHECK(value_of(OfSystemContainer{"n1", "kubelet"}, Part::memory).values ==
          Values{8192, 4096, 1, 1, (grown + 5) * 1'000'000});
    CHECK(value_of(OfContainer{"default", "web-0", "main"}, Part::memory).values ==
          Values{20'480, 16'384, (grown + 3) * 2, 0, {}});
    CHECK(value_of(OfContainer{"default", "web-0", "main"}, Part::disk).values ==
          Values{4096, 8192, {}, {}, {}});
    CHECK(value_of(OfContainer{"default", "web-0", "main"}, Part::disk).started == kBegin - 200);
    // The volume grows by a page a minute; the page before the tick told of one.
    CHECK(value_of(OfVolume{"default", "web-0", "data"}, Part::filesystem).values ==
          Values{4096, 400'000 * 4096, 399'999 * 4096, 1000, 900});
    for (const Part part : {Part::disk, Part::filesystem})
        CHECK(points(history, OfPod{"default", "web-0"}, part).empty());
    CHECK(points(history, OfNode{"n2"}, Part::network).empty());
    CHECK(points(history, OfContainer{"default", "web-0", "other"}, Part::memory).empty());
}

TEST_CASE("StatsHistory knows whose stats there are") {
    StatsHistory history{{}};
    for (const auto& [node, pod] : {std::pair{"n1", "b"}, {"n2", "a"}, {"n3", "c"}})
        history.commit(node, page_at(kBegin + 1, pod), kBegin + 1, everybody);
    KnownPod pod;
    REQUIRE(history.pod("default", "b", pod));
    CHECK(pod.node == "n1");
    CHECK(pod.containers == std::vector<std::string_view>{"main"});
    REQUIRE(pod.volumes.size() == 1);
    CHECK(pod.volumes[0].name == "data");
    CHECK(pod.volumes[0].claim == "data-web-0");
    CHECK(!history.pod("default", "d", pod));
    CHECK(history.system_containers("n1") == std::vector<std::string_view>{"kubelet"});
    CHECK(history.system_containers("n9").empty());

    const auto walked = [&](std::string_view name_space, std::string_view after_namespace,
                            std::string_view after) {
        std::string names;
        history.walk_pods(name_space, after_namespace, after, [&](const KnownPod& each) {
            names += each.name;
            return true;
        });
        return names;
    };
    CHECK(walked("", "", "") == "abc");
    CHECK(walked("default", "", "") == "abc");
    CHECK(walked("default", "default", "a") == "bc");
    CHECK(walked("other", "", "").empty());
    std::string nodes;
    history.walk_nodes("n1", [&](std::string_view name) {
        nodes += name;
        return name != "n2";
    });
    CHECK(nodes == "n2");
}

TEST_CASE("StatsHistory takes nothing of a stranger") {
    StatsHistory history{{}};
    const std::size_t before = history.reach().bytes;
    const auto nobody = [](std::string_view, std::string_view) { return false; };
    history.commit("n1", page_at(kBegin), kBegin, nobody);
    const std::size_t with_node = history.reach().bytes;
    CHECK(with_node > before);
    std::size_t strangers = 0;
    for (int i = 0; i < 1000; ++i)
        strangers += history.commit("n1", page_at(kBegin, "p" + std::to_string(i)), kBegin, nobody);
    CHECK(strangers == 1000);
    CHECK(history.reach().bytes == with_node);
    KnownPod pod;
    CHECK(!history.pod("default", "p0", pod));
}

TEST_CASE("StatsHistory forgets what has fallen out of both tiers") {
    StatsOptions options;
    options.recent_window = 10min;
    options.long_window = 30min;
    StatsHistory history{options};
    feed(history, kBegin, kBegin + 600);
    feed(history, kBegin + 600, kBegin + 1800, "n1", "other");
    std::vector<Point> long_points;
    history.read_long(OfPod{"default", "web-0"}, Part::network, {}, long_points);
    REQUIRE(long_points.size() == 1);
    CHECK(long_points[0].at == kBegin + 300);
    CHECK(*long_points[0].values[0] == (1000 + 300 + 15) * 1000);
    // Ten minutes and the tick that runs.
    const auto recent = points(history, OfPod{"default", "other"}, Part::network);
    CHECK(recent.front().at >= kBegin + 1800 - 60 - 600);
    KnownPod pod;
    CHECK(history.pod("default", "web-0", pod));
    feed(history, kBegin + 1800, kBegin + 3000, "n1", "other");
    CHECK(!history.pod("default", "web-0", pod));
}

TEST_CASE("StatsHistory goes on when the clock is set") {
    StatsHistory history{{}};
    feed(history, kBegin, kBegin + 300);
    const auto before = points(history, OfNode{"n1"}, Part::network);
    REQUIRE(before.size() == 4);
    // Back by ten minutes: what was is as long ago as it was.
    const Seconds back = 600;
    for (Seconds at = kBegin + 330; at < kBegin + 450; at += 60) {
        StatsPage page = page_at(at);
        page.kubelet_time -= back;
        page.node.network.at -= back;
        history.commit("n1", page, at - back, everybody);
    }
    const auto after = points(history, OfNode{"n1"}, Part::network);
    REQUIRE(after.size() >= before.size());
    for (std::size_t i = 1; i < after.size(); ++i) {
        CHECK(after[i].at > after[i - 1].at);
        CHECK(*after[i].values[0] >= *after[i - 1].values[0]);
    }
    CHECK(after.front().at <= before.front().at - back + 60);
    CHECK(after.back().at <= kBegin + 450 - back);
}

TEST_CASE("StatsHistory stays within its memory, and cuts evenly") {
    StatsOptions options;
    options.memory = 5 * 1024 * 1024;
    StatsHistory history{options};
    constexpr int kNodes = 100;
    constexpr int kPods = 10;
    std::uint64_t random = 1;
    std::uint64_t received = 0;
    for (Seconds at = kBegin + 30; at < kBegin + 6 * 3600; at += 60) {
        for (int node = 0; node < kNodes; ++node) {
            StatsPage page = page_at(at);
            const Pod pod = page.pods.front();
            page.pods.clear();
            for (int i = 0; i < kPods; ++i) {
                random = random * 6'364'136'223'846'793'005 + 1'442'695'040'888'963'407;
                Pod& each = page.pods.emplace_back(pod);
                each.name = "p" + std::to_string(node) + "-" + std::to_string(i);
                each.network.rx_bytes = received += random >> 40;
                each.containers[0].memory.rss = random >> 36;
            }
            history.commit("n" + std::to_string(node), page, at, everybody);
        }
        REQUIRE(history.reach().bytes <= options.memory);
    }
    const StatsReach reach = history.reach();
    CHECK(reach.cut);
    CHECK(reach.refused_things == 0);
    CHECK(reach.recent < 3600);
    CHECK(reach.recent > 300);
    // Alike for all.
    for (const auto* pod : {"p0-0", "p50-5", "p99-9"}) {
        const auto read = points(history, OfPod{"default", pod}, Part::network);
        CAPTURE(pod, reach.recent, read.size());
        CHECK(static_cast<Seconds>(read.size()) * 60 >= reach.recent * 3 / 4);
        CHECK(static_cast<Seconds>(read.size()) * 60 <= reach.recent + 120);
    }
}

TEST_CASE("StatsHistory has no place for names beyond its memory") {
    StatsOptions options;
    options.memory = 1024 * 1024;
    StatsHistory history{options};
    for (int i = 0; i < 5000; ++i)
        history.commit("n1", page_at(kBegin, "p" + std::to_string(i)), kBegin, everybody);
    CHECK(history.reach().bytes <= options.memory);
    CHECK(history.reach().refused_things > 3000);
    CHECK(history.reach().things > 500);
}

}  // namespace storage::stats
