// SPDX-License-Identifier: Apache-2.0
// A peer that falls silent at some stage: how long that is waited for, and what is said of it.
#include "net/stages.hpp"

#include "net/http/client.hpp"
#include "net/task_group.hpp"
#include "test/net/run.hpp"
#include "test/net/silent_peer.hpp"
#include "test/net/tls/authority.hpp"

#include <boost/asio/use_awaitable.hpp>
#include <catch2/catch.hpp>

#include <netdb.h>

using namespace std::chrono_literals;
using net::StageLimits;
using net::TimedOut;
using tcp = boost::asio::ip::tcp;
namespace asio = boost::asio;

namespace {

net::TlsClient tls() {
    net::TlsClient::Options options;
    options.ca_pem = net::make_authority("cluster").certificate_pem;
    return net::TlsClient::make(options).value();
}

// As a deadline would end the same wait by the same word.
void check_is_before_deadlines(net::Clock::time_point begun) {
    CHECK(net::Clock::now() - begun < 15s);
}

// The error of a GET there.
net::Error error_of_get(asio::io_context& loop, net::Origin origin, net::ExchangeLimits limits) {
    auto ask = [&]() -> net::Task<net::Error> {
        net::HttpClient client{loop.get_executor(), std::move(origin)};
        net::Request request;
        net::StringSink sink{1000};
        const auto head = co_await client.exchange(request, sink, limits);
        co_return head ? net::Error{} : head.error();
    };
    const auto begun = net::Clock::now();
    const net::Error error = test::run(loop, ask());
    check_is_before_deadlines(begun);
    return error;
}

net::Origin at(std::uint16_t port) {
    net::Origin origin;
    origin.host = "127.0.0.1";
    origin.port = port;
    return origin;
}

net::ExchangeLimits limited(StageLimits stages) {
    net::ExchangeLimits limits;
    limits.stages = stages;
    // So that a limit that is not kept fails the test, by its time, and does not hang it.
    limits.deadline = net::Clock::now() + 30s;
    return limits;
}

net::ExchangeLimits until(std::chrono::milliseconds time) {
    net::ExchangeLimits limits;
    limits.deadline = net::Clock::now() + time;
    return limits;
}

constexpr std::string_view kBeginOfBody = "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\nabc";

// Answers the first request with the beginning and then, as often as it is told to, with a byte more.
net::Task<> answer_in_part(tcp::acceptor& acceptor, std::string_view begin, std::chrono::milliseconds pause) {
    auto socket = co_await acceptor.async_accept(asio::use_awaitable);
    net::Connection connection = net::Connection::adopt(std::move(socket));
    const net::Deadline end = net::Clock::now() + 30s;
    net::Result<> sent = co_await connection.write(begin, end);
    while (sent && net::Clock::now() < end) {
        co_await net::sleep_until(net::Clock::now() + pause);
        sent = co_await connection.write("d", end);
    }
}

net::Error error_of_body(net::ExchangeLimits limits, std::chrono::milliseconds pause,
                         std::string_view begin = kBeginOfBody) {
    asio::io_context loop{1};
    tcp::acceptor acceptor{loop, tcp::endpoint{asio::ip::make_address("127.0.0.1"), 0}};
    net::TaskGroup serving{loop.get_executor()};
    net::Error error;
    auto play = [&]() -> net::Task<> {
        serving.spawn(answer_in_part(acceptor, begin, pause));
        net::HttpClient client{loop.get_executor(), at(acceptor.local_endpoint().port())};
        net::Request request;
        net::StringSink sink{1'000'000};
        const auto head = co_await client.exchange(request, sink, limits);
        if (!head) error = head.error();
        serving.cancel();
        co_await serving.wait();
    };
    const auto begun = net::Clock::now();
    test::run(loop, play());
    check_is_before_deadlines(begun);
    return error;
}

}  // namespace

TEST_CASE("A look-up has its limit and its word") {
    test::NameServer names;
    asio::io_context loop{1};
    names.serve(loop);
    net::Origin origin = at(10250);
    origin.host = "dead-1";
    const bool of_its_own = GENERATE(true, false);
    const net::Error error =
        error_of_get(loop, origin, of_its_own ? limited({.look_up = 50ms}) : until(100ms));
    CHECK(error == TimedOut::look_up);
    CHECK(net::message_of(error, "dead-1") == "the name dead-1 could not be looked up in time");
}

TEST_CASE("A connection has its limit and its word") {
    asio::io_context loop{1};
    const test::FullPeer peer{loop};
    const bool of_its_own = GENERATE(true, false);
    const net::Error error =
        error_of_get(loop, at(peer.port()), of_its_own ? limited({.connect = 50ms}) : until(100ms));
    CHECK(error == TimedOut::connect);
    CHECK(net::message_of(error, "127.0.0.1") == "no connection in time");
}

