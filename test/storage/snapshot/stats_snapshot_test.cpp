// SPDX-License-Identifier: Apache-2.0
// What kubelets told on /stats/summary, over a restart.
#include "storage/snapshot/bytes.hpp"
#include "storage/snapshot/stats_sections.hpp"
#include "test/storage/snapshot/living_cluster.hpp"

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

using namespace storage;
using namespace storage::snapshot;
using storage::stats::StatsHistory;

namespace {

// A whole number of ticks, and of rows of the long tier.
constexpr stats::Seconds kMorning = 1'800'000'000;

bool anybodys(std::string_view, std::string_view) {
    return true;
}

// A pod that receives 1,000 bytes a second and has so many containers.
stats::StatsPage summary_at(stats::Seconds at, const std::string& pod, std::size_t containers = 1,
                            stats::Seconds started = kMorning - 1000) {
    const auto grown = static_cast<std::uint64_t>(at - started);
    stats::StatsPage page;
    page.kubelet_time = at;
    page.node.started = kMorning - 5000;
    page.node.network = {at - 5, grown * 5000, grown * 10, 1, 2};
    stats::Pod& made = page.pods.emplace_back();
    made.name_space = "default";
    made.name = pod;
    made.started = started;
    made.network = {at - 10, (grown - 10) * 1000, grown * 7, 0, 0};
    for (std::size_t i = 0; i < containers; ++i) {
        stats::Container& container = made.containers.emplace_back();
        // Not in the order of names.
        container.name = "c" + std::to_string(1000 - i);
        container.started = started;
        container.memory = {at - 3, grown * 4096 + i * 8192, grown * 8192, grown, 0};
        container.rootfs_used = 4096 * i;
    }
    made.volumes.push_back({"data", "data-" + pod, {4096 * grown, 1 << 30, 1 << 29, 100, 99}});
    return page;
}

// Pages of a node, one a minute, from half a minute behind `from`.
void feed_pod(StatsHistory& history, stats::Seconds from, stats::Seconds to, const std::string& pod = "web-0",
              std::size_t containers = 1, stats::Seconds started = kMorning - 1000) {
    for (stats::Seconds at = from + 30; at < to; at += 60)
        history.commit("n1", summary_at(at, pod, containers, started), at, anybodys);
}

std::vector<Section> summaries_of(const StatsHistory& history) {
    std::vector<Section> sections;
    StatsWriter writer{history};
    while (auto section = writer.next()) sections.push_back(std::move(*section));
    return sections;
}

struct Took {
    std::string complaints;
    LoadedStats loaded;
};

Took take_into(StatsHistory& history, const std::vector<Section>& sections) {
    StatsLoader loader{history};
    Took took;
    for (const Section& section : sections) took.complaints += loader.load(section.bytes);
    took.loaded = loader.loaded();
    return took;
}

std::vector<stats::Point> received(const StatsHistory& history, const std::string& pod = "web-0") {
    std::vector<stats::Point> points;
    history.read_recent(stats::OfPod{"default", pod}, stats::Part::network, {}, points);
    return points;
}

}  // namespace

