// SPDX-License-Identifier: Apache-2.0
// History of what pods say of themselves: points, gaps, ends, and what it does when memory is short.
#include "storage/applications/figure_history.hpp"

#include "storage/applications/rule.hpp"
#include "test/storage/applications/applications_scene.hpp"

#include <string>
#include <vector>

#include <catch2/catch.hpp>

using namespace storage::applications;
using namespace storage::applications::test;
using storage::PodKey;

namespace {

// A whole number of ticks.
constexpr Seconds kFirstTick = 1'795'408'005;
constexpr Seconds kTickLength = 15;

// "15:2500 30:-7", seconds since the first tick and thousandths.
std::string shown_points(const FigureHistory& history, const PodKey& pod, const KnownFigure& figure,
                         storage::history::TimeRange range = {}) {
    std::vector<FigurePoint> points;
    history.read(pod, figure, range, points);
    std::string text;
    for (const FigurePoint& each : points)
        text.append(text.empty() ? "" : " ")
            .append(std::to_string(each.at - kFirstTick) + ":" + std::to_string(each.milli));
    return text;
}

// "web{code=500} web", of a pod.
std::string shown_figures(const FigureHistory& history, const PodKey& pod) {
    std::vector<KnownFigure> known;
    history.figures(pod, known);
    std::string text;
    for (const KnownFigure& each : known) {
        text.append(text.empty() ? "" : " ").append(each.metric);
        if (!each.selector.empty()) text.append("{").append(each.selector).append("}");
    }
    return text;
}

// So many ticks of a series, each with the number of its tick.
void put_ticks(FigureHistory& history, const std::vector<std::string>& pods, int from, int to) {
    for (int i = from; i < to; ++i) {
        history.begin_tick(kFirstTick + i * kTickLength);
        for (const std::string& pod : pods) history.put({"ns", pod}, {"x", {}}, i * 1000);
        while (history.tend()) {
        }
    }
}

}  // namespace

TEST_CASE("history of figures has at each tick what was served then, and gaps") {
    Scene scene;
    FigureHistory history{{}};
    scene.ask("jobs");
    scene.ask("requests");
    const auto jobs = [](double value) { return Line{"jobs", value, {}, Type::gauge}; };
    const auto tick = [&](int number) {
        scene.applications.tell(history, kFirstTick + number * kTickLength, scene.now());
    };
    scene.page({jobs(-2.5), {"requests_total", 100}});
    tick(0);
    scene.pass(15s);
    scene.page({jobs(4), {"requests_total", 250}});
    tick(1);
    // Without a page the figure is served for 35 s.
    scene.pass(30s);
    tick(3);
    scene.pass(15s);
    tick(4);
    scene.page({jobs(1e15), {"requests_total", 550}});
    scene.pass(15s);
    tick(5);
    CHECK(shown_figures(history, {"ns", "a"}) == "jobs requests");
    CHECK(shown_points(history, {"ns", "a"}, {"jobs", {}}) == "0:-2500 15:4000 45:4000 75:9200000000000000");
    CHECK(shown_points(history, {"ns", "a"}, {"requests", {}}) == "15:10000 45:10000 75:7500");
    CHECK(shown_points(history, {"ns", "a"}, {"jobs", {}}, {kFirstTick + 1, kFirstTick + 45}) ==
          "15:4000 45:4000");
    CHECK(history.last() == kFirstTick + 75);
    CHECK(shown_figures(history, {"ns", "b"}).empty());
    CHECK(shown_points(history, {"ns", "a"}, {"jobs", "x=1"}).empty());
    CHECK(history.metric_names() == std::vector<std::string>{"jobs", "requests"});
    CHECK(history.has_metric("jobs"));
    CHECK_FALSE(history.has_metric("job"));
}

