// SPDX-License-Identifier: Apache-2.0
#include "topd/doctor/judge/sinks.hpp"

#include <string>

#include <catch2/catch.hpp>

using namespace topd::doctor;

TEST_CASE("sinks that are well are counted") {
    const Check check = judge_sinks(Answer{std::string{
        R"({"sinks":[{"sink":"stdout","lagSeconds":0,"sentPoints":42,"droppedPoints":0,"lostTicks":0,"refusedPoints":{}}]})"}});
    CHECK(check.title == "Sinks");
    CHECK(check.well == "one sink, 42 points sent");
    CHECK(check.findings.empty());
}

TEST_CASE("what is wrong with a sink is a finding each") {
    const Check check = judge_sinks(Answer{std::string{
        R"({"sinks":[{"sink":"a","lagSeconds":301,"sentPoints":1},)"
        R"({"sink":"b","lagSeconds":900,"trouble":"connection refused","droppedPoints":5,"lostTicks":2},)"
        R"({"sink":"c","lagSeconds":300,"refusedPoints":{"out_of_bounds":7,"other":0}},7]})"}});
    REQUIRE(check.findings.size() == 4);
    CHECK(check.findings[0].id == "sink-behind");
    CHECK(check.findings[0].where == "--sink a");
    CHECK(check.findings[0].severity == Severity::warning);
    CHECK(check.findings[1].id == "sink-trouble");
    CHECK(check.findings[1].what ==
          "its receiver takes nothing: connection refused; what waits is 900 s old");
    CHECK(check.findings[1].severity == Severity::error);
    CHECK(check.findings[2].id == "sink-lost");
    CHECK(check.findings[2].what == "5 points and 2 ticks were lost before they could be sent");
    CHECK(check.findings[3].id == "sink-refused");
    CHECK(check.findings[3].what == "its receiver refused 7 points: out_of_bounds");
}

TEST_CASE("sinks that cannot be asked are not well, nor ill") {
    for (const char* text : {"", "[]", "{\"sinks\":{}}", "\xff"}) {
        CAPTURE(text);
        const Check check = judge_sinks(Answer{std::string{text}});
        CHECK(check.findings.empty());
        REQUIRE(check.notes.size() == 1);
        CHECK(check.notes[0] == "not looked at: topd answered with something else");
    }
    CHECK(judge_sinks(Answer{kube::Failure{net::Errc::timeout}}).notes.size() == 1);
}