TEST_CASE("Summaries are read after a restart as before, of pods that have ended too") {
    StatsHistory before{{}};
    feed_pod(before, kMorning, kMorning + 600, "ended");
    feed_pod(before, kMorning + 600, kMorning + 7200, "web-0", 3);
    StatsHistory after{{}};
    const Took took = take_into(after, summaries_of(before));
    CHECK(took.complaints == "");
    // A node's five, a pod's two, a container's two, a volume's.
    CHECK(took.loaded.series == 5 + (2 + 2 + 1) + (2 + 6 + 1));
    CHECK(took.loaded.refused == 0);
    CHECK(took.loaded.other_interval == 0);
    CHECK(told(after) == told(before));
    const stats::StatsReach reach = after.reach();
    CHECK(reach.recent == before.reach().recent);
    CHECK(reach.longer == before.reach().longer);
    CHECK(reach.things == before.reach().things);
    CHECK(!reach.cut);
    stats::KnownPod pod;
    REQUIRE(after.pod("default", "web-0", pod));
    CHECK(pod.node == "n1");
    CHECK(pod.containers == std::vector<std::string_view>{"c1000", "c999", "c998"});
    CHECK(pod.volumes.at(0).claim == "data-web-0");
    std::vector<stats::Point> ended;
    after.read_long(stats::OfPod{"default", "ended"}, stats::Part::network, {}, ended);
    CHECK(ended.size() == 1);
    // And it goes on alike, until the windows have passed.
    for (stats::Seconds at = kMorning + 7230; at < kMorning + 100'000; at += 60) {
        for (StatsHistory* history : {&before, &after})
            history->commit("n1", summary_at(at, "web-0", 3), at, anybodys);
        if (at % 7200 == 30) REQUIRE(told(after) == told(before));
    }
    CHECK(!after.pod("default", "ended", pod));
}

