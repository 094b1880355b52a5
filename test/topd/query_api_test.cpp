// SPDX-License-Identifier: Apache-2.0
// From what pods say of themselves to answers of Prometheus' API.
#include "topd/query_api.hpp"

#include "storage/applications/applications.hpp"
#include "storage/applications/figure_history.hpp"
#include "test/apiserver/fixture.hpp"
#include "test/apiserver/prometheus/scene.hpp"
#include "test/net/run.hpp"

#include <chrono>
#include <string>

#include <catch2/catch.hpp>

namespace {

using storage::applications::Demand;
using storage::applications::Requirement;
using test::prometheus::success;

std::string asked_api(topd::QueryApi& queries, const std::string& target) {
    boost::asio::io_context loop{1};
    const net::Request asked = test::request(target);
    net::Response response = test::run(loop, test::prometheus::respond(queries.api(), asked));
    response.body = test::whole_body(response);
    response.source.reset();
    return response.body;
}

}  // namespace

TEST_CASE("what an autoscaler has asked for can be queried, listed and looked up") {
    using namespace std::chrono_literals;
    constexpr std::int64_t kBegin = 1'767'607'200;
    storage::history::History history{{}};
    const storage::Store store{storage::StoreOptions{}};
    storage::applications::Applications applications{{}};
    storage::applications::FigureHistory figures{{}};
    applications.put_pod({"shop", "web-0"}, "uid", {});
    const Demand all{"shop", "jobs", {}};
    const Demand mails{"shop", "jobs", {{"queue", Requirement::Op::in, {"mail"}}}};
    const Demand hidden{"shop", "up", {}};
    for (int tick = 0; tick < 3; ++tick) {
        const storage::Monotonic now = storage::Monotonic{} + 1h + tick * 15s;
        for (const Demand& each : {all, mails, hidden})
            applications.known(applications.ask(each, now), "web-0", now);
        auto wanted = applications.wanted({"shop", "web-0"}, now, kBegin * 1'000'000'000);
        REQUIRE(wanted);
        const storage::applications::LabelViews mail{{"queue", "mail"}}, print{{"queue", "print"}};
        wanted->reading.sample({"jobs", storage::applications::Type::gauge, mail, 2.5, 0});
        wanted->reading.sample({"jobs", storage::applications::Type::gauge, print, 1.0 * tick, 0});
        applications.commit({"shop", "web-0"}, wanted->uid, std::move(wanted->reading));
        applications.tell(figures, kBegin + tick * 15, now);
    }
    topd::QueryApi queries{history, store, {nullptr, nullptr, false, &figures}, 1 << 20};
    const std::string plain = R"({"__name__":"jobs","job":"topd","namespace":"shop","pod":"web-0"})";
    const std::string selected =
        R"({"__name__":"jobs","job":"topd","namespace":"shop","pod":"web-0","selector":"queue=mail"})";
    const auto ask = [&](const std::string& target) { return asked_api(queries, "/api/v1/" + target); };
    CHECK(ask("query_range?query=jobs{selector=\"\"}&start=1767607200&end=1767607230&step=15") ==
          test::prometheus::result("matrix", "[{\"metric\":" + plain +
                                                 R"(,"values":[[1767607200,"2.5"],[1767607215,"3.5"],)"
                                                 R"([1767607230,"4.5"]]}])"));
    CHECK(
        ask("query?query=jobs{selector=\"queue=mail\"}&time=1767607230") ==
        test::prometheus::result("vector", "[{\"metric\":" + selected + R"(,"value":[1767607230,"2.5"]}])"));
    const std::string range = "start=1767607200&end=1767607230";
    CHECK(ask("series?match[]=jobs&" + range) == success("[" + plain + "," + selected + "]"));
    CHECK(ask("labels?" + range) == success(R"(["__name__","job","namespace","pod","selector"])"));
    CHECK(ask("label/__name__/values?" + range) == success(R"(["jobs"])"));
    CHECK(ask("label/selector/values?" + range) == success(R"(["queue=mail"])"));
    CHECK(ask("metadata?metric=jobs") ==
          success(R"j({"jobs":[{"type":"gauge","help":"What pods say of themselves, as it was served to )j"
                  R"j(autoscalers: gauges as they are, counters as rates per second.","unit":""}]})j"));
    // topd's own.
    CHECK(ask("metadata?metric=up").find("figures of the node") != std::string::npos);
    CHECK(ask("metadata?limit=1000").find("}],\"jobs\":[{") != std::string::npos);
}
