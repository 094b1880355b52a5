// SPDX-License-Identifier: Apache-2.0
// What is in demand, for how long, and how much of it.
#include "test/storage/applications/applications_scene.hpp"

#include <catch2/catch.hpp>

using namespace storage::applications;
using namespace storage::applications::test;
using storage::PodKey;

namespace {

bool is_wanted(const Scene& scene, const std::string& pod) {
    return !scene.applications.wanted_uid({"ns", pod}).empty();
}

std::uint64_t refused(const Scene& scene, Refused why) {
    return scene.applications.stats().refused[static_cast<std::size_t>(why)];
}

}  // namespace

TEST_CASE("what was asked for is in demand for five minutes") {
    Scene scene;
    std::vector<std::string> woken;
    scene.applications.on_wanted([&](const PodKey& pod) { woken.emplace_back(pod.name); });
    CHECK_FALSE(is_wanted(scene, "a"));
    scene.ask("x");
    scene.ask("x");
    scene.ask("y");
    CHECK(woken == std::vector<std::string>{"a", "a"});
    CHECK(is_wanted(scene, "a"));
    scene.pass(4min);
    scene.ask("y");
    scene.pass(2min);
    scene.applications.expire(scene.now());
    CHECK(scene.applications.stats().demands == 1);
    const auto wanted = scene.applications.wanted({"ns", "a"}, scene.now(), scene.unix_now());
    REQUIRE(wanted);
    CHECK_FALSE(wanted->reading.wants("x"));
    CHECK(wanted->reading.wants("y"));
    CHECK(wanted->reading.wants("y_total"));
    scene.pass(4min);
    scene.applications.expire(scene.now());
    CHECK_FALSE(is_wanted(scene, "a"));
    CHECK(scene.applications.stats().demands == 0);
    CHECK(scene.applications.stats().pods == 0);
    CHECK(scene.applications.stats().bytes == 0);
}

TEST_CASE("a pod that is not asked for any more is let go while others are") {
    Scene scene;
    scene.applications.put_pod({"ns", "b"}, "uid", {});
    scene.ask("x", {}, "a");
    scene.ask("x", {}, "b");
    scene.pass(4min);
    scene.ask("x", {}, "b");
    scene.pass(2min);
    scene.applications.expire(scene.now());
    CHECK_FALSE(is_wanted(scene, "a"));
    CHECK(is_wanted(scene, "b"));
}

TEST_CASE("it is said since when something is in demand") {
    Scene scene;
    CHECK(scene.applications.ask({"ns", "x", {}}, scene.now()).since == 0s);
    scene.pass(7s);
    CHECK(scene.applications.ask({"ns", "x", {}}, scene.now()).since == 7s);
    CHECK(scene.applications.ask({"ns", "x", {{"a", Requirement::Op::exists, {}}}}, scene.now()).since == 0s);
    CHECK(scene.applications.ask({"other", "x", {}}, scene.now()).since == 0s);
}

TEST_CASE("a demand is known by all that it says") {
    using Op = Requirement::Op;
    Scene scene;
    const std::vector<Demand> demands = {
        {"ns", "x", {}},
        {"ns", "x", {{"a", Op::exists, {}}}},
        {"ns", "x", {{"a", Op::does_not_exist, {}}}},
        {"ns", "x", {{"a", Op::in, {"b"}}}},
        {"ns", "x", {{"a", Op::not_in, {"b"}}}},
        {"ns", "x", {{"a", Op::in, {"b", "c"}}}},
        {"ns", "x", {{"a", Op::in, {"bc"}}}},
        {"ns", "x", {{"a", Op::exists, {}}, {"b", Op::exists, {}}}},
        {"n", "sx", {}},
    };
    std::vector<std::uint32_t> ids;
    for (const Demand& demand : demands) ids.push_back(scene.applications.ask(demand, scene.now()).id);
    CHECK(scene.applications.stats().demands == demands.size());
    for (std::size_t i = 0; i < demands.size(); ++i)
        CHECK(scene.applications.ask(demands[i], scene.now()).id == ids[i]);
}

