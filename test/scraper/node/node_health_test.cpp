// SPDX-License-Identifier: Apache-2.0
#include "scraper/node/node_health.hpp"

#include "scraper/node/summary.hpp"

#include <vector>

#include <catch2/catch.hpp>

using namespace std::chrono_literals;
using scraper::NodeHealth;
using scraper::NodeState;
using scraper::Reason;
using Say = scraper::NodeHealth::Say;

namespace {

const NodeHealth::Time kStart{std::chrono::hours{10}};

NodeHealth::Attempt attempt(Reason reason, NodeHealth::Time at = kStart, std::string error = {}) {
    NodeHealth::Attempt a;
    a.reason = reason;
    a.error = std::move(error);
    a.started = at;
    a.ended = at + 20ms;
    return a;
}

}  // namespace

TEST_CASE("a node is logged when its state changes") {
    struct Step {
        Reason reason;
        Say say;
        bool ready = true;
    };
    struct Case {
        const char* name;
        std::vector<Step> steps;
    };
    const Case cases[] = {
        {"success is silent", {{Reason::ok, Say::nothing}, {Reason::ok, Say::nothing}}},
        {"the first failure and the recovery are said",
         {{Reason::ok, Say::nothing},
          {Reason::timeout, Say::failed},
          {Reason::connect, Say::nothing},
          {Reason::ok, Say::recovered},
          {Reason::ok, Say::nothing}}},
        {"unsupported is said once",
         {{Reason::unsupported, Say::unsupported},
          {Reason::unsupported, Say::nothing},
          {Reason::ok, Say::recovered},
          {Reason::unsupported, Say::unsupported}}},
        {"a node that alternates is not said each time",
         {{Reason::timeout, Say::failed},
          {Reason::unsupported, Say::unsupported},
          {Reason::timeout, Say::nothing},
          {Reason::unsupported, Say::nothing},
          {Reason::ok, Say::recovered}}},
        {"a node that is not Ready fails silently until it is",
         {{Reason::connect, Say::nothing, false},
          {Reason::connect, Say::nothing, false},
          {Reason::connect, Say::failed, true}}},
        {"a node that is not Ready and was not said recovers silently",
         {{Reason::connect, Say::nothing, false}, {Reason::ok, Say::nothing, true}}},
    };
    for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
            NodeHealth health;
            NodeHealth::Time at = kStart;
            for (const Step& s : c.steps) {
                CHECK(health.record(attempt(s.reason, at), s.ready) == s.say);
                at += 15s;
            }
        }
}

TEST_CASE("a young node's failures are said when it is no longer young") {
    struct Case {
        const char* name;
        // Minutes and seconds after it joined.
        std::vector<std::pair<std::chrono::seconds, Reason>> scrapes;
        std::vector<Say> said;
    };
    const Case cases[] = {
        {"its certificate comes in time",
         {{1s, Reason::tls}, {100s, Reason::tls}, {115s, Reason::ok}},
         {Say::nothing, Say::nothing, Say::nothing}},
        {"it does not come in time",
         {{1s, Reason::tls},
          {119s, Reason::tls},
          {120s, Reason::tls},
          {135s, Reason::tls},
          {150s, Reason::ok}},
         {Say::nothing, Say::nothing, Say::failed, Say::nothing, Say::recovered}},
        {"it fails after it was well",
         {{1s, Reason::ok}, {16s, Reason::timeout}},
         {Say::nothing, Say::failed}},
        {"a missing page is no matter of youth", {{1s, Reason::unsupported}}, {Say::unsupported}},
    };
    for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
            NodeHealth health{kStart + NodeHealth::kYouth};
            std::vector<Say> said;
            for (const auto& [at, reason] : c.scrapes)
                said.push_back(health.record(attempt(reason, kStart + at), true));
            CHECK(said == c.said);
        }
}