TEST_CASE("A handshake has its limit and its word") {
    asio::io_context loop{1};
    const test::SilentPeer peer{loop};
    net::Origin origin = at(peer.port());
    origin.tls = tls();
    const bool of_its_own = GENERATE(true, false);
    const net::Error error =
        error_of_get(loop, origin, of_its_own ? limited({.handshake = 50ms}) : until(2s));
    CHECK(error == TimedOut::handshake);
    CHECK(error.message() == "TLS handshake not done in time");
}

TEST_CASE("An answer has its limit and its word") {
    asio::io_context loop{1};
    const test::SilentPeer peer{loop};
    const bool of_its_own = GENERATE(true, false);
    const net::Error error =
        error_of_get(loop, at(peer.port()), of_its_own ? limited({.answer = 50ms}) : until(1s));
    CHECK(error == TimedOut::answer);
    CHECK(error.message() == "connected, but no answer in time");
}

TEST_CASE("Half a head of an answer is none") {
    CHECK(error_of_body(limited({.answer = 50ms}), 20s, "HTTP/1.1 200 OK\r\nContent-Le") == TimedOut::answer);
}

TEST_CASE("What was not answered in time over a kept connection is not asked again over another") {
    asio::io_context loop{1};
    tcp::acceptor acceptor{loop, tcp::endpoint{asio::ip::make_address("127.0.0.1"), 0}};
    net::TaskGroup serving{loop.get_executor()};
    std::vector<net::Connection> connections;
    // One answer over each connection.
    auto serve = [&]() -> net::Task<> {
        for (;;) {
            auto socket = co_await acceptor.async_accept(asio::use_awaitable);
            connections.push_back(net::Connection::adopt(std::move(socket)));
            co_await connections.back().write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
                                              net::Clock::now() + 5s);
        }
    };
    auto play = [&]() -> net::Task<> {
        serving.spawn(serve());
        net::HttpClient client{loop.get_executor(), at(acceptor.local_endpoint().port())};
        const net::Request request;
        net::StringSink sink{1000};
        const auto first = co_await client.exchange(request, sink, until(5s));
        CHECK(first.has_value());
        const net::ExchangeLimits soon = limited({.answer = 50ms});
        const auto second = co_await client.exchange(request, sink, soon);
        CHECK((second.has_error() && second.error() == TimedOut::answer));
        CHECK(connections.size() == 1);
        serving.cancel();
        co_await serving.wait();
    };
    test::run(loop, play());
}

TEST_CASE("Silence in an answer has its limit and its word") {
    SECTION("of its own") {
        const net::Error error = error_of_body(limited({.silence = 100ms}), 20s);
        CHECK(error.category() == net::silence_category());
        CHECK(error.value() >= 100);
    }
    SECTION("when the deadline comes") {
        const net::Error error = error_of_body(until(3s), 20s);
        CHECK(error.category() == net::silence_category());
        CHECK(error.value() >= 1000);
    }
    SECTION("an answer that goes on is not silent") {
        CHECK(error_of_body(until(1s), 20ms) == TimedOut::end);
    }
    CHECK(net::silent_for(30'012ms).message() == "the answer began, then the peer was silent for 30 s");
    CHECK(net::silent_for(250ms).message() == "the answer began, then the peer was silent for 250 ms");
}

TEST_CASE("Limits that were reached are told from other errors") {
    const net::Error reached[] = {net::Errc::timeout,  TimedOut::look_up, TimedOut::connect,
                                  TimedOut::handshake, TimedOut::answer,  TimedOut::end,
                                  net::silent_for(1s)};
    const net::Error others[] = {net::Errc::closed, net::Errc::unknown_host,
                                 net::Error{EAI_AGAIN, net::look_up_category()}, net::Error{}};
    for (const net::Error& error : reached) CHECK(net::is_timeout(error));
    for (const net::Error& error : others) CHECK_FALSE(net::is_timeout(error));
    CHECK(net::message_of(others[2], "n1").starts_with("the name n1 could not be looked up: "));
    CHECK(net::message_of(others[0], "n1") == others[0].message());
}

TEST_CASE("Limits that say nothing are filled up from others") {
    const StageLimits both =
        StageLimits{.connect = 1s, .silence = 2s}.or_else({.look_up = 3s, .connect = 4s});
    CHECK(both.look_up == 3s);
    CHECK(both.connect == 1s);
    CHECK(both.handshake == 0s);
    CHECK(both.silence == 2s);
}