TEST_CASE("too much is refused, counted, and has no figure") {
    ApplicationsOptions options;
    options.demands = 3;
    options.demands_of_namespace = 2;
    options.pods = 1;
    options.series = 2;
    Scene scene{options};

    SECTION("demands of a namespace, and of all") {
        scene.ask("x");
        scene.ask("y");
        CHECK(shown(scene.ask("z")) == "no_room");
        CHECK(scene.applications.ask({"ns", "z", {}}, scene.now()).refused == Refused::demands_of_namespace);
        CHECK(scene.applications.ask({"b", "x", {}}, scene.now()).refused == Refused::nothing);
        CHECK(scene.applications.ask({"c", "x", {}}, scene.now()).refused == Refused::demands);
        CHECK(refused(scene, Refused::demands) == 1);
        CHECK(refused(scene, Refused::demands_of_namespace) == 2);
    }
    SECTION("pods") {
        scene.applications.put_pod({"ns", "b"}, "uid", {});
        scene.ask("x");
        CHECK(shown(scene.ask("x", {}, "b")) == "no_room");
        CHECK(refused(scene, Refused::pods) == 1);
        scene.applications.remove_pod({"ns", "a"});
        CHECK(shown(scene.ask("x", {}, "b")) == "waiting");
    }
    SECTION("series") {
        scene.ask("x");
        std::vector<Line> lines;
        for (const char* of : {"a", "b", "c"}) lines.push_back({"x", 1, {{"of", of}}, Type::gauge});
        scene.page(lines);
        CHECK(shown(scene.ask("x")) == "no_room");
        CHECK(refused(scene, Refused::series) == 1);
        lines.pop_back();
        scene.page(lines);
        CHECK(shown(scene.ask("x")) == "2000m");
    }
}