TEST_CASE("a series ends with its pod or its demand, and can be read until the window has passed") {
    Scene scene;
    FigureHistory history{{15s, 60s, 1 << 20, 64}};
    scene.applications.put_pod({"ns", "b"}, "uid", {});
    const auto tick = [&](int number) {
        for (const char* const pod : {"a", "b"}) scene.page({{"jobs", 1.0 + number, {}, Type::gauge}}, pod);
        scene.applications.tell(history, kFirstTick + number * kTickLength, scene.now());
        while (history.tend()) {
        }
        scene.pass(15s);
    };
    scene.ask("jobs");
    scene.ask("jobs", {}, "b");
    tick(0);
    scene.applications.remove_pod({"ns", "b"});
    for (int i = 1; i <= 3; ++i) tick(i);
    CHECK(shown_points(history, {"ns", "a"}, {"jobs", {}}) == "0:1000 15:2000 30:3000 45:4000");
    CHECK(shown_points(history, {"ns", "b"}, {"jobs", {}}) == "0:1000");
    CHECK(history.stats().series == 2);
    tick(4);
    CHECK(shown_points(history, {"ns", "a"}, {"jobs", {}}) == "15:2000 30:3000 45:4000 60:5000");
    CHECK(shown_figures(history, {"ns", "b"}).empty());
    CHECK(history.stats().series == 1);
    // Asked for no more.
    scene.pass(6min);
    scene.applications.expire(scene.now());
    tick(30);
    CHECK(shown_figures(history, {"ns", "a"}).empty());
    CHECK(history.stats().series == 0);
    CHECK(history.metric_names().empty());
}

TEST_CASE("demands that mean the same are one series, and its selector is as Kubernetes writes it") {
    using Op = Requirement::Op;
    const Requirement code{"code", Op::in, {"500"}};
    const Requirement verb{"verb", Op::in, {"GET", "PUT"}};
    CHECK(selector_text({}).empty());
    CHECK(selector_text({verb, code, verb}) == "code=500,verb in (GET,PUT)");
    CHECK(selector_text({{"x", Op::exists, {}}, {"b", Op::does_not_exist, {}}}) == "!b,x");
    CHECK(selector_text({{"x", Op::not_in, {"1"}}, {"y", Op::not_in, {"1", "2"}}}) == "x!=1,y notin (1,2)");

    Scene scene;
    FigureHistory history{{}};
    scene.ask("jobs");
    scene.ask("jobs", {code, verb});
    scene.ask("jobs", {verb, code});
    scene.page({{"jobs", 3, {{"code", "500"}, {"verb", "GET"}}, Type::gauge}, {"jobs", 4, {}, Type::gauge}});
    scene.applications.tell(history, kFirstTick, scene.now());
    CHECK(shown_figures(history, {"ns", "a"}) == "jobs jobs{code=500,verb in (GET,PUT)}");
    CHECK(shown_points(history, {"ns", "a"}, {"jobs", {}}) == "0:7000");
    CHECK(shown_points(history, {"ns", "a"}, {"jobs", "code=500,verb in (GET,PUT)"}) == "0:3000");
}

TEST_CASE("when memory is short, all series reach back less, alike, and none loses its newest point") {
    // Twelve slabs of blocks; points that take 7 bytes each.
    FigureHistory history{{15s, 3600s, 1 << 20, 64}};
    std::vector<std::string> pods;
    for (int i = 0; i < 800; ++i) pods.push_back("pod-" + std::to_string(i));
    std::uint64_t noise = 1;
    for (int i = 0; i < 240; ++i) {
        history.begin_tick(kFirstTick + i * kTickLength);
        for (const std::string& pod : pods) {
            noise = noise * 6364136223846793005U + 1442695040888963407U;
            history.put({"ns", pod}, {"x", {}}, static_cast<std::int64_t>(noise >> 12));
        }
        while (history.tend()) {
        }
        REQUIRE(history.stats().bytes <= std::size_t{1} << 20);
    }
    CHECK(history.stats().refused_series == 0);
    CHECK(history.stats().refused_points == 0);
    CHECK(history.stats().reach > 600);
    CHECK(history.stats().reach < 2400);
    const auto points = static_cast<std::size_t>(history.stats().reach / kTickLength) + 1;
    for (const std::string& pod : pods) {
        std::vector<FigurePoint> read;
        history.read({"ns", pod}, {"x", {}}, {}, read);
        REQUIRE(read.size() == points);
        CHECK(read.back().at == history.last());
    }
}

