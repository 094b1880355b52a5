// SPDX-License-Identifier: Apache-2.0
#include "test/net/server_lab.hpp"
#include "test/net/tls/authority.hpp"

using namespace std::chrono_literals;
using namespace test;

TEST_CASE("A client and a server exchange requests over TLS on one kept connection") {
    Echo echo;
    with_server({}, true, echo, [&](asio::io_context& loop, net::HttpServer& server) -> net::Task<> {
        net::HttpClient client{loop.get_executor(), origin_of(server, true, true)};
        for (int i = 0; i < 3; ++i) {
            net::Request request;
            request.method = "POST";
            request.target = "/echo";
            request.headers.add("X-Test", "yes");
            request.body = "body";
            const Answered answered = co_await ask(client, std::move(request));
            CHECK(answered.status == 200);
            CHECK(answered.body == "POST yes body cn=someone");
            CHECK(client.connected());
            CHECK(server.open_connections() == 1);
        }
        const Answered stream = co_await ask(client, "/stream");
        CHECK(stream.header("Transfer-Encoding") == "chunked");
        CHECK(stream.body == std::string(300'000, 'x'));
    });
}

TEST_CASE("A server whose certificate is not good gets no request") {
    struct Case {
        const char* name;
        bool other_authority;
        const char* server_name;
        int error;
    };
    // X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, _IP_ADDRESS_MISMATCH, _HOSTNAME_MISMATCH
    const Case cases[] = {{"unknown authority", true, "", 20},
                          {"another address", false, "127.0.0.2", 64},
                          {"another name", false, "node-1", 62}};
    for (const Case& c : cases) {
        DYNAMIC_SECTION(c.name) {
            Echo echo;
            with_server({}, true, echo, [&](asio::io_context& loop, net::HttpServer& server) -> net::Task<> {
                net::Origin origin = origin_of(server, true);
                origin.server_name = c.server_name;
                if (c.other_authority) {
                    net::TlsClient::Options options;
                    options.ca_pem = net::make_authority("other").certificate_pem;
                    origin.tls = net::TlsClient::make(options).value();
                }
                net::HttpClient client{loop.get_executor(), origin};
                const Answered answered = co_await ask(client, "/");
                CHECK(answered.error == net::Error(c.error, net::certificate_category()));
            });
            CHECK(echo.requests == 0);
        }
    }
}

TEST_CASE("A handler that throws costs that request") {
    Echo echo;
    with_server({}, false, echo, [&](asio::io_context& loop, net::HttpServer& server) -> net::Task<> {
        net::HttpClient client{loop.get_executor(), origin_of(server, false)};
        const Answered thrown = co_await ask(client, "/throw");
        CHECK(thrown.status == 500);
        const Answered next = co_await ask(client, "/echo");
        CHECK(next.status == 200);
    });
}

TEST_CASE("A stream that fails half-way is seen as incomplete") {
    Echo echo;
    with_server({}, true, echo, [&](asio::io_context& loop, net::HttpServer& server) -> net::Task<> {
        net::HttpClient client{loop.get_executor(), origin_of(server, true)};
        const Answered answered = co_await ask(client, "/broken");
        CHECK(answered.error == net::Errc::cut_short);
        CHECK(answered.body == "half");
    });
}

TEST_CASE("A client waits no longer than its deadline") {
    Echo echo;
    with_server({}, true, echo, [&](asio::io_context& loop, net::HttpServer& server) -> net::Task<> {
        net::HttpClient client{loop.get_executor(), origin_of(server, true)};
        const Answered answered = co_await ask(client, "/slow", 60ms);
        CHECK(answered.error == net::TimedOut::answer);
        CHECK(!client.connected());
    });
}

TEST_CASE("A connection that the server closed while idle is replaced silently") {
    Echo echo;
    net::ServerOptions options;
    options.idle_timeout = 1ms;
    with_server(options, true, echo, [&](asio::io_context& loop, net::HttpServer& server) -> net::Task<> {
        net::HttpClient client{loop.get_executor(), origin_of(server, true)};
        for (int i = 0; i < 2; ++i) {
            const Answered answered = co_await ask(client, "/echo");
            CHECK(answered.status == 200);
            while (server.open_connections() > 0) co_await net::sleep_until(net::Clock::now() + 5ms);
            CHECK(client.connected());
        }
    });
    CHECK(echo.requests == 2);
}

TEST_CASE("Stopping lets the answer in flight end and cuts it after the grace") {
    Echo echo;
    with_server({}, false, echo, [&](asio::io_context& loop, net::HttpServer& server) -> net::Task<> {
        net::HttpClient client{loop.get_executor(), origin_of(server, false)};
        net::TaskGroup group{loop.get_executor()};
        Answered answered;
        auto ask_slow = [&]() -> net::Task<> { answered = co_await ask(client, "/slow", 8s); };
        group.spawn(ask_slow());
        while (echo.requests == 0) co_await net::sleep_until(net::Clock::now() + 1ms);
        server.stop(50ms);
        co_await group.wait();
        CHECK(answered.error);
        CHECK_FALSE(net::is_timeout(answered.error));
    });
}

TEST_CASE("A server that is cancelled cuts its sessions and joins them") {
    Echo echo;
    asio::io_context loop{1};
    net::ServerOptions options;
    options.address = "127.0.0.1";
    net::HttpServer server{loop.get_executor(), options, std::nullopt, echo};
    REQUIRE(server.listen().has_value());
    auto ask_slow = [&]() -> net::Task<> {
        net::HttpClient client{loop.get_executor(), origin_of(server, false)};
        const Answered answered = co_await ask(client, "/slow", 8s);
        CHECK(answered.error);
        CHECK_FALSE(net::is_timeout(answered.error));
    };
    auto play = [&]() -> net::Task<> {
        net::TaskGroup serving{loop.get_executor()};
        net::TaskGroup asking{loop.get_executor()};
        serving.spawn(server.run());
        asking.spawn(ask_slow());
        while (echo.requests == 0) co_await net::sleep_until(net::Clock::now() + 1ms);
        serving.cancel();
        co_await serving.wait();
        CHECK(server.open_connections() == 0);
        co_await asking.wait();
    };
    test::run(loop, play());
}

TEST_CASE("Cipher suites go by their IANA names") {
    struct Case {
        const char* name;
        std::vector<std::string> suites;
        bool good;
    };
    const Case cases[] = {
        {"of Go", {"TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"}, true},
        {"ChaCha20", {"TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256"}, true},
        {"of OpenSSL", {"ECDHE-RSA-AES128-GCM-SHA256"}, false},
        {"unknown", {"TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "TLS_NONE"}, false},
    };
    for (const Case& c : cases) {
        DYNAMIC_SECTION(c.name) {
            net::TlsServer::Options options;
            options.certificate = pki().serving;
            options.cipher_suites = c.suites;
            const auto tls = net::TlsServer::make(options);
            CHECK(tls.has_value() == c.good);
            if (!tls) CHECK(tls.error() == net::Errc::unknown_suite);
        }
    }
}

TEST_CASE("Servers share a port where all of them allow it, and else the second is refused") {
    Echo echo;
    asio::io_context loop{1};
    for (const bool shared : {true, false}) {
        net::ServerOptions options;
        options.address = "127.0.0.1";
        options.share_port = shared;
        net::HttpServer first{loop.get_executor(), options, std::nullopt, echo};
        REQUIRE(first.listen().has_value());
        options.port = first.port();
        net::HttpServer second{loop.get_executor(), options, std::nullopt, echo};
        const net::Result<> listening = second.listen();
        CHECK(listening.has_value() == shared);
        if (!listening) CHECK(listening.error() == asio::error::address_in_use);
    }
}
