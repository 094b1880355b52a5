// SPDX-License-Identifier: Apache-2.0
#include "kube/client_metrics.hpp"

#include "kube/client.hpp"
#include "kube/reviews/review_client.hpp"
#include "test/kube/fake_api_server.hpp"
#include "test/net/own_port.hpp"
#include "test/net/run.hpp"

#include <catch2/catch.hpp>

using namespace kube;
using namespace kube::test;
using namespace std::chrono_literals;

namespace {

std::string text_of(const ClientMetrics& metrics) {
    std::string out;
    telemetry::MetricsText text{out};
    metrics.write(text);
    return out;
}

// What is told of requests, in a loop of its own.
struct MeteredClient {
    explicit MeteredClient(std::deque<Answer> script) : api{loop.get_executor(), std::move(script)} {
        config = api.config();
        config.metrics = &metrics;
    }
    net::Task<> with_server(net::Task<> work) {
        net::TaskGroup group{loop.get_executor()};
        group.spawn(api.run());
        co_await std::move(work);
        api.stop();
        co_await group.wait();
    }

    boost::asio::io_context loop{1};
    ClientMetrics metrics;
    FakeApiServer api;
    Config config;
};

net::Task<> get_twice(Client& client) {
    net::ExchangeLimits limits;
    limits.deadline = net::Clock::now() + 10s;
    net::StringSink sink{100};
    co_await client.get("/a", "text/plain", sink, limits);
    CHECK(client.last_status() == 200);
    co_await client.get("/b", "text/plain", sink, limits);
    CHECK(client.last_status() == 410);
}

net::Task<> ask(ReviewClient& reviews) {
    Asker asker;
    co_await reviews.ask("/reviews", "{}", std::move(asker), net::Deadline::max());
}

}  // namespace

TEST_CASE("requests to API servers are told apart by host and method and status") {
    ClientMetrics metrics;
    metrics.answered("GET", "10.0.0.1:443", 200, 5ms);
    metrics.answered("GET", "10.0.0.1:443", 200, 70s);
    metrics.answered("GET", "10.0.0.1:443", 410, 1s);
    metrics.answered("POST", "10.0.0.1:443", 0, 30s);
    CHECK(
        text_of(metrics) ==
        R"(# HELP rest_client_requests_total [ALPHA] Number of HTTP requests, partitioned by status code, method, and host.
# TYPE rest_client_requests_total counter
rest_client_requests_total{code="200",host="10.0.0.1:443",method="GET"} 2
rest_client_requests_total{code="410",host="10.0.0.1:443",method="GET"} 1
rest_client_requests_total{code="<error>",host="10.0.0.1:443",method="POST"} 1
# HELP rest_client_request_duration_seconds [ALPHA] Request latency in seconds. Broken down by verb, and host.
# TYPE rest_client_request_duration_seconds histogram
rest_client_request_duration_seconds_bucket{host="10.0.0.1:443",verb="GET",le="0.005"} 1
rest_client_request_duration_seconds_bucket{host="10.0.0.1:443",verb="GET",le="0.025"} 1
rest_client_request_duration_seconds_bucket{host="10.0.0.1:443",verb="GET",le="0.1"} 1
rest_client_request_duration_seconds_bucket{host="10.0.0.1:443",verb="GET",le="0.25"} 1
rest_client_request_duration_seconds_bucket{host="10.0.0.1:443",verb="GET",le="0.5"} 1
rest_client_request_duration_seconds_bucket{host="10.0.0.1:443",verb="GET",le="1"} 2
rest_client_request_duration_seconds_bucket{host="10.0.0.1:443",verb="GET",le="2"} 2
rest_client_request_duration_seconds_bucket{host="10.0.0.1:443",verb="GET",le="4"} 2
rest_client_request_duration_seconds_bucket{host="10.0.0.1:443",verb="GET",le="8"} 2
rest_client_request_duration_seconds_bucket{host="10.0.0.1:443",verb="GET",le="15"} 2
rest_client_request_duration_seconds_bucket{host="10.0.0.1:443",verb="GET",le="30"} 2
rest_client_request_duration_seconds_bucket{host="10.0.0.1:443",verb="GET",le="60"} 2
rest_client_request_duration_seconds_bucket{host="10.0.0.1:443",verb="GET",le="+Inf"} 3
rest_client_request_duration_seconds_sum{host="10.0.0.1:443",verb="GET"} 71.005
rest_client_request_duration_seconds_count{host="10.0.0.1:443",verb="GET"} 3
rest_client_request_duration_seconds_bucket{host="10.0.0.1:443",verb="POST",le="0.005"} 0
rest_client_request_duration_seconds_bucket{host="10.0.0.1:443",verb="POST",le="0.025"} 0
rest_client_request_duration_seconds_bucket{host="10.0.0.1:443",verb="POST",le="0.1"} 0
rest_client_request_duration_seconds_bucket{host="10.0.0.1:443",verb="POST",le="0.25"} 0
rest_client_request_duration_seconds_bucket{host="10.0.0.1:443",verb="POST",le="0.5"} 0
rest_client_request_duration_seconds_bucket{host="10.0.0.1:443",verb="POST",le="1"} 0
rest_client_request_duration_seconds_bucket{host="10.0.0.1:443",verb="POST",le="2"} 0
rest_client_request_duration_seconds_bucket{host="10.0.0.1:443",verb="POST",le="4"} 0
rest_client_request_duration_seconds_bucket{host="10.0.0.1:443",verb="POST",le="8"} 0
rest_client_request_duration_seconds_bucket{host="10.0.0.1:443",verb="POST",le="15"} 0
rest_client_request_duration_seconds_bucket{host="10.0.0.1:443",verb="POST",le="30"} 1
rest_client_request_duration_seconds_bucket{host="10.0.0.1:443",verb="POST",le="60"} 1
rest_client_request_duration_seconds_bucket{host="10.0.0.1:443",verb="POST",le="+Inf"} 1
rest_client_request_duration_seconds_sum{host="10.0.0.1:443",verb="POST"} 30
rest_client_request_duration_seconds_count{host="10.0.0.1:443",verb="POST"} 1
)");
}

