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
        {"large body", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5000\r\n\r\n" + std::string(5000, 'b'),
         "HTTP/1.1 413 "},
        {"pipelined",
         "GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
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

TEST_CASE("Heads that ask for what there is not are refused as Go refuses them") {
    struct Case {
        const char* name;
        std::string head;
        std::string status;
        std::string body;
        // Requests that were handed on.
        int served;
    };
    const std::string host = "Host: a\r\n";
    const std::string get = "GET / HTTP/1.1\r\n";
    const std::string post = "POST / HTTP/1.1\r\n" + host;
    const Case cases[] = {
        {"no host", get, "400 Bad Request", "400 Bad Request: missing required Host header", 0},
        {"two hosts", get + host + host, "400 Bad Request", "400 Bad Request: too many Host headers", 0},
        {"a bad host", get + "Host: a/b\r\n", "400 Bad Request", "400 Bad Request: malformed Host header", 0},
        {"an empty host", get + "Host:\r\nConnection: close\r\n", "200 OK", "", 1},
        {"an address for a host", get + "Host: [::1]:443\r\nConnection: close\r\n", "200 OK", "", 1},
        {"an unknown expectation", post + "Expect: wonders\r\nContent-Length: 9\r\n",
         "417 Expectation Failed", "", 0},
        {"an unknown coding", post + "Transfer-Encoding: gzip\r\n", "501 Not Implemented",
         "Unsupported transfer encoding", 0},
        {"a coding below another", post + "Transfer-Encoding: gzip, chunked\r\n", "501 Not Implemented",
         "Unsupported transfer encoding", 0},
        {"two codings", post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
         "400 Bad Request", "400 Bad Request", 0},
        {"no host and an unknown coding", "POST / HTTP/1.1\r\nTransfer-Encoding: x\r\n",
         "501 Not Implemented", "Unsupported transfer encoding", 0},
    };
    for (const Case& c : cases) {
        DYNAMIC_SECTION(c.name) {
            Echo echo;
            with_server({}, false, echo, [&](asio::io_context&, net::HttpServer& server) -> net::Task<> {
                const std::string answer = co_await raw_exchange(server, c.head + "\r\n");
                CHECK(answer.substr(0, answer.find("\r\n")) == "HTTP/1.1 " + c.status);
                CHECK(answer.substr(answer.find("\r\n\r\n") + 4) == c.body);
                CHECK(answer.find("\r\nConnection: close\r\n") != std::string::npos);
                CHECK(echo.requests == c.served);
            });
        }
    }
}

TEST_CASE("Bodies are taken in every way that HTTP sends them") {
    const std::string head = "POST /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\n";
    const std::string go_on = "HTTP/1.1 100 Continue\r\n\r\n";
    struct Case {
        const char* name;
        std::string sent;
        std::string begins;
        std::string body;
    };
    const Case cases[] = {
        {"chunked", head + "Transfer-Encoding: Chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n",
         "HTTP/1.1 200 OK\r\n", "abcde"},
        {"chunked with trailer", head + "Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nA: b\r\n\r\n",
         "HTTP/1.1 200 OK\r\n", "a"},
        {"expected", head + "Expect: 100-Continue\r\nContent-Length: 3\r\n\r\nabc", "HTTP/1.1 200 OK\r\n",
         "abc"},
        {"nothing to expect", head + "Expect: 100-continue\r\nContent-Length: 0\r\n\r\n",
         "HTTP/1.1 200 OK\r\n", ""},
        {"expected by an old client",
         "POST /echo HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\nabc", "HTTP/1.0 200 OK\r\n",
         "abc"},
    };
    for (const Case& c : cases) {
        DYNAMIC_SECTION(c.name) {
            Echo echo;
            with_server({}, false, echo, [&](asio::io_context&, net::HttpServer& server) -> net::Task<> {
                const std::string answer = co_await raw_exchange(server, c.sent);
                CHECK(answer.substr(0, c.begins.size()) == c.begins);
                CHECK(answer.substr(answer.find("\r\n\r\n") + 4) == "POST - " + c.body + " cn=");
            });
        }
    }
    // One that waits to be asked for its body is asked.
    Echo echo;
    net::ServerOptions options;
    options.body_timeout = 60ms;
    with_server(options, false, echo, [&](asio::io_context&, net::HttpServer& server) -> net::Task<> {
        const std::string sent = head + "Expect: 100-continue\r\nContent-Length: 3\r\n\r\n";
        const std::string answer = co_await raw_exchange(server, sent);
        CHECK(answer == go_on);
    });
}

TEST_CASE("A client that speaks plain HTTP to the TLS port is told so") {
    Echo echo;
    with_server({}, true, echo, [&](asio::io_context&, net::HttpServer& server) -> net::Task<> {
        const std::string answer = co_await raw_exchange(server, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        CHECK(answer.substr(0, answer.find('<')) ==
              "HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n");
        CHECK(server.counts().handshake_errors == 1);
    });
}

TEST_CASE("Clients that send nothing or half a head are dropped in time") {
    struct Case {
        const char* name;
        std::string sent;
    };
    const Case cases[] = {{"nothing", ""},
                          {"half a head", "GET / HT"},
                          {"half a body", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nx"}};
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