TEST_CASE("memory is bounded") {
    ApplicationsOptions options;
    options.bytes = 20'000;
    Scene scene{options};
    for (int i = 0; i < 200; ++i) scene.applications.put_pod({"ns", "p" + std::to_string(i)}, "uid", {});
    int taken = 0;
    for (int i = 0; i < 200; ++i)
        taken += shown(scene.ask("x", {}, "p" + std::to_string(i))) == "waiting" ? 1 : 0;
    CHECK(taken > 10);
    CHECK(taken < 200);
    CHECK(scene.applications.stats().bytes < 21'000);
    CHECK(refused(scene, Refused::bytes) > 0);
    std::vector<Line> lines;
    for (int i = 0; i < 1000; ++i) lines.push_back({"x", 1, {{"of", std::to_string(i)}}});
    scene.page(lines, "p0");
    CHECK(shown(scene.ask("x", {}, "p0")) == "no_room");
    CHECK(scene.applications.stats().bytes < 21'000);
}

TEST_CASE("when there is no room what is known goes on, and what is new or has grown does not") {
    ApplicationsOptions options;
    options.bytes = 20'000;
    Scene scene{options};
    std::vector<Line> lines;
    for (int i = 0; i < 100; ++i) lines.push_back({"x", 1, {{"of", std::to_string(i)}}});
    scene.ask("x");
    scene.page(lines);
    // Until it is full.
    int others = 0;
    for (; refused(scene, Refused::bytes) == 0 && others < 200; ++others) {
        scene.applications.put_pod({"n" + std::to_string(others), "p"}, "uid", {});
        scene.applications.known(scene.applications.ask({"n" + std::to_string(others), "x", {}}, scene.now()),
                                 "p", scene.now());
    }
    REQUIRE(others < 200);
    scene.pass(15s);
    for (Line& line : lines) line.value += 15;
    scene.page(lines);
    CHECK(shown(scene.ask("x")) == "100000m/15s");
    CHECK(shown(scene.ask("y")) == "no_room");
    scene.pass(15s);
    for (int i = 0; i < 100; ++i) lines.push_back({"x", 1, {{"of", std::to_string(100 + i)}}});
    scene.page(lines);
    CHECK(shown(scene.ask("x")) == "no_room");
}

TEST_CASE("a namespace has half of the room") {
    ApplicationsOptions options;
    options.bytes = 100'000;
    Scene scene{options};
    SECTION("for what it asks") {
        const std::vector<std::string> values(20, std::string(60, 'v'));
        const auto ask = [&](const std::string& name_space, int i) {
            const Demand demand{name_space, "m" + std::to_string(i), {{"a", Requirement::Op::in, values}}};
            return scene.applications.ask(demand, scene.now()).refused;
        };
        for (int i = 0; i < 90; ++i) ask("greedy", i);
        CHECK(ask("greedy", 90) == Refused::bytes);
        CHECK(ask("ns", 0) == Refused::nothing);
        CHECK(shown(scene.ask("x")) == "waiting");
    }
    SECTION("for its pods") {
        for (int i = 0; i < 300; ++i)
            scene.applications.put_pod({"many", "p" + std::to_string(i)}, "uid", {});
        const Asked asked = scene.applications.ask({"many", "x", {}}, scene.now());
        std::vector<std::string> said;
        for (int i = 0; i < 300; ++i)
            said.push_back(shown(scene.applications.known(asked, "p" + std::to_string(i), scene.now())));
        CHECK(said.front() == "waiting");
        CHECK(said.back() == "no_room");
        CHECK(shown(scene.ask("x")) == "waiting");
        // What is let go of makes room.
        scene.pass(6min);
        scene.applications.expire(scene.now());
        CHECK(scene.applications.stats().bytes == 0);
        const Asked again = scene.applications.ask({"many", "x", {}}, scene.now());
        CHECK(shown(scene.applications.known(again, "p299", scene.now())) == "waiting");
    }
}

TEST_CASE("another pod of a name begins with nothing, and one that is gone is not there") {
    Scene scene;
    scene.ask("x");
    scene.page({{"x", 1, {}, Type::gauge}});
    CHECK(shown(scene.ask("x")) == "1000m");
    auto before = scene.applications.wanted({"ns", "a"}, scene.now(), scene.unix_now());
    scene.applications.put_pod({"ns", "a"}, "other", {});
    CHECK(shown(scene.ask("x")) == "waiting");
    // A page of the one before.
    scene.applications.commit({"ns", "a"}, before->uid, std::move(before->reading));
    CHECK(shown(scene.ask("x")) == "waiting");
    scene.applications.remove_pod({"ns", "a"});
    CHECK(shown(scene.ask("x")) == "not_annotated");
}

TEST_CASE("a whole list of the watch replaces the one before") {
    Scene scene;
    scene.applications.put_pod({"ns", "b"}, "uid", {});
    scene.ask("x", {}, "a");
    scene.ask("x", {}, "b");
    scene.applications.begin_pods();
    scene.applications.put_pod({"ns", "b"}, "uid", {});
    scene.applications.put_pod({"ns", "c"}, "uid", {});
    scene.applications.end_pods();
    std::vector<std::string> annotated;
    scene.applications.visit_annotated("ns", [&](std::string_view pod) { annotated.emplace_back(pod); });
    CHECK(annotated == std::vector<std::string>{"b", "c"});
    CHECK(scene.applications.stats().pods == 1);
    CHECK(scene.applications.stats().annotated == 2);
    CHECK(is_wanted(scene, "b"));
}

TEST_CASE("names that had a figure are told, and up always is") {
    Scene scene;
    CHECK(scene.applications.metric_names() == std::vector<std::string>{"up"});
    scene.ask("x");
    scene.ask("y");
    scene.ask("a");
    scene.page({{"x", 1, {}, Type::gauge}, {"a", 1, {}, Type::gauge}});
    CHECK(scene.applications.metric_names() == std::vector<std::string>{"a", "up", "x"});
}

TEST_CASE("an explanation tells what is in demand of a pod and what came of it") {
    Scene scene;
    CHECK_FALSE(scene.applications.explain({"ns", "b"}, scene.now()).annotated);
    scene.applications.put_pod({"ns", "a"}, "uid", {"80", "/m", "http"});
    CHECK(scene.applications.explain({"ns", "a"}, scene.now()).annotations ==
          Annotations{"80", "/m", "http"});
    CHECK(scene.applications.explain({"ns", "a"}, scene.now()).demands.empty());
    scene.ask("x");
    scene.page({{"x", 1, {{"of", "a"}}, Type::gauge}, {"x", 1, {{"of", "b"}}, Type::gauge}});
    scene.pass(3s);
    scene.failure("no");
    const Explanation told = scene.applications.explain({"ns", "a"}, scene.now());
    CHECK(told.page_age == 3s);
    CHECK(told.trouble == "no");
    REQUIRE(told.demands.size() == 1);
    CHECK(told.demands[0].demand.metric == "x");
    CHECK(told.demands[0].series == 2);
    CHECK(shown(told.demands[0].known) == "2000m");
}
