// SPDX-License-Identifier: Apache-2.0
#include "kube/client.hpp"

#include "test/kube/bytes.hpp"
#include "test/kube/fake_api_server.hpp"
#include "test/net/own_port.hpp"
#include "test/net/run.hpp"
#include "test/net/silent_peer.hpp"

#include <catch2/catch.hpp>

using namespace kube;
using namespace kube::test;
using namespace std::chrono_literals;
using End = Answer::End;

namespace {

net::Deadline soon() {
    return net::Clock::now() + 10s;
}

// What a request gives, of a server that answers once.
template <class T>
net::Task<T> once(net::Executor executor, FakeApiServer& api, net::Task<T> request) {
    net::TaskGroup group{executor};
    group.spawn(api.run());
    T result = co_await std::move(request);
    api.stop();
    co_await group.wait();
    co_return result;
}

struct Scene {
    explicit Scene(Answer answer)
        : api{loop.get_executor(), {std::move(answer)}}, client{loop.get_executor(), api.config()} {}

    Outcome<> get(net::BodySink& sink) {
        net::ExchangeLimits limits;
        limits.deadline = soon();
        return ::test::run(
            loop, once(loop.get_executor(), api, client.get("/version", "text/plain", sink, limits)));
    }
    Outcome<std::string> post(std::string body) {
        return ::test::run(
            loop, once(loop.get_executor(), api, client.post_json("/review", std::move(body), soon())));
    }

    boost::asio::io_context loop{1};
    FakeApiServer api;
    Client client;
};

}  // namespace

TEST_CASE("Client::get hands a good answer to the sink") {
    Scene scene{{{"to", "pd"}}};
    net::StringSink sink{100};
    CHECK(scene.get(sink).has_value());
    CHECK(sink.text() == "topd");
    const net::Request& request = scene.api.requests().at(0);
    CHECK(request.headers.find("Accept") == "text/plain");
    CHECK_FALSE(request.headers.contains("Authorization"));
}

TEST_CASE("Client::get makes a failure of any other answer") {
    Scene scene{{{"slow down\n"}, End::complete, 429, "text/plain", {{"Retry-After", "3"}}}};
    net::StringSink sink{100};
    const Outcome<> got = scene.get(sink);
    REQUIRE_FALSE(got);
    CHECK(got.error().code == Errc::refused);
    CHECK(got.error().http_status == 429);
    CHECK(got.error().message == "slow down");
    CHECK(got.error().retry_after == 3s);
    CHECK(sink.text().empty());
}

TEST_CASE("Client::get gives a refusal though its body is cut or endless") {
    const auto body = GENERATE(std::string{"no, "}, std::string(70'000, 'x'));
    Scene scene{{{body}, End::cut, 403, "text/plain", {}}};
    net::StringSink sink{100};
    const Outcome<> got = scene.get(sink);
    REQUIRE_FALSE(got);
    CHECK(got.error().http_status == 403);
    CHECK_FALSE(got.error().message.empty());
}

TEST_CASE("Client::get gives the error of its sink") {
    Scene scene{{{"more than three"}}};
    net::StringSink sink{3};
    CHECK(scene.get(sink).error().code == net::Errc::body_too_large);
}

TEST_CASE("Client::post_json sends and returns JSON") {
    Scene scene{{{R"({"status":{"authenticated":true}})"}, End::complete, 201, "application/json", {}}};
    const auto answer = scene.post(R"({"kind":"TokenReview"})");
    CHECK(answer.value() == R"({"status":{"authenticated":true}})");
    const net::Request& request = scene.api.requests().at(0);
    CHECK(request.method == "POST");
    CHECK(request.target == "/review");
    CHECK(request.body == R"({"kind":"TokenReview"})");
    CHECK(request.headers.find("Content-Type") == "application/json");
    CHECK(request.headers.find("Accept") == "application/json");
}

TEST_CASE("Client::post_json makes a failure of a refusal and of an endless answer") {
    SECTION("refusal") {
        Scene scene{
            {{R"({"message":"tokenreviews is forbidden"})"}, End::complete, 403, "application/json", {}}};
        CHECK(scene.post("{}").error().text() == "the API server answered 403: tokenreviews is forbidden");
    }
    SECTION("endless") {
        Scene scene{{std::vector<std::string>(40, std::string(32 * 1024, ' ')),
                     End::silent,
                     200,
                     "application/json",
                     {}}};
        CHECK(scene.post("{}").error().code == net::Errc::body_too_large);
    }
}

TEST_CASE("Client gives up a stage before the deadline where the exchange's limits do not say") {
    boost::asio::io_context loop{1};
    const ::test::SilentPeer peer{loop};
    Client client{loop.get_executor(), local_config(peer.port()), {.answer = 30ms}};
    const net::Deadline deadline = soon();
    const auto answer = ::test::run(loop, client.post_json("/", "{}", deadline));
    CHECK(answer.error().code == net::TimedOut::answer);
    CHECK(net::Clock::now() < deadline);
}

TEST_CASE("Client names the server that does not answer") {
    boost::asio::io_context loop{1};
    const ::test::OwnPort nobody;
    Client client{loop.get_executor(), local_config(nobody.number())};
    const auto answer = ::test::run(loop, client.post_json("/", "{}", soon()));
    CHECK(answer.error().code == boost::system::errc::connection_refused);
    CHECK(answer.error().http_status == 0);
    CHECK(client.server() == "127.0.0.1:" + std::to_string(nobody.number()));
}
