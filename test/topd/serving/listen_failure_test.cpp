// SPDX-License-Identifier: Apache-2.0
#include "topd/serving/listen_failure.hpp"

#include "net/http/server.hpp"

#include <cerrno>

#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

using topd::listen_failure;

namespace {

struct Nobody final : net::RequestHandler {
    net::Task<net::Response> respond(net::Request) override { co_return net::Response{}; }
};

net::Error system_error(int value) {
    return {value, boost::system::system_category()};
}

}  // namespace

TEST_CASE("why a port cannot be listened on is said with the address, the port and the flag that helps") {
    struct Case {
        const char* address;
        std::uint16_t port;
        int error;
        std::string text;
    };
    const Case cases[] = {
        {"0.0.0.0", 10250, EADDRINUSE,
         "cannot listen on [::]:10250: Address already in use: another process has this port (with "
         "hostNetwork: true that is the node's kubelet); choose another by --secure-port"},
        {"127.0.0.1", 4443, EADDRINUSE,
         "cannot listen on 127.0.0.1:4443: Address already in use: another process has this port; choose "
         "another by --secure-port"},
        {"::1", 443, EACCES,
         "cannot listen on [::1]:443: Permission denied: ports below 1024 need the capability "
         "NET_BIND_SERVICE; choose a higher one by --secure-port"},
        {"192.0.2.1", 4443, EADDRNOTAVAIL,
         "cannot listen on 192.0.2.1:4443: Cannot assign requested address: this machine has no such address "
         "(a link-local one needs its interface: fe80::1%eth0); correct --bind-address, or leave it out for "
         "all addresses"},
        {"fd00::1", 4443, EAFNOSUPPORT,
         "cannot listen on [fd00::1]:4443: Address family not supported by protocol: this machine has no "
         "IPv6; correct --bind-address, or leave it out for all addresses"},
        {"10.0.0.1", 4443, EMFILE,
         "cannot listen on 10.0.0.1:4443: Too many open files: see --bind-address and --secure-port"},
    };
    for (const Case& c : cases) CHECK(listen_failure(c.address, c.port, system_error(c.error)) == c.text);
}

TEST_CASE("a real listener's failures are understood") {
    boost::asio::io_context loop{1};
    Nobody nobody;
    const auto failure = [&](const std::string& address, std::uint16_t port) {
        net::ServerOptions options;
        options.address = address;
        options.port = port;
        net::HttpServer server{loop.get_executor(), options, std::nullopt, nobody};
        const auto listening = server.listen();
        return listening ? "none" : listen_failure(address, port, listening.error());
    };
    net::ServerOptions options;
    options.address = "127.0.0.1";
    net::HttpServer first{loop.get_executor(), options, std::nullopt, nobody};
    REQUIRE(first.listen().has_value());
    CHECK_THAT(failure("127.0.0.1", first.port()),
               Catch::StartsWith("cannot listen on 127.0.0.1:" + std::to_string(first.port()) + ": ") &&
                   Catch::Contains("another process has this port"));
    CHECK_THAT(failure("192.0.2.1", 0), Catch::Contains("this machine has no such address"));
    CHECK_THAT(failure("no address", 0), Catch::Contains("--bind-address has to be an IP address"));
}
