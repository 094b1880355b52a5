// SPDX-License-Identifier: Apache-2.0
#include "topd/top/client/rows.hpp"

#include "test/topd/top/answers.hpp"
#include "topd/top/show/json_items.hpp"

using namespace topd::top;

TEST_CASE("Rows are read by column, and what is not known stays so") {
    const Rows rows = test::rows_of(test::kNodes);
    CHECK((rows.tick == 1000 && rows.resolution == 15 && rows.step == 225 && rows.matched == 2 &&
           rows.count == 2));
    REQUIRE(rows.column("cpu"));
    CHECK(std::get<double>((*rows.column("cpu"))[0]) == 250);
    CHECK(std::holds_alternative<std::monostate>((*rows.column("cpu"))[1]));
    CHECK(rows.column("restarts") == nullptr);
    REQUIRE(rows.cpu_curves.size() == 2);
    CHECK(rows.cpu_curves[0] == Curve{0, std::nullopt, 310, 630});
    CHECK(rows.cpu_curves[1].empty());
}

TEST_CASE("Pages have curves of their own scale") {
    Rows rows = test::rows_of(test::pods(1, 3, {"a"}));
    const std::string second =
        R"({"tick":1,"matched":3,"scale":{"cpu":700,"memory":7},"columns":{"name":["b","c"],"cpu":[1,2],
            "restarts":[3,4],"cpuCurve":["_A","A_"]}})";
    CHECK(add_answer(second, rows) == "");
    CHECK((rows.count == 3 && rows.cpu_scale == 700 && rows.memory_scale == 7340032));
    CHECK(rows.cpu_curves == std::vector<Curve>{{0, 70}, {700, 0}, {0, 700}});
    CHECK(rows.memory_curves == std::vector<Curve>{{7340032, 0}, {}, {}});
    CHECK(*rows.column("memory") == Column{2097152.0, {}, {}});
    CHECK(*rows.column("restarts") == Column{{}, 3.0, 4.0});
}

TEST_CASE("An answer of something else is told from one of topd, and changes nothing") {
    struct Case {
        std::string answer, fault;
    };
    const Case cases[] = {
        {"", "it is not JSON"},
        {"<html>", "it is not JSON"},
        {"[]", "it has no columns.name"},
        {"null", "it has no columns.name"},
        {R"({"columns":{"name":"a"}})", "it has no columns.name"},
        {R"({"columns":{"name":["a"],"cpu":[1,2]}})", "its columns are not of one length (cpu)"},
        {R"({"columns":{"name":["a"],"cpu":1}})", "its columns are not of one length (cpu)"},
    };
    for (const Case& c : cases) {
        Rows rows = test::rows_of(test::pods(1, 3, {"a"}));
        CHECK(add_answer(c.answer, rows) == c.fault);
        CHECK((rows.count == 1 && rows.column("cpu")->size() == 1));
    }
}

TEST_CASE("Figures that cannot be are not known") {
    const Rows rows = test::rows_of(
        R"({"tick":-1,"matched":1e300,"scale":[],"columns":{"name":["a","b","c","d"],"cpu":[-1,1e300,"x",{}],"cpuCurve":[1,{},"",null]}})");
    CHECK((rows.tick == 0 && rows.matched == 0 && rows.cpu_scale == 0));
    CHECK(*rows.column("cpu") == Column{{}, {}, std::string{"x"}, {}});
    CHECK(rows.cpu_curves == std::vector<Curve>(4));
}

TEST_CASE("JSON has an object a row, with curves as numbers") {
    Options options;
    options.kind = Kind::nodes;
    CHECK(
        json_of(test::rows_of(test::kNodes), options) ==
        R"({"kind":"node","tick":1000,"asOf":1000,"resolution":15,"range":{"from":0,"to":900,"step":225},)"
        R"("total":2,"matched":2,"items":[{"cpu":250,"cpuCapacity":4000,"cpuRequested":500,"lastSample":1000,)"
        R"("memory":536870912,"memoryCapacity":4294967296,"memoryRequested":1048576,"name":"n1","pods":12,)"
        R"("reason":null,"state":"ok","cpuCurve":[0,null,310,630],"memoryCurve":[1073741824,528349151,0,null]},)"
        R"({"cpu":null,"cpuCapacity":2000,"cpuRequested":0,"lastSample":null,"memory":null,"memoryCapacity":1,)"
        R"("memoryRequested":null,"name":"n2","pods":0,"reason":"connection refused","state":"unreachable",)"
        R"("cpuCurve":[],"memoryCurve":[null,null,null,null]}]})");
    const Rows none = test::rows_of(R"({"columns":{"name":[]}})");
    CHECK(json_of(none, {}).find(R"("items":[]})") != std::string::npos);
}

TEST_CASE("JSON is ASCII, whatever the names are") {
    Rows rows;
    CHECK(add_answer("{\"columns\":{\"name\":[\"\\u001b[2J\\u202e\\\"<b>\"]}}", rows) == "");
    CHECK(json_of(rows, {}).find(R"("name":"\u001b[2J\u202e\"<b>")") != std::string::npos);
}