TEST_CASE("A pod's counters go on over a restart") {
    StatsHistory before{{}};
    feed_pod(before, kMorning, kMorning + 600);
    StatsHistory after{{}};
    take_into(after, summaries_of(before));
    const std::size_t had = received(before).size();
    REQUIRE(had == 9);
    SECTION("without a gap when it took no longer than a page that did not come") {
        feed_pod(after, kMorning + 660, kMorning + 900);
        const auto points = received(after);
        REQUIRE(points.size() == 14);
        for (std::size_t i = 1; i < points.size(); ++i) {
            CHECK(points[i].at == points[i - 1].at + 60);
            CHECK(*points[i].values[0] == *points[i - 1].values[0] + 60'000);
            CHECK(points[i].life == points[0].life);
        }
    }
    SECTION("with a gap, and by what was received meanwhile") {
        feed_pod(after, kMorning + 3000, kMorning + 3240);
        const auto points = received(after);
        REQUIRE(points.size() == had + 3);
        CHECK(points[had].at - points[had - 1].at == 2520);
        CHECK(*points[had].values[0] - *points[had - 1].values[0] == 2'520'000);
        CHECK(points.back().life == points[0].life);
        CHECK(points.back().started == kMorning - 1000);
    }
    SECTION("as another life when another pod of the name has begun meanwhile") {
        feed_pod(after, kMorning + 660, kMorning + 900, "web-0", 1, kMorning + 620);
        const auto points = received(after);
        REQUIRE(points.size() == had + 3);
        CHECK(points[had].life != points[had - 1].life);
        CHECK(points[had].started == kMorning + 620);
        CHECK(*points[had].values[0] < *points[had - 1].values[0]);
    }
    SECTION("not twice, when the page is that of before") {
        after.commit("n1", summary_at(kMorning + 570, "web-0"), kMorning + 590, anybodys);
        CHECK(received(after).size() == had);
    }
}

TEST_CASE("Summaries that were moved with the clock are read where they were") {
    StatsHistory before{{}};
    feed_pod(before, kMorning, kMorning + 3600);
    const auto feed_late = [](StatsHistory& history, stats::Seconds from, stats::Seconds to) {
        for (stats::Seconds at = from + 30; at < to; at += 60) {
            stats::StatsPage page = summary_at(at, "web-0");
            page.kubelet_time -= 1000;
            page.node.network.at -= 1000;
            page.pods[0].network.at -= 1000;
            page.pods[0].containers[0].memory.at -= 1000;
            history.commit("n1", page, at - 1000, anybodys);
        }
    };
    feed_late(before, kMorning + 3600, kMorning + 4200);
    StatsHistory after{{}};
    CHECK(take_into(after, summaries_of(before)).complaints == "");
    CHECK(told(after) == told(before));
    feed_late(before, kMorning + 4200, kMorning + 4800);
    feed_late(after, kMorning + 4200, kMorning + 4800);
    CHECK(told(after) == told(before));
}

TEST_CASE("Summaries of another interval keep the tier whose rows are at the same times") {
    struct Case {
        std::int64_t before, after;
        bool fits;
    };
    const auto [pace_before, pace_after, fits] =
        GENERATE(Case{60, 30, true}, Case{30, 60, true}, Case{60, 45, false});
    stats::StatsOptions options;
    options.pace = std::chrono::seconds{pace_before};
    StatsHistory before{options};
    feed_pod(before, kMorning, kMorning + 7200);
    options.pace = std::chrono::seconds{pace_after};
    StatsHistory after{options};
    const Took took = take_into(after, summaries_of(before));
    CHECK(took.complaints == "");
    CHECK(took.loaded.other_interval == pace_before);
    CHECK(took.loaded.nothing_fits != fits);
    CHECK(received(after).empty());
    std::vector<stats::Point> longer;
    std::vector<stats::Point> longer_before;
    after.read_long(stats::OfPod{"default", "web-0"}, stats::Part::network, {}, longer);
    before.read_long(stats::OfPod{"default", "web-0"}, stats::Part::network, {}, longer_before);
    REQUIRE(longer_before.size() == 23);
    REQUIRE(longer.size() == (fits ? 23 : 0));
    for (std::size_t i = 0; i < longer.size(); ++i) {
        CHECK(longer[i].at == longer_before[i].at);
        CHECK(longer[i].values == longer_before[i].values);
    }
    CHECK(std::abs(after.reach().longer - (fits ? before.reach().longer : 0)) < 60);
    CHECK(after.reach().recent == 0);
    // The counter goes on.
    for (stats::Seconds at = kMorning + 7215; at < kMorning + 7700; at += options.pace.count())
        after.commit("n1", summary_at(at, "web-0"), at, anybodys);
    const auto recent = received(after);
    REQUIRE(recent.size() > 7);
    for (std::size_t i = 1; i < recent.size(); ++i)
        CHECK(*recent[i].values[0] - *recent[i - 1].values[0] ==
              static_cast<std::uint64_t>(pace_after) * 1000);
}

TEST_CASE("With less memory than before summaries are cut evenly") {
    constexpr int kNodes = 50;
    constexpr int kPods = 10;
    StatsHistory before{{}};
    std::uint64_t random = 1;
    std::uint64_t grown = 0;
    // The long window is full to a quarter.
    for (stats::Seconds at = kMorning + 30; at < kMorning + 6 * 3600; at += 60) {
        for (int node = 0; node < kNodes; ++node) {
            stats::StatsPage page = summary_at(at, "p");
            const stats::Pod pod = page.pods.front();
            page.pods.clear();
            for (int i = 0; i < kPods; ++i) {
                random = random * 6'364'136'223'846'793'005 + 1'442'695'040'888'963'407;
                stats::Pod& each = page.pods.emplace_back(pod);
                each.name = "p" + std::to_string(node) + "-" + std::to_string(i);
                each.network.rx_bytes = grown += random >> 40;
                each.containers[0].memory.rss = random >> 36;
            }
            before.commit("n" + std::to_string(node), page, at, anybodys);
        }
    }
    REQUIRE(!before.reach().cut);
    const std::vector<Section> sections = summaries_of(before);
    // About 32 KiB each.
    CHECK(sections.size() > 10);
    for (const Section& section : sections) CHECK(section.bytes.size() < kSectionBytes / 2 + 4096);
    stats::StatsOptions options;
    options.memory = before.reach().bytes * 3 / 4;
    StatsHistory after{options};
    const Took took = take_into(after, sections);
    CHECK(took.complaints == "");
    CHECK(took.loaded.refused == 0);
    const stats::StatsReach reach = after.reach();
    CHECK(reach.cut);
    CHECK(reach.bytes <= options.memory);
    CHECK(reach.recent < before.reach().recent);
    CHECK(reach.recent > before.reach().recent / 4);
    CHECK(reach.things == before.reach().things);
    for (const auto* pod : {"p0-0", "p25-5", "p49-9"})
        CHECK(std::abs(static_cast<stats::Seconds>(received(after, pod).size()) * 60 - reach.recent) <= 120);
}

TEST_CASE("A pod of more than a section is told in several, and once") {
    constexpr std::size_t kContainers = 300;
    StatsHistory before{{}};
    feed_pod(before, kMorning, kMorning + 3600, "large", kContainers);
    feed_pod(before, kMorning + 3600, kMorning + 3900, "small");
    StatsHistory after{{}};
    {
        StatsWriter writer{before};
        StatsLoader loader{after};
        std::size_t sections = 0;
        while (auto section = writer.next()) {
            CHECK(section->bytes.size() < kSectionBytes / 2 + 4096);
            CHECK(loader.load(section->bytes) == "");
            ++sections;
        }
        CHECK(sections > 2);
        CHECK(loader.loaded().series == 5 + (2 + 2 * kContainers + 1) + (2 + 2 + 1));
    }
    CHECK(told(after) == told(before));
}

TEST_CASE("Summaries go on while they are told") {
    stats::StatsOptions options;
    options.long_window = options.recent_window;
    StatsHistory before{options};
    constexpr std::size_t kContainers = 300;
    constexpr std::size_t kGone = 40;
    feed_pod(before, kMorning, kMorning + 3600, "large", kContainers);
    StatsWriter writer{before};
    StatsHistory after{options};
    {
        StatsLoader loader{after};
        stats::Seconds at = kMorning + 3630;
        std::size_t sections = 0;
        while (const auto section = writer.next()) {
            CHECK(loader.load(section->bytes) == "");
            // The first of its containers fall out, and the others move up.
            for (int i = 0; i < 25; ++i, at += 60) {
                stats::StatsPage page = summary_at(at, "large", kContainers);
                page.pods[0].containers.erase(page.pods[0].containers.begin(),
                                              page.pods[0].containers.begin() + kGone);
                before.commit("n1", page, at, anybodys);
            }
            ++sections;
        }
        CHECK(sections > 2);
    }
    stats::KnownPod pod;
    REQUIRE(after.pod("default", "large", pod));
    std::vector<std::string_view> names = pod.containers;
    std::sort(names.begin(), names.end());
    CHECK(std::adjacent_find(names.begin(), names.end()) == names.end());
    CHECK(names.size() == kContainers);
    REQUIRE(before.pod("default", "large", pod));
    CHECK(pod.containers.size() == kContainers - kGone);
    for (const std::string_view name : pod.containers)
        CHECK(std::binary_search(names.begin(), names.end(), name));
}

TEST_CASE("Summaries are taken in before pages come, and none comes meanwhile") {
    StatsHistory before{{}};
    feed_pod(before, kMorning, kMorning + 600);
    const std::vector<Section> sections = summaries_of(before);
    StatsHistory after{{}};
    {
        StatsLoader loader{after};
        CHECK(!after.takes_pages());
        feed_pod(after, kMorning + 600, kMorning + 900);
        CHECK(after.reach().things == 0);
        for (const Section& section : sections) CHECK(loader.load(section.bytes) == "");
    }
    CHECK(after.takes_pages());
    CHECK(told(after) == told(before));
    StatsHistory late{{}};
    feed_pod(late, kMorning + 600, kMorning + 900);
    const std::string had = told(late);
    CHECK(take_into(late, sections).complaints == "summaries have come already");
    CHECK(told(late) == had);
    CHECK(summaries_of(StatsHistory{{}}).empty());
}

TEST_CASE("Bytes of summaries that cannot be are refused") {
    constexpr std::uint64_t kNow = kMorning;
    constexpr std::uint64_t kTick = kNow / 60;
    constexpr std::uint64_t kPodRecord = 2;
    constexpr std::uint64_t kOwnRecord = 3;
    struct Shape {
        std::uint64_t tick = 60, long_ticks = 5, now = kNow, moved = 0, first = kTick - 60, share = 256;
        // Of the pod's network, recent tier: a row, its columns all changed.
        std::uint64_t row = kTick;
        std::uint64_t name_bytes = 3;
        std::uint64_t sample = kNow;
        bool pod = true;
    };
    const auto bytes_of = [&](const Shape& shape) {
        Bytes bytes;
        for (const std::uint64_t number :
             {shape.tick, shape.long_ticks, shape.now, shape.moved, shape.first, shape.first,
              shape.first / shape.long_ticks, shape.share, std::uint64_t{1}, std::uint64_t{1}})
            bytes.put(number);
        if (shape.pod) {
            bytes.put(kPodRecord);
            bytes.put("default");
            bytes.put(std::string(shape.name_bytes, 'p'));
            bytes.put("n1");
            bytes.put(std::uint64_t{0});
        }
        bytes.put(kOwnRecord);
        // No rows in the long tier; one in the recent.
        bytes.put(std::uint64_t{0});
        bytes.put(shape.row << 6 | 1);
        bytes.put(std::uint64_t{7});
        bytes.put(std::uint64_t{0});
        // The sample: since when, as told, started, nothing changed.
        for (const std::uint64_t number :
             {std::uint64_t{1}, shape.sample, std::uint64_t{0}, std::uint64_t{7}, std::uint64_t{0}})
            bytes.put(number);
        // No memory.
        for (int i = 0; i < 3; ++i) bytes.put(std::uint64_t{0});
        bytes.put(std::uint64_t{0});
        return bytes.take();
    };
    struct Case {
        const char* name;
        std::function<void(Shape&)> change;
        std::string_view complaint;
    };
    constexpr std::string_view kHead = "its summaries do not say from when they are";
    constexpr std::string_view kBroken = "a series of its summaries is broken";
    const Case cases[] = {
        {"as it is", [](Shape&) {}, ""},
        {"no ticks", [](Shape& shape) { shape.tick = 0; }, kHead},
        {"no rows of the long tier", [](Shape& shape) { shape.long_ticks = 100'000; }, kHead},
        {"far in the future", [](Shape& shape) { shape.now = std::uint64_t{1} << 39; }, kHead},
        {"moved by no whole tick", [](Shape& shape) { shape.moved = 61; }, kHead},
        {"moved before all times", [](Shape& shape) { shape.moved = kNow + 60; }, kHead},
        {"it begins after now", [](Shape& shape) { shape.first = kTick + 1; }, kHead},
        {"no share", [](Shape& shape) { shape.share = 0; }, kHead},
        {"more than all", [](Shape& shape) { shape.share = 257; }, kHead},
        {"a row at the next tick", [](Shape& shape) { shape.row = kTick + 1; }, ""},
        {"a row behind it", [](Shape& shape) { shape.row = kTick + 2; }, kBroken},
        {"a row that does not rise", [](Shape& shape) { shape.row = 0; }, kBroken},
        {"a sample in the future", [](Shape& shape) { shape.sample = kNow + 61; }, kBroken},
        {"a long name", [](Shape& shape) { shape.name_bytes = 254; }, kBroken},
        {"nobody's series", [](Shape& shape) { shape.pod = false; }, kBroken},
    };
    for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
            Shape shape;
            c.change(shape);
            StatsHistory history{{}};
            const Took took = take_into(history, {{SectionKind::summaries, bytes_of(shape)}});
            CHECK(took.complaints == c.complaint);
            CHECK(took.loaded.series == (c.complaint.empty() ? 2 : 0));
            feed_pod(history, kMorning, kMorning + 300, "ppp");
            CHECK(received(history, "ppp").size() >= 4);
        }
}
