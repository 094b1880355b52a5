// SPDX-License-Identifier: Apache-2.0
#include "test/net/server_lab.hpp"

using namespace std::chrono_literals;
using namespace test;

TEST_CASE("Broken requests are refused in HTTP's own words") {
    struct Case {
        const char* name;
        std::string sent;
        std::string begins;
    };
    const Case cases[] = {
        {"garbage", "hello\r\n\r\n", "HTTP/1.1 400 "},
        {"large head", "GET / HTTP/1.1\r\nA: " + std::string(5000, 'a') + "\r\n\r\n", "HTTP/1.1 431 "},
        {"large body", "POST / HTTP/1.1\r\nContent-Length: 5000\r\n\r\n" + std::string(5000, 'b'),
         "HTTP/1.1 413 "},
        {"pipelined", "GET / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\nConnection: close\r\n\r\n",
         "HTTP/1.1 200 OK\r\n"},
        {"old version", "GET / HTTP/1.0\r\n\r\n", "HTTP/1.0 200 OK\r\n"},
    };
    for (const Case& c : cases) {
        DYNAMIC_SECTION(c.name) {
            Echo echo;
            net::ServerOptions options;
            options.head_bytes = 4000;
            options.body_bytes = 4000;
            with_server(options, false, echo, [&](asio::io_context&, net::HttpServer& server) -> net::Task<> {
                const std::string answer = co_await raw_exchange(server, c.sent);
                CHECK(answer.substr(0, c.begins.size()) == c.begins);
                CHECK(answer.find('<') == std::string::npos);
                if (std::string{c.name} == "pipelined") CHECK(echo.requests == 2);
            });
        }
    }
}

TEST_CASE("A client that speaks plain HTTP to the TLS port is told so") {
    Echo echo;
    with_server({}, true, echo, [&](asio::io_context&, net::HttpServer& server) -> net::Task<> {
        const std::string answer = co_await raw_exchange(server, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        CHECK(answer.substr(0, answer.find('<')) ==
              "HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n");
    });
}

TEST_CASE("Clients that send nothing or half a head are dropped in time") {
    struct Case {
        const char* name;
        std::string sent;
    };
    const Case cases[] = {{"nothing", ""},
                          {"half a head", "GET / HT"},
                          {"half a body", "POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nx"}};
    for (const Case& c : cases) {
        DYNAMIC_SECTION(c.name) {
            Echo echo;
            net::ServerOptions options;
            options.idle_timeout = options.head_timeout = options.body_timeout = 60ms;
            with_server(options, false, echo, [&](asio::io_context&, net::HttpServer& server) -> net::Task<> {
                const std::string answer = co_await raw_exchange(server, c.sent);
                CHECK(answer.empty());
                CHECK(echo.requests == 0);
            });
        }
    }
}