TEST_CASE("a client tells of each answer") {
    MeteredClient scene{{Answer{{"to", "pd"}}, Answer{{"gone"}, Answer::End::complete, 410}}};
    Client client{scene.loop.get_executor(), scene.config};
    ::test::run(scene.loop, scene.with_server(get_twice(client)));
    const std::string text = text_of(scene.metrics);
    const std::string host = "host=\"" + client.server() + "\",method=\"GET\"} 1\n";
    CHECK(text.find("rest_client_requests_total{code=\"200\"," + host) != std::string::npos);
    CHECK(text.find("rest_client_requests_total{code=\"410\"," + host) != std::string::npos);
}

TEST_CASE("a server that is not there counts as an error") {
    MeteredClient scene{{}};
    const ::test::OwnPort nobody;
    scene.config.server.port = nobody.number();
    ReviewOptions options;
    options.tries = 1;
    ReviewClient reviews{scene.loop.get_executor(), scene.config, options};
    ::test::run(scene.loop, ask(reviews));
    CHECK(text_of(scene.metrics).find("rest_client_requests_total{code=\"<error>\",") != std::string::npos);
}

TEST_CASE("each try of a review counts with its status") {
    MeteredClient scene{
        {Answer{{"{}"}, Answer::End::complete, 500}, Answer{{"{}"}, Answer::End::complete, 201}}};
    ReviewOptions options;
    options.first_pause = 1ms;
    ReviewClient reviews{scene.loop.get_executor(), scene.config, options};
    ::test::run(scene.loop, scene.with_server(ask(reviews)));
    std::string out;
    telemetry::MetricsText text{out};
    reviews.answers().write(text, {"asked_total", "Asked.", telemetry::MetricType::counter},
                            {"asked_seconds", "How long.", telemetry::MetricType::histogram});
    CHECK(out.find("asked_total{code=\"201\"} 1\nasked_total{code=\"500\"} 1\n") != std::string::npos);
    CHECK(out.find("asked_seconds_bucket{code=\"201\",le=\"0.25\"} ") != std::string::npos);
    CHECK(out.find("asked_seconds_bucket{code=\"201\",le=\"10\"} 1\n") != std::string::npos);
}
