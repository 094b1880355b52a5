// SPDX-License-Identifier: Apache-2.0
// Clients that want the server for themselves (docs/decisions/0016-hostile-clients.md).
#include "net/http/reader.hpp"
#include "test/net/server_lab.hpp"

#include <algorithm>
#include <random>

using namespace std::chrono_literals;
using namespace test;

namespace {

const std::string kGet = "GET /echo HTTP/1.1\r\nHost: a\r\n\r\n";

class Endless final : public net::BodySource {
  public:
    net::Task<net::Result<net::Piece>> next(std::string& out) override {
        out.append(50'000, 'x');
        co_return net::Piece::more;
    }
};

// Remembers what it was asked, in order.
class Recorder final : public net::RequestHandler {
  public:
    net::Task<net::Response> respond(net::Request request) override {
        net::Response response;
        asked.push_back(request.target);
        response.client_proven = request.target == "/known";
        if (request.target == "/endless") response.source = std::make_unique<Endless>();
        if (request.target == "/slow") co_await net::sleep_until(net::Clock::now() + 10s);
        co_return response;
    }
    std::vector<std::string> asked;
};

net::Deadline soon() {
    return net::Clock::now() + 5s;
}

net::Task<net::Connection> open(const net::HttpServer& server) {
    const tcp::endpoint to{asio::ip::make_address("127.0.0.1"), server.port()};
    auto connection = co_await net::Connection::connect(to, nullptr, "", soon());
    REQUIRE(connection.has_value());
    co_return std::move(*connection);
}

net::Task<> send(net::Connection& connection, std::string text) {
    auto sent = co_await connection.write(text, soon());
    REQUIRE(sent.has_value());
}

// The first line of what comes next; "closed" at the end.
net::Task<std::string> first_line(net::Connection& connection) {
    char buffer[4096];
    auto got = co_await connection.read_some(buffer, soon());
    if (!got) co_return got.error() == net::Errc::timeout ? "timeout" : "closed";
    const std::string_view text{buffer, *got};
    co_return std::string{text.substr(0, text.find("\r\n"))};
}

net::Task<std::string> ask(net::Connection& connection, std::string request) {
    co_await send(connection, std::move(request));
    co_return co_await first_line(connection);
}

net::Task<> until_open(const net::HttpServer& server, std::size_t connections) {
    while (server.open_connections() != connections) co_await net::sleep_until(net::Clock::now() + 1ms);
}

}  // namespace

TEST_CASE("A full server lets the newcomer in and the longest silent one go") {
    Recorder recorder;
    net::ServerOptions options;
    options.connections = 2;
    with_server(options, false, recorder, [&](asio::io_context&, net::HttpServer& server) -> net::Task<> {
        net::Connection a = co_await open(server);
        net::Connection b = co_await open(server);
        co_await until_open(server, 2);
        net::Connection c = co_await open(server);
        const std::string of_c = co_await ask(c, kGet);
        CHECK(of_c == "HTTP/1.1 200 OK");
        const std::string of_a = co_await first_line(a);
        CHECK(of_a == "closed");
        const std::string of_b = co_await ask(b, kGet);
        CHECK(of_b == "HTTP/1.1 200 OK");
        CHECK(server.counts().dropped_connections == 1);
        CHECK(server.open_connections() == 2);
    });
}

TEST_CASE("A flood of connections does not displace a client that proved who it is") {
    Recorder recorder;
    net::ServerOptions options;
    options.connections = 3;
    with_server(options, false, recorder, [&](asio::io_context&, net::HttpServer& server) -> net::Task<> {
        net::Connection known = co_await open(server);
        const std::string before = co_await ask(known, "GET /known HTTP/1.1\r\nHost: a\r\n\r\n");
        CHECK(before == "HTTP/1.1 200 OK");
        std::vector<net::Connection> flood;
        for (int i = 0; i < 20; ++i) {
            flood.push_back(co_await open(server));
            const std::string line = co_await ask(flood.back(), kGet);
            CHECK(line == "HTTP/1.1 200 OK");
        }
        const std::string after = co_await ask(known, kGet);
        CHECK(after == "HTTP/1.1 200 OK");
        CHECK(server.counts().dropped_connections == 18);
    });
}

TEST_CASE("When all have a request in flight the newcomer is closed") {
    Recorder recorder;
    net::ServerOptions options;
    options.connections = 1;
    with_server(options, false, recorder, [&](asio::io_context&, net::HttpServer& server) -> net::Task<> {
        net::Connection a = co_await open(server);
        co_await send(a, "GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
        while (recorder.asked.empty()) co_await net::sleep_until(net::Clock::now() + 1ms);
        net::Connection b = co_await open(server);
        const std::string of_b = co_await first_line(b);
        CHECK(of_b == "closed");
        CHECK(server.open_connections() == 1);
        CHECK(server.counts().dropped_connections == 1);
    });
}

TEST_CASE("Clients that start handshakes and stop make room for one that goes on") {
    Recorder recorder;
    net::ServerOptions options;
    options.connections = 4;
    with_server(options, true, recorder, [&](asio::io_context& loop, net::HttpServer& server) -> net::Task<> {
        std::vector<net::Connection> flood;
        const std::string half("\x16\x03\x01\x02\x00\x01", 6);
        for (int i = 0; i < 20; ++i) {
            flood.push_back(co_await open(server));
            co_await send(flood.back(), half);
        }
        net::HttpClient client{loop.get_executor(), origin_of(server, true)};
        const Answered answered = co_await ask(client, "/echo");
        CHECK(answered.status == 200);
        CHECK(server.counts().dropped_connections == 17);
        // Giving up is not the client's error.
        CHECK(server.counts().handshake_errors == 0);
    });
}

TEST_CASE("Requests that do not end share what memory there is and the largest is refused") {
    Recorder recorder;
    net::ServerOptions options;
    options.request_bytes = 180'000;
    with_server(options, false, recorder, [&](asio::io_context&, net::HttpServer& server) -> net::Task<> {
        const std::string begin = "GET /echo HTTP/1.1\r\nHost: a\r\nA: ";
        net::Connection small = co_await open(server);
        net::Connection large = co_await open(server);
        co_await send(small, begin + std::string(40'000, 'a'));
        co_await send(large, begin + std::string(120'000, 'a'));
        net::Connection third = co_await open(server);
        co_await send(third, begin + std::string(90'000, 'a'));
        const std::string of_large = co_await first_line(large);
        CHECK(of_large == "HTTP/1.1 429 Too Many Requests");
        const std::string of_small = co_await ask(small, "\r\n\r\n");
        CHECK(of_small == "HTTP/1.1 200 OK");
        const std::string of_third = co_await ask(third, "\r\n\r\n");
        CHECK(of_third == "HTTP/1.1 200 OK");
    });
}

TEST_CASE("A head of too many fields is refused") {
    Recorder recorder;
    with_server({}, false, recorder, [&](asio::io_context&, net::HttpServer& server) -> net::Task<> {
        std::string head = "GET /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\n";
        for (std::size_t i = 2; i < net::kMaxFields; ++i) head += "a:\r\n";
        const std::string good = co_await raw_exchange(server, head + "\r\n");
        CHECK(good.substr(0, 13) == "HTTP/1.1 200 ");
        const std::string bad = co_await raw_exchange(server, head + "a:\r\n\r\n");
        CHECK(bad.substr(0, 13) == "HTTP/1.1 431 ");
        CHECK(recorder.asked.size() == 1);
    });
}

TEST_CASE("Requests sent together let those of others in between") {
    Recorder recorder;
    with_server({}, false, recorder, [&](asio::io_context&, net::HttpServer& server) -> net::Task<> {
        net::Connection many = co_await open(server);
        net::Connection one = co_await open(server);
        co_await until_open(server, 2);
        std::string requests;
        for (int i = 0; i < 200; ++i) requests += kGet;
        co_await send(many, requests);
        const std::string line = co_await ask(one, "GET /one HTTP/1.1\r\nHost: a\r\n\r\n");
        CHECK(line == "HTTP/1.1 200 OK");
        while (recorder.asked.size() < 201) co_await net::sleep_until(net::Clock::now() + 1ms);
        const auto at = std::find(recorder.asked.begin(), recorder.asked.end(), "/one");
        CHECK(at - recorder.asked.begin() < 20);
    });
}

TEST_CASE("An answer that takes longer than its time is cut however steadily it is read") {
    Recorder recorder;
    net::ServerOptions options;
    options.write_timeout = 60ms;
    with_server(options, false, recorder, [&](asio::io_context&, net::HttpServer& server) -> net::Task<> {
        net::Connection reader = co_await open(server);
        co_await send(reader, "GET /endless HTTP/1.1\r\nHost: a\r\n\r\n");
        std::string line = "more";
        while (line != "closed") line = co_await first_line(reader);
        CHECK(server.open_connections() == 0);
    });
}

TEST_CASE("Random bytes get a 400 or nothing and cost nobody else anything") {
    Recorder recorder;
    for (const bool tls : {false, true}) {
        CAPTURE(tls);
        with_server({}, tls, recorder, [&](asio::io_context& loop, net::HttpServer& server) -> net::Task<> {
            std::mt19937 random{16};
            const net::TlsClient caller = pki().client_tls();
            const tcp::endpoint to{asio::ip::make_address("127.0.0.1"), server.port()};
            for (int i = 0; i < 40; ++i) {
                std::string junk(1 + random() % 600, '\0');
                for (char& c : junk) c = static_cast<char>(random());
                // A good request may stand before it.
                if (i % 4 == 0) junk.insert(0, kGet);
                auto client =
                    co_await net::Connection::connect(to, tls ? &caller : nullptr, "127.0.0.1", soon());
                REQUIRE(client.has_value());
                const std::string line = co_await ask(*client, junk + "\r\n\r\n");
                CHECK(line == (i % 4 == 0 ? "HTTP/1.1 200 OK" : "HTTP/1.1 400 Bad Request"));
            }
            net::HttpClient client{loop.get_executor(), origin_of(server, tls)};
            const Answered answered = co_await ask(client, "/");
            CHECK(answered.status == 200);
        });
    }
}
