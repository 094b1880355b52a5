// SPDX-License-Identifier: Apache-2.0
#include "net/tls/openssl.hpp"
#include "test/net/server_lab.hpp"

#include <cstdlib>
#include <future>
#include <thread>

#include <sys/socket.h>
#include <unistd.h>

using namespace std::chrono_literals;
using namespace test;

namespace {

// Remembers what it was asked, in order.
class Recorder final : public net::RequestHandler {
  public:
    net::Task<net::Response> respond(net::Request request) override {
        asked.push_back(request.target);
        co_return net::Response{};
    }
    std::vector<std::string> asked;
};

// A TLS client in its own thread: OpenSSL itself, since ours sends no KeyUpdate by its will.
void flood_key_updates(std::uint16_t port, std::promise<void>& shaken, std::future<void> go,
                       std::promise<void>& done) {
    const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
    const tcp::endpoint to{asio::ip::make_address("127.0.0.1"), port};
    if (::connect(socket, to.data(), static_cast<socklen_t>(to.size())) != 0) std::abort();
    const net::SslContextPtr context{SSL_CTX_new(TLS_client_method())};
    const net::SslPtr ssl{SSL_new(context.get())};
    SSL_set_fd(ssl.get(), socket);
    if (SSL_connect(ssl.get()) != 1) std::abort();
    shaken.set_value();
    go.wait();
    for (int i = 0; i < 500; ++i) {
        SSL_key_update(ssl.get(), SSL_KEY_UPDATE_NOT_REQUESTED);
        SSL_do_handshake(ssl.get());
    }
    const std::string request = "GET /flood HTTP/1.1\r\nHost: a\r\n\r\n";
    SSL_write(ssl.get(), request.data(), static_cast<int>(request.size()));
    done.set_value();
    char answer[1000];
    SSL_read(ssl.get(), answer, sizeof answer);
    ::close(socket);
}

}  // namespace

TEST_CASE("A flood of key updates does not keep the loop from others") {
    Recorder recorder;
    with_server({}, true, recorder, [&](asio::io_context&, net::HttpServer& server) -> net::Task<> {
        std::promise<void> shaken;
        std::promise<void> go;
        std::promise<void> done;
        auto is_shaken = shaken.get_future();
        auto is_done = done.get_future();
        std::thread flood{flood_key_updates, server.port(), std::ref(shaken), go.get_future(),
                          std::ref(done)};
        while (is_shaken.wait_for(0s) != std::future_status::ready)
            co_await net::sleep_until(net::Clock::now() + 1ms);
        const net::TlsClient caller = pki().client_tls();
        const tcp::endpoint to{asio::ip::make_address("127.0.0.1"), server.port()};
        auto client = co_await net::Connection::connect(to, &caller, "127.0.0.1", net::Clock::now() + 5s);
        REQUIRE(client.has_value());
        // The server does not run meanwhile: all of it is there before the other's request is.
        go.set_value();
        is_done.wait();
        auto sent = co_await client->write("GET /one HTTP/1.1\r\nHost: a\r\n\r\n", net::Clock::now() + 5s);
        CHECK(sent.has_value());
        while (recorder.asked.size() < 2) co_await net::sleep_until(net::Clock::now() + 1ms);
        CHECK(recorder.asked == std::vector<std::string>{"/one", "/flood"});
        flood.join();
    });
}
