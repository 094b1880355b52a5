// SPDX-License-Identifier: Apache-2.0
// Which samples of a page a name means, and which of them count.
#include "test/storage/applications/applications_scene.hpp"

#include <catch2/catch.hpp>

using namespace storage::applications;
using namespace storage::applications::test;

namespace {

using Op = Requirement::Op;

// What the metric is after two pages, 15 s apart, on the second of which all samples are 15 more.
std::string after_two_pages(const std::string& metric, std::vector<Line> lines,
                            std::vector<Requirement> series = {}) {
    Scene scene;
    scene.ask(metric, series);
    scene.page(lines);
    scene.pass(15s);
    for (Line& line : lines) line.value += 15;
    scene.page(lines);
    return shown(scene.ask(metric, series));
}

}  // namespace

TEST_CASE("a name means the first family that a page has of those that it can mean") {
    const auto [metric, lines, expected] = GENERATE(table<std::string, std::vector<Line>, std::string>({
        {"x", {{"x", 1, {}, Type::gauge}}, "16000m"},
        {"x", {{"x", 1, {}, Type::untyped}}, "16000m"},
        {"x", {{"x", 1}}, "1000m/15s"},
        {"x", {{"x_total", 1}}, "1000m/15s"},
        {"x", {{"x_seconds_total", 1}}, "1000m/15s"},
        // A gauge first, whatever the order on the page.
        {"x", {{"x_total", 1}, {"x", 2, {}, Type::gauge}}, "17000m"},
        // Only one of the families.
        {"x", {{"x_seconds_total", 1}, {"x_total", 1}}, "1000m/15s"},
        {"x_total", {{"x_total", 1}}, "1000m/15s"},
        {"x_per_second", {{"x", 1}}, "1000m/15s"},
        {"x_per_second", {{"x_total", 1}}, "1000m/15s"},
        {"x_per_second", {{"x_seconds_total", 1}}, "1000m/15s"},
        {"x_per_second", {{"x", 1, {}, Type::gauge}}, "no_family"},
        {"x_per_second", {{"x_per_second", 1, {}, Type::gauge}, {"x_total", 1}}, "16000m"},
        // Of a histogram or a summary.
        {"x_count", {{"x_count", 1}}, "1000m/15s"},
        {"x_sum", {{"x_sum", 1}}, "1000m/15s"},
        {"x_mean", {{"x_sum", 1}, {"x_count", 1}}, "1000m/15s"},
        {"x_mean", {{"x_mean", 1, {}, Type::gauge}, {"x_sum", 1}, {"x_count", 1}}, "16000m"},
        {"x", {{"x_sum", 1}, {"x_count", 1}}, "no_family"},
        {"x_bucket", {{"x_bucket", 1, {{"le", "1"}}, Type::untyped}}, "no_family"},
        // Untyped ones are told by their names.
        {"x", {{"x_total", 1, {}, Type::untyped}}, "1000m/15s"},
        {"x_count", {{"x_count", 1, {}, Type::untyped}}, "1000m/15s"},
        {"x_sum", {{"x_sum", 1, {}, Type::untyped}}, "1000m/15s"},
        {"x_per_second", {{"x", 1, {}, Type::untyped}}, "no_family"},
        // Quantiles only if they are named.
        {"x", {{"x", 1, {{"quantile", "0.5"}}, Type::quantile}}, "no_family"},
        {"x", {{"xy", 1, {}, Type::gauge}}, "no_family"},
        {"x", {}, "no_family"},
    }));
    CAPTURE(metric, lines.size(), lines.empty() ? "" : lines[0].name);
    CHECK(after_two_pages(metric, lines) == expected);
}

TEST_CASE("a quantile counts where its label is named") {
    const std::vector<Line> lines = {{"x", 1, {{"quantile", "0.5"}}, Type::quantile},
                                     {"x", 5, {{"quantile", "0.9"}}, Type::quantile}};
    CHECK(after_two_pages("x", lines, {{"quantile", Op::in, {"0.9"}}}) == "20000m");
}

TEST_CASE("series count that meet all requirements") {
    const std::vector<Line> lines = {{"x", 1, {{"verb", "GET"}, {"code", "200"}}, Type::gauge},
                                     {"x", 2, {{"verb", "PUT"}, {"code", "200"}}, Type::gauge},
                                     {"x", 4, {{"verb", "GET"}}, Type::gauge},
                                     {"x", 8, {{"verb", "PUT"}, {"code", ""}}, Type::gauge}};
    struct Case {
        std::vector<Requirement> series;
        std::string expected;
    };
    const auto each = GENERATE(values<Case>({
        {{}, "75000m"},
        {{{"verb", Op::in, {"GET"}}}, "35000m"},
        {{{"verb", Op::in, {"GET", "PUT"}}}, "75000m"},
        {{{"verb", Op::not_in, {"GET"}}}, "40000m"},
        {{{"code", Op::exists, {}}}, "33000m"},
        {{{"code", Op::does_not_exist, {}}}, "42000m"},
        {{{"code", Op::not_in, {"200"}}}, "42000m"},
        {{{"verb", Op::in, {"GET"}}, {"code", Op::exists, {}}}, "16000m"},
        {{{"verb", Op::in, {"DELETE"}}}, "no_series"},
        {{{"other", Op::exists, {}}}, "no_series"},
    }));
    CHECK(after_two_pages("x", lines, each.series) == each.expected);
}

TEST_CASE("a counter that is there without a series that counts is at 0") {
    CHECK(after_two_pages("x", {{"x_total", 5, {{"code", "200"}}}}, {{"code", Op::in, {"500"}}}) == "0m/15s");
    Scene scene;
    scene.ask("x");
    scene.page({}, "a", {"x", "x_total"});
    CHECK(shown(scene.ask("x")) == "one_page");
    scene.pass(15s);
    scene.page({}, "a", {"x", "x_total"});
    CHECK(shown(scene.ask("x")) == "0m/15s");
    scene.pass(15s);
    scene.page({{"x_total", 30}}, "a", {"x", "x_total"});
    CHECK(shown(scene.ask("x")) == "1000m/30s");
}

TEST_CASE("a family takes another's place with what it has risen by since") {
    Scene scene;
    scene.ask("x");
    scene.page({}, "a", {"x"});
    scene.pass(15s);
    scene.page({{"x_seconds_total", 5e9}});
    CHECK(shown(scene.ask("x")) == "one_page");
    scene.pass(15s);
    scene.page({{"x_seconds_total", 5e9 + 30}});
    CHECK(shown(scene.ask("x")) == "2000m/15s");
}

TEST_CASE("up is whether the page came, and every pod has it") {
    Scene scene;
    CHECK(shown(scene.ask("up")) == "waiting");
    scene.page({});
    CHECK(shown(scene.ask("up")) == "1000m");
    scene.failure("gone");
    CHECK(shown(scene.ask("up")) == "0m");
    CHECK(shown(scene.ask("up", {{"x", Op::exists, {}}})) == "no_series");
    CHECK(shown(scene.ask("up", {{"x", Op::does_not_exist, {}}})) == "0m");
    scene.pass(36s);
    CHECK(shown(scene.ask("up")) == "waiting");
}

TEST_CASE("up says nothing of a pod that is not asked") {
    Scene scene;
    scene.ask("up");
    scene.applications.fail({"ns", "a"}, "uid", Missing::not_annotated, "its port is no number", scene.now(),
                            scene.unix_now());
    CHECK(shown(scene.ask("up")) == "not_annotated");
    CHECK(scene.ask("up").detail == "its port is no number");
}