TEST_CASE("pods that have ended make room for others") {
    // Names of some 590, and blocks for ten times as many that live for a few ticks.
    constexpr std::size_t kMemory = 512 << 10;
    FigureHistory history{{15s, 3600s, kMemory, 64}};
    std::vector<std::string> pods(100);
    int next = 0;
    for (std::string& each : pods) each = "pod-" + std::to_string(next++);
    for (int tick = 0; tick < 300; ++tick) {
        for (std::size_t i = 0; i < 5; ++i)
            pods[(static_cast<std::size_t>(tick) * 5 + i) % pods.size()] = "pod-" + std::to_string(next++);
        put_ticks(history, pods, tick, tick + 1);
        REQUIRE(history.stats().bytes <= kMemory);
    }
    std::size_t known = 0;
    for (const std::string& each : pods) known += shown_figures(history, {"ns", each}).empty() ? 0 : 1;
    CHECK(known >= 90);
    CHECK(history.stats().reach > 600);
    CHECK(history.stats().reach < 3000);
}

TEST_CASE("what finds no room is refused and counted, and does not harm the others") {
    FigureHistory history{{15s, 600s, 128 << 10, 8}};
    std::vector<std::string> pods;
    for (int i = 0; i < 2000; ++i) pods.push_back("pod-" + std::to_string(1000 + i));
    put_ticks(history, pods, 0, 40);
    const FigureHistoryStats stats = history.stats();
    CHECK(stats.refused_series > 0);
    CHECK(stats.bytes <= 128 << 10);
    CHECK(shown_points(history, {"ns", "pod-1000"}, {"x", {}}, {kFirstTick + 570, INT64_MAX}) ==
          "570:38000 585:39000");
}

TEST_CASE("a selector that is too long is not kept") {
    FigureHistory history{{15s, 600s, 1 << 20, 8}};
    history.begin_tick(kFirstTick);
    history.put({"ns", "a"}, {"x", "code=500"}, 1);
    CHECK(history.stats().refused_series == 0);
    history.put({"ns", "a"}, {"x", "code=5000"}, 1);
    CHECK(history.stats().refused_series == 1);
    CHECK(shown_figures(history, {"ns", "a"}) == "x{code=500}");
}

TEST_CASE("a clock that is set back takes figures with it") {
    FigureHistory history{{}};
    put_ticks(history, {"a"}, 0, 2);
    history.begin_tick(kFirstTick - 600);
    history.put({"ns", "a"}, {"x", {}}, 5);
    CHECK(history.last() == kFirstTick - 600);
    CHECK(shown_points(history, {"ns", "a"}, {"x", {}}) == "-630:0 -615:1000 -600:5");
}

TEST_CASE("pods are visited by name, of one namespace or of all") {
    FigureHistory history{{}};
    history.begin_tick(kFirstTick);
    for (const PodKey& pod : {PodKey{"b", "x"}, {"a", "y"}, {"ab", "x"}, {"a", "x"}})
        history.put(pod, {"m", {}}, 1);
    const auto visited = [&](std::string_view name_space) {
        std::string text;
        history.visit_pods(name_space, [&](const PodKey& pod) {
            text.append(pod.name_space).append("/").append(pod.name).append(" ");
        });
        return text;
    };
    CHECK(visited({}) == "a/x a/y ab/x b/x ");
    CHECK(visited("a") == "a/x a/y ");
    CHECK(visited("c").empty());
}