TEST_CASE("a node that goes up and down is said seldom") {
    NodeHealth health;
    std::vector<std::pair<std::chrono::seconds, Say>> said;
    for (int i = 0; i < 4 * 15; ++i) {
        const std::chrono::seconds at{i * 15};
        const Say say = health.record(attempt(i % 2 == 0 ? Reason::timeout : Reason::ok, kStart + at), true);
        if (say != Say::nothing) said.emplace_back(at, say);
    }
    CHECK(said == std::vector<std::pair<std::chrono::seconds, Say>>{{0s, Say::failed},
                                                                    {15s, Say::recovered},
                                                                    {330s, Say::failed},
                                                                    {345s, Say::recovered},
                                                                    {660s, Say::failed},
                                                                    {675s, Say::recovered}});
}

TEST_CASE("a node that fails again and stays so is said when the quiet time is over") {
    NodeHealth health;
    CHECK(health.record(attempt(Reason::timeout, kStart), true) == Say::failed);
    CHECK(health.record(attempt(Reason::ok, kStart + 15s), true) == Say::recovered);
    CHECK(health.record(attempt(Reason::timeout, kStart + 30s), true) == Say::nothing);
    CHECK(health.record(attempt(Reason::timeout, kStart + 315s), true) == Say::failed);
    CHECK(health.record(attempt(Reason::timeout, kStart + 330s), true) == Say::nothing);
}

TEST_CASE("a node that goes on failing is said every ten minutes") {
    NodeHealth health;
    int said = 0;
    for (int i = 0; i < 4 * 60; ++i) {
        const Say say = health.record(attempt(Reason::timeout, kStart + i * 15s), true);
        if (say == Say::still_failing) ++said;
    }
    // One hour: after 10, 20, 30, 40 and 50 minutes.
    CHECK(said == 5);
    CHECK(health.failures() == 240);
}

TEST_CASE("the health keeps the last scrape and the last success") {
    NodeHealth health;
    CHECK(health.state() == NodeState::pending);
    health.record(attempt(Reason::ok, kStart), true);
    CHECK(health.state() == NodeState::ok);
    health.record(attempt(Reason::tls, kStart + 15s, "bad certificate"), true);
    CHECK(health.state() == NodeState::failing);
    CHECK(health.reason() == Reason::tls);
    CHECK(health.error() == "bad certificate");
    CHECK(health.started() == kStart + 15s);
    CHECK(health.ended() == kStart + 15s + 20ms);
    CHECK(health.last_success() == kStart + 20ms);
    CHECK(health.failures() == 1);
    health.record(attempt(Reason::ok, kStart + 30s), true);
    CHECK(health.error().empty());
    CHECK(health.failures() == 0);
}

TEST_CASE("the summary counts nodes by reason and names the first of each") {
    const auto health_of = [](Reason reason, std::string error) {
        NodeHealth health;
        health.record(attempt(reason, kStart, std::move(error)), true);
        return health;
    };
    const NodeHealth ok = health_of(Reason::ok, "");
    const NodeHealth slow = health_of(Reason::timeout, "late");
    const NodeHealth slow_too = health_of(Reason::timeout, "too late");
    const NodeHealth old = health_of(Reason::unsupported, "no page");
    const NodeHealth fresh;

    scraper::Summary none;
    CHECK(none.text() == "0 of 0 nodes scraped");

    scraper::Summary all_well;
    all_well.add("n1", ok);
    CHECK(all_well.text() == "1 of 1 nodes scraped");

    scraper::Summary mixed;
    mixed.add("n3", slow_too);
    mixed.add("n2", slow);
    mixed.add("n1", ok);
    mixed.add("n4", fresh);
    mixed.add("n5", old);
    CHECK(mixed.text() ==
          "1 of 5 nodes scraped, 1 not yet asked; 2 x timeout (n2: late); 1 x no resource metrics page (n5: "
          "no page)");
    CHECK(mixed.text(scraper::Summary::Names::withheld) ==
          "1 of 5 nodes scraped, 1 not yet asked; 2 x timeout; 1 x no resource metrics page");
}
