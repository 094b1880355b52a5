// SPDX-License-Identifier: Apache-2.0
#include "topd/top/client/reader.hpp"

#include "test/topd/top/answers.hpp"
#include "test/topd/top/asked.hpp"

using namespace topd::top;
using Targets = std::vector<std::string>;
using test::TopScene;

namespace {

const std::string kAsked = "GET /proxy/ui/api/rows?kind=pod&namespace=default&sort=name&order=asc";

std::string asked(const std::string& page) {
    return kAsked + page + "&range=3600";
}

std::vector<std::string> names_of(const Rows& rows) {
    std::vector<std::string> names;
    for (const Value& name : *rows.column("name")) names.push_back(std::get<std::string>(name));
    return names;
}

Options limited(std::size_t limit) {
    Options options;
    options.limit = limit;
    return options;
}

}  // namespace

TEST_CASE("All pages of a tick are read, and no more") {
    TopScene scene{{test::answer_of(test::pods(1, 3, {"a", "b"})), test::answer_of(test::pods(1, 3, {"c"}))}};
    const auto rows = scene.read({});
    REQUIRE(rows.has_value());
    CHECK(names_of(*rows) == Targets{"a", "b", "c"});
    CHECK(scene.api.targets() == Targets{asked("&offset=0&limit=2000"), asked("&offset=2&limit=2000")});
    CHECK(scene.api.requests()[0].headers.find("Accept") == "application/json");
}

TEST_CASE("A limit is topd's to keep, over pages too") {
    TopScene scene{{test::answer_of(test::pods(1, 9, {"a", "b"})), test::answer_of(test::pods(1, 9, {"c"}))}};
    REQUIRE(scene.read(limited(3)).has_value());
    CHECK(scene.api.targets() == Targets{asked("&offset=0&limit=3"), asked("&offset=2&limit=1")});
    TopScene large{{test::answer_of(test::pods(1, 1, {"a"}))}};
    REQUIRE(large.read(limited(5000)).has_value());
    CHECK(large.api.targets() == Targets{asked("&offset=0&limit=2000")});
}

TEST_CASE("A page that is empty is the last, whatever topd counts") {
    TopScene scene{{test::answer_of(test::pods(1, 3, {"a"})), test::answer_of(test::pods(1, 3, {}))}};
    const auto rows = scene.read({});
    REQUIRE(rows.has_value());
    CHECK(names_of(*rows) == Targets{"a"});
}

TEST_CASE("When history ticks between two pages they are read anew") {
    TopScene scene{{test::answer_of(test::pods(1, 2, {"gone"})), test::answer_of(test::pods(2, 2, {"b"})),
                    test::answer_of(test::pods(2, 2, {"a"})), test::answer_of(test::pods(2, 2, {"b"}))}};
    const auto rows = scene.read({});
    REQUIRE(rows.has_value());
    CHECK((rows->tick == 2 && names_of(*rows) == Targets{"a", "b"}));
}

TEST_CASE("A topd that says to come again is asked again, six times at most") {
    TopScene scene{
        {test::refusal(503, R"({"error":"no tick yet"})", "1"), test::answer_of(test::pods(1, 1, {"a"}))}};
    CHECK(scene.read({}).has_value());
    TopScene never{std::deque<kube::test::Answer>(6, test::refusal(503, R"({"error":"no tick yet"})", "1"))};
    CHECK(never.read({}).error().http_status == 503);
    CHECK(never.api.targets().size() == 6);
    TopScene not_again{{test::refusal(503, "no endpoints")}};
    CHECK(not_again.read({}).error().http_status == 503);
}

TEST_CASE("What is shown once ends with a status and a word to standard error") {
    SECTION("rows") {
        TopScene scene{{test::answer_of(test::pods(1, 1, {"a"}))}};
        CHECK(scene.show_once({}) == 0);
        CHECK(scene.shown ==
              Targets{"NAME   CPU(cores)   MEMORY(bytes)   CPU(1h,max=70m)   MEMORY(1h,max=7Mi)\n"
                      "a      5m           2Mi             _#                #_\n"});
        CHECK(scene.complaints.empty());
    }
    SECTION("JSON") {
        TopScene scene{{test::answer_of(test::pods(1, 0, {}))}};
        Options options;
        options.output = Output::json;
        CHECK(scene.show_once(options) == 0);
        CHECK(scene.shown ==
              Targets{R"({"kind":"pod","tick":1,"asOf":1000,"resolution":0,"range":{"from":0,"to":3600,)"
                      R"("step":1800},"total":9,"matched":0,"items":[]})"
                      "\n"});
    }
    SECTION("none") {
        TopScene scene{{test::answer_of(test::pods(1, 0, {}))}};
        CHECK(scene.show_once({}) == 0);
        CHECK(scene.shown.empty());
        CHECK(scene.complaints == Targets{"No resources found in default namespace.\n"});
    }
    SECTION("none of a name") {
        TopScene scene{{test::answer_of(test::pods(1, 0, {}))}};
        Options options;
        options.name = "a\x1b";
        CHECK(scene.show_once(options) == 1);
        CHECK(scene.complaints == Targets{"pods \"a\\x1b\" not found in namespace default\n"});
    }
    SECTION("none of a name, as JSON") {
        TopScene scene{{test::answer_of(test::pods(1, 0, {}))}};
        Options options;
        options.name = "a";
        options.output = Output::json;
        CHECK(scene.show_once(options) == 1);
        CHECK(scene.complaints == Targets{"pods \"a\" not found in namespace default\n"});
        REQUIRE(scene.shown.size() == 1);
        CHECK(scene.shown[0].find(R"("items":[])") != std::string::npos);
    }
    SECTION("something else that answers") {
        TopScene scene{{test::answer_of("<html>")}};
        CHECK(scene.show_once({}) == 1);
        CHECK(scene.complaints == Targets{"topd: topd: the answer is not topd's: it is not JSON\n"
                                          "Something else answers there, or a topd of another version.\n"});
    }
    SECTION("nobody reads") {
        TopScene scene{{test::answer_of(test::pods(1, 1, {"a"}))}};
        scene.reads = false;
        CHECK(scene.show_once({}) == 1);
    }
}
