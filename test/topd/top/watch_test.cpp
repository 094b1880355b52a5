// SPDX-License-Identifier: Apache-2.0
#include "topd/top/watch.hpp"

#include "test/topd/top/answers.hpp"
#include "test/topd/top/asked.hpp"
#include "topd/top/show/screen.hpp"
#include "topd/top/top.hpp"

using namespace topd::top;
using Shown = std::vector<std::string>;
using test::TopScene;

namespace {

kube::test::Answer tick(int number) {
    return test::answer_of(test::pods(number, 1, {"at-" + std::to_string(number)}));
}

const std::string kHeadings = "NAME   CPU(cores)   MEMORY(bytes)   CPU(1h,max=70m)   MEMORY(1h,max=7Mi)\n";
const std::string kHeadingsDrawn = "NAME   CPU(cores)   MEMORY(bytes)   CPU(1h)   MEMORY(1h)\x1b[K\n";

std::string row(int number) {
    return "at-" + std::to_string(number) + "   5m           2Mi             _#                #_";
}
std::string drawn_row(int number) {
    return "at-" + std::to_string(number) + "   5m           2Mi             _#        #_\x1b[K\n";
}

Options watching() {
    Options options;
    options.watch = true;
    return options;
}

}  // namespace

TEST_CASE("A watch shows each tick once, one after the other where there is no terminal") {
    TopScene scene{{tick(1), tick(1), tick(2), tick(2), tick(3)}};
    CHECK(scene.watch(watching()) == -1);
    CHECK(scene.shown == Shown{kHeadings + row(1) + "\n", "\n" + kHeadings + row(2) + "\n",
                               "\n" + kHeadings + row(3) + "\n"});
    CHECK(scene.complaints.empty());
}

TEST_CASE("A watch with JSON is a line a tick, on a terminal too") {
    TopScene scene{{tick(1), tick(2)}};
    scene.viewer.size = [] { return Size{80, 24}; };
    Options options = watching();
    options.output = Output::json;
    scene.watch(options);
    REQUIRE(scene.shown.size() == 2);
    for (const std::string& text : scene.shown) {
        CHECK(text.starts_with("{"));
        CHECK(text.find('\n') == text.size() - 1);
    }
    CHECK(scene.api.targets()[0].find("&limit=2000&") != std::string::npos);
}

TEST_CASE("On a terminal a watch draws over what it drew, and asks for what fits") {
    TopScene scene{{test::answer_of(test::pods(1, 4, {"at-1"})), tick(2)}};
    scene.viewer.size = [] { return Size{80, 4}; };
    scene.watch(watching());
    CHECK(scene.shown == Shown{kHeadingsDrawn + drawn_row(1) + "and 3 more\x1b[K\n\x1b[J",
                               "\x1b[3A\r" + kHeadingsDrawn + drawn_row(2) + "\x1b[J"});
    REQUIRE(scene.api.targets().size() == 3);
    CHECK(scene.api.targets()[0].find("&offset=0&limit=1&") != std::string::npos);
}

TEST_CASE("A watch goes on after a failure, which it tells, but not when the first answer is one") {
    SECTION("elsewhere") {
        TopScene scene{{tick(1), test::refusal(503, "gone"), tick(2)}};
        CHECK(scene.watch(watching()) == -1);
        CHECK(scene.shown.size() == 2);
        CHECK(
            scene.complaints ==
            Shown{"topd: topd: answered 503: gone\ntopd has nothing to show yet: ask again in a moment.\n"});
    }
    SECTION("on a terminal, below the table, of which the last rows make room") {
        TopScene scene{{tick(1), test::refusal(500, "go\x1bne"), tick(2)}};
        scene.viewer.size = [] { return Size{80, 3}; };
        CHECK(scene.watch(watching()) == -1);
        REQUIRE(scene.shown.size() == 3);
        CHECK(scene.shown[1] == "\x1b[2A\r" + kHeadingsDrawn + "topd: answered 500: go ne\x1b[K\n\x1b[J");
        CHECK(scene.complaints.empty());
    }
    SECTION("at first") {
        TopScene scene{{test::refusal(500, "no")}};
        CHECK(scene.watch(watching()) == 1);
        CHECK(scene.complaints == Shown{"topd: topd: answered 500: no\n"});
    }
}

TEST_CASE("A watch ends when nobody reads") {
    TopScene scene{{tick(1), tick(2)}};
    scene.reads = false;
    CHECK(scene.watch(watching()) == 1);
    CHECK(scene.shown.size() == 1);
}

TEST_CASE("A watch shows that there is nothing, and then what there is") {
    TopScene scene{{test::answer_of(test::pods(1, 0, {})), tick(2)}};
    scene.viewer.size = [] { return Size{80, 24}; };
    scene.watch(watching());
    REQUIRE(scene.shown.size() == 2);
    CHECK(scene.shown[0] == "No resources found in default namespace.\x1b[K\n\x1b[J");
}

TEST_CASE("A watch in a pipe says once that there is nothing, and no headings") {
    const kube::test::Answer none = test::answer_of(test::pods(1, 0, {}));
    Options options = watching();
    options.name = "at-2";
    const Shown missing{"pods \"at-2\" not found in namespace default\n"};
    SECTION("as a table") {
        TopScene scene{{none, test::answer_of(test::pods(2, 0, {})), tick(3)}};
        scene.watch(options);
        CHECK(scene.complaints == missing);
        CHECK(scene.shown == Shown{kHeadings + row(3) + "\n"});
    }
    SECTION("as JSON, of which there is a line all the same") {
        options.output = Output::json;
        TopScene scene{{none, tick(2)}};
        scene.watch(options);
        CHECK(scene.complaints == missing);
        CHECK(scene.shown.size() == 2);
    }
}

TEST_CASE("A terminal that has become another size is drawn anew") {
    Screen screen;
    CHECK(screen.draw({"a", "b"}, {80, 24}) == "a\x1b[K\nb\x1b[K\n\x1b[J");
    CHECK(screen.draw({"c"}, {80, 24}) == "\x1b[2A\rc\x1b[K\n\x1b[J");
    CHECK(screen.draw({"d"}, {79, 24}) == "\x1b[H\x1b[2Jd\x1b[K\n\x1b[J");
    CHECK(screen.draw({"e"}, {79, 24}) == "\x1b[1A\re\x1b[K\n\x1b[J");
}

TEST_CASE("kubectl's plugin is known by its name") {
    CHECK(is_plugin("kubectl-history"));
    CHECK(is_plugin("/usr/local/bin/kubectl-history"));
    CHECK_FALSE(is_plugin("/kubectl-history/topd"));
    CHECK_FALSE(is_plugin("topd"));
    CHECK_FALSE(is_plugin(""));
}
