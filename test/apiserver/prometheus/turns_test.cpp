// SPDX-License-Identifier: Apache-2.0
// Queries take turns; others are told to come again. Long answers are written a piece at a time.
#include "apiserver/prometheus/answer_parts.hpp"
#include "test/apiserver/fixture.hpp"
#include "test/apiserver/prometheus/scene.hpp"

#include <string>
#include <vector>

#include <catch2/catch.hpp>

using apiserver::Prometheus;
using test::header;
using test::prometheus::error;
using test::prometheus::Scene;

namespace {

const std::string kSteps = "/api/v1/query_range?query=sum(up)&start=1767607200&end=1767607800&step=15";
const std::string kBusy = error("timeout", "too many queries at once: ask again in a second");

struct Ended {
    std::string target;
    unsigned status;
};

net::Task<> ask(Prometheus& api, std::string target, std::vector<Ended>& ended) {
    const net::Request request = test::request(target);
    const net::Response response = co_await test::prometheus::respond(api, request);
    ended.push_back({std::move(target), response.status});
}

// Two series of 10,001 points.
const std::string kLong =
    "/api/v1/query_range?query=container_memory_working_set_bytes&start=1767607200"
    "&end=1767607800&step=0.06";

std::string long_answer() {
    std::string out = R"({"status":"success","data":{"resultType":"matrix","result":[)";
    for (const auto& [pod, value] : {std::pair{"web-0", "40960"}, std::pair{"web-1", "4096"}}) {
        if (out.back() != '[') out += ',';
        out += R"({"metric":{"__name__":"container_memory_working_set_bytes","container":"app","image":"-",)"
               R"("instance":"n1","job":"topd","namespace":"shop","node":"n1","pod":")" +
               std::string{pod} + R"("},"values":[)";
        for (int i = 0; i <= 10'000; ++i) {
            const std::string rest = std::to_string(1000 + i * 60 % 1000).substr(1);
            out += i == 0 ? "[" : ",[";
            out += std::to_string(1'767'607'200 + i * 60 / 1000) + (rest == "000" ? "" : "." + rest) + ",\"" +
                   value + "\"]";
        }
        out += "]}";
    }
    return out + "]}}";
}

}  // namespace

TEST_CASE("one query is evaluated at a time, and so many wait") {
    Scene scene;
    apiserver::PrometheusOptions options = scene.options();
    options.turn_units = 1;
    options.waiting = 2;
    Prometheus api{scene.source, options};
    boost::asio::io_context loop{1};
    std::vector<Ended> ended;
    const std::string other = "/api/v1/labels";
    test::start(loop, ask(api, kSteps, ended));
    test::start(loop, ask(api, kSteps + "&n=2", ended));
    test::start(loop, ask(api, other, ended));
    test::start(loop, ask(api, kSteps + "&n=4", ended));
    // Needs no turn.
    test::start(loop, ask(api, "/api/v1/metadata", ended));
    loop.run();
    REQUIRE(ended.size() == 5);
    CHECK(ended[0].target == kSteps + "&n=4");
    CHECK(ended[0].status == 503);
    CHECK(ended[1].target == "/api/v1/metadata");
    CHECK(ended[2].target == kSteps);
    CHECK(ended[2].status == 200);
    CHECK(ended[3].target == kSteps + "&n=2");
    CHECK(ended[3].status == 200);
    CHECK(ended[4].target == other);
    CHECK(ended[4].status == 200);
}

TEST_CASE("who waits too long is told to come again") {
    Scene scene;
    apiserver::PrometheusOptions options = scene.options();
    options.turn_units = 1;
    options.longest_wait = std::chrono::milliseconds{0};
    Prometheus api{scene.source, options};
    boost::asio::io_context loop{1};
    std::vector<Ended> ended;
    std::optional<net::Response> late;
    test::start(loop, ask(api, kSteps, ended));
    const net::Request request = test::request("/api/v1/series?match[]=up");
    test::start(loop, test::keep_result(test::prometheus::respond(api, request), late));
    loop.run();
    REQUIRE(ended.size() == 1);
    CHECK(ended[0].status == 200);
    REQUIRE(late.has_value());
    CHECK(late->status == 503);
    CHECK(late->body == kBusy);
    CHECK(header(*late, "Retry-After") == "1");
}

TEST_CASE("a piece may end behind the head of a series") {
    // Each is one point behind a head that is long.
    query::Answer answer;
    answer.type = query::ResultType::matrix;
    answer.steps = {1'767'607'200'000, 1000, 1};
    constexpr std::size_t kSeries = 3000;
    for (std::size_t i = 0; i < kSeries; ++i) {
        query::Row row;
        row.labels.append("pod", std::to_string(1'000'000 + i) + std::string(i % 97, 'x'));
        row.values = {static_cast<double>(i)};
        answer.rows.push_back(std::move(row));
    }
    apiserver::ByteBudget budget{1};
    auto lease = budget.lease(1);
    REQUIRE(lease.has_value());
    const auto parts = apiserver::query_parts(std::move(answer), {}, std::move(*lease));
    std::string whole;
    std::size_t pieces = 1;
    for (; parts->advance(whole); ++pieces) REQUIRE(pieces < 100);
    CHECK(pieces > 2);
    std::string expected = R"({"status":"success","data":{"resultType":"matrix","result":[)";
    for (std::size_t i = 0; i < kSeries; ++i) {
        expected += (i == 0 ? "" : ",") + std::string{R"({"metric":{"pod":")"} +
                    std::to_string(1'000'000 + i) + std::string(i % 97, 'x') +
                    R"("},"values":[[1767607200,")" + std::to_string(i) + R"("]]})";
    }
    CHECK(whole == expected + "]}}");
}

TEST_CASE("a long answer comes in pieces, compressed for those who take it") {
    Scene scene;
    scene.source.pause_before_each(1);
    Prometheus api{scene.source, scene.options()};
    boost::asio::io_context loop{1};
    const net::Request request = test::request(kLong);
    net::Response response = test::run(loop, test::prometheus::respond(api, request));
    REQUIRE(response.source != nullptr);
    CHECK(response.body.size() < 2 * 64 * 1024 + 1024);
    const std::string whole = long_answer();
    CHECK(test::whole_body(response) == whole);
    CHECK(header(response, "Content-Encoding") == "<none>");
    const net::Response packed = scene.ask(test::request(kLong, {{"Accept-Encoding", "gzip"}}));
    CHECK(header(packed, "Content-Encoding") == "gzip");
    CHECK(packed.body.size() < whole.size() / 5);
    CHECK(test::unpacked(packed.body) == whole);
}

TEST_CASE("answers that are being sent take so much together") {
    Scene scene;
    apiserver::PrometheusOptions options = scene.options();
    options.answer_bytes = 300'000;
    Prometheus api{scene.source, options};
    const auto ask_for = [&](const std::string& target) {
        boost::asio::io_context loop{1};
        const net::Request request = test::request(target);
        return test::run(loop, test::prometheus::respond(api, request));
    };
    std::optional<net::Response> first = ask_for(kLong);
    CHECK(first->status == 200);
    const net::Response second = ask_for(kLong);
    CHECK(second.status == 503);
    CHECK(second.body == kBusy);
    CHECK(ask_for(kSteps).status == 200);
    first.reset();
    CHECK(ask_for(kLong).status == 200);
}
