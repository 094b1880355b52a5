// SPDX-License-Identifier: Apache-2.0
// A reflector of a server that restarts, and of one behind TLS.
#include "test/kube/reflector_scene.hpp"
#include "test/net/own_port.hpp"
#include "test/net/tls/authority.hpp"

#include <optional>

#include <catch2/catch.hpp>

using namespace kube;
using namespace kube::test;
using namespace std::chrono_literals;

namespace {

net::Task<bool> use_up_twice(net::Executor executor, FakeApiServer& before,
                             std::optional<FakeApiServer>& after, std::deque<Answer> script,
                             Reflector& reflector) {
    net::TaskGroup reflecting{executor};
    net::TaskGroup serving{executor};
    const std::uint16_t port = before.port();
    reflecting.spawn(reflector.run());
    serving.spawn(before.run());
    bool exhausted = co_await before.exhausted();
    before.stop();
    co_await serving.wait();
    // Nobody listens: attempts fail meanwhile.
    while (reflector.last_error().empty()) co_await net::sleep_until(net::Clock::now() + 1ms);
    after.emplace(executor, std::move(script), port);
    serving.spawn(after->run());
    if (!co_await after->exhausted()) exhausted = false;
    reflecting.cancel();
    co_await reflecting.wait();
    after->stop();
    co_await serving.wait();
    co_return exhausted;
}

}  // namespace

TEST_CASE("A server that goes away and comes back is watched on") {
    boost::asio::io_context loop{1};
    const ::test::OwnPort port;
    FakeApiServer before{loop.get_executor(), {list_of("a", "900"), {{added("b", "901")}}}, port.number()};
    std::optional<FakeApiServer> after;
    Recorder recorder;
    const auto reflector = watch_pods(loop.get_executor(), before.config(), recorder, quick());
    const bool exhausted = ::test::run(
        loop, use_up_twice(loop.get_executor(), before, after, {{{added("c", "902")}}}, *reflector));
    CHECK(exhausted);
    CHECK(recorder.calls == Calls{"begin", "put a@900", "end", "put b@901", "put c@902"});
    CHECK(after->targets() == Calls{watch_from("901"), watch_from("902")});
    CHECK(reflector->last_error().empty());
    CHECK(reflector->synced());
}

TEST_CASE("Nodes are listed and watched by label selector over TLS with a token") {
    const net::KeyPair authority = net::make_authority("cluster");
    net::CertificateRequest request;
    request.common_name = "kube-apiserver";
    request.dns_names = {"kubernetes"};
    request.server = true;
    net::TlsServer::Options tls;
    tls.certificate = net::issue(authority, request);

    boost::asio::io_context loop{1};
    const std::string list = envelope("v1", "NodeList", list_meta("7", "") + bytes(2, node("n1", "5")));
    FakeApiServer api{loop.get_executor(),
                      {{{list}}, {{event("DELETED", envelope("v1", "Node", node("n1", "8")))}}},
                      0,
                      net::TlsServer::make(tls).value()};
    Config config = api.config();
    net::TlsClient::Options client;
    client.ca_pem = authority.certificate_pem;
    config.server.tls = net::TlsClient::make(client).value();
    config.server.server_name = "kubernetes";
    config.path_prefix = "/cluster-1";
    config.token = Token::fixed("secret");
    Recorder recorder;
    const auto reflector = watch_nodes(loop.get_executor(), config, "pool=a", recorder, quick());
    REQUIRE(::test::run(loop, use_up(loop.get_executor(), api, *reflector)));

    CHECK(recorder.calls == Calls{"begin", "put n1@5", "end", "removed n1"});
    CHECK(api.targets().front() ==
          "GET /cluster-1/api/v1/nodes?labelSelector=pool%3Da&limit=500&resourceVersion=0");
    CHECK(api.requests()[0].headers.find("Authorization") == "Bearer secret");
    CHECK(api.requests()[0].headers.find("User-Agent")->substr(0, 5) == "topd/");
}
