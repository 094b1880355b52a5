// SPDX-License-Identifier: Apache-2.0
// What an answer says about its own sending: by when, and what is to be let go of then.
#include "test/net/server_lab.hpp"

using namespace test;

namespace {

// Answers with what it was given, once.
class Giver final : public net::RequestHandler {
  public:
    net::Task<net::Response> respond(net::Request) override { co_return std::move(next); }
    net::Response next;
};

// More than both ends' buffers take.
net::Response endless() {
    net::Response response;
    response.source = std::make_unique<Pieces>(std::size_t{64} * 1024 * 1024);
    return response;
}

}  // namespace

TEST_CASE("What an answer holds is let go of when it was sent or cut") {
    Giver giver;
    with_server({}, false, giver, [&](asio::io_context& loop, net::HttpServer& server) -> net::Task<> {
        net::HttpClient client{loop.get_executor(), origin_of(server, false)};
        const net::Request request;
        for (const bool whole : {true, false}) {
            CAPTURE(whole);
            auto held = std::make_shared<int>(0);
            const std::weak_ptr<int> seen = held;
            giver.next = endless();
            if (whole) giver.next.source = std::make_unique<Pieces>(300'000);
            giver.next.held = std::move(held);
            // It takes as much as it was told, then leaves.
            net::StringSink sink{1'000'000};
            auto head = co_await client.exchange(request, sink, within(5s));
            CHECK(head.has_value() == whole);
            for (int i = 0; i < 5000 && !seen.expired(); ++i)
                co_await net::sleep_until(net::Clock::now() + 1ms);
            CHECK(seen.expired());
        }
    });
}

TEST_CASE("An answer whose time is over is cut between two pieces") {
    struct Case {
        const char* name;
        net::Deadline send_by;
        std::string end;
    };
    const Case cases[] = {{"in time", net::Deadline::max(), "\r\n0\r\n\r\n"},
                          {"too late", net::Clock::now(), ""}};
    for (const Case& c : cases) {
        CAPTURE(c.name);
        Giver giver;
        giver.next.source = std::make_unique<Pieces>(100'000);
        giver.next.send_by = c.send_by;
        with_server({}, false, giver, [&](asio::io_context&, net::HttpServer& server) -> net::Task<> {
            const std::string sent = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
            const std::string answer = co_await raw_exchange(server, sent);
            CHECK(answer.ends_with(c.end));
            CHECK(answer.empty() == c.end.empty());
        });
    }
}

TEST_CASE("A client that does not read is cut off at the time of its answer") {
    Giver giver;
    giver.next = endless();
    giver.next.send_by = net::Clock::now() + 200ms;
    with_server({}, false, giver, [&](asio::io_context&, net::HttpServer& server) -> net::Task<> {
        const tcp::endpoint to{asio::ip::make_address("127.0.0.1"), server.port()};
        auto connection = co_await net::Connection::connect(to, nullptr, "", net::Clock::now() + 5s);
        REQUIRE(connection.has_value());
        const std::string sent = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
        auto written = co_await connection->write(sent, net::Clock::now() + 5s);
        REQUIRE(written.has_value());
        // Nothing is read, and the server lets go all the same, long before its own limit of a minute.
        const net::Deadline patience = net::Clock::now() + 10s;
        while (server.open_connections() == 0 && net::Clock::now() < patience)
            co_await net::sleep_until(net::Clock::now() + 1ms);
        while (server.open_connections() > 0 && net::Clock::now() < patience)
            co_await net::sleep_until(net::Clock::now() + 1ms);
        CHECK(server.open_connections() == 0);
    });
}
