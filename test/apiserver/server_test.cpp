// SPDX-License-Identifier: Apache-2.0
// The API over TLS, as kube-apiserver's aggregator and a kubelet's probe reach it.
#include "apiserver/auth/delegated_authenticator.hpp"
#include "test/apiserver/fixture.hpp"
#include "test/apiserver/metrics_reader.hpp"
#include "test/net/server_lab.hpp"
#include "test/net/tls/shown_certificate.hpp"

#include <catch2/catch.hpp>

using namespace std::chrono_literals;
using test::kMetrics;

namespace {

constexpr int kPods = 5000;

// Serves the cluster, asks in order over one connection with that certificate, and stops.
std::vector<test::Answered> serve(test::Cluster& cluster, const net::KeyPair& authority,
                                  std::optional<net::KeyPair> certificate,
                                  const std::vector<net::Request>& requests) {
    apiserver::Trust by_flags;
    by_flags.front_proxy.emplace();
    by_flags.front_proxy->authorities = net::TrustPool::from_pem(authority.certificate_pem).value();
    apiserver::TrustSource trust{by_flags, apiserver::TrustSource::LookUp::none};
    apiserver::DelegatedAuthenticator authenticator{trust, nullptr, {}};
    test::FixedAuthorizer authorizer;
    apiserver::Api api{cluster.options, cluster.store, authenticator, authorizer};

    std::vector<test::Answered> answers;
    const auto play = [&](boost::asio::io_context& loop, net::HttpServer& server) -> net::Task<> {
        net::HttpClient client{loop.get_executor(), test::origin_showing(server, certificate)};
        for (const net::Request& request : requests)
            answers.push_back(co_await test::ask(client, request, 30s));
        client.disconnect();
    };
    test::with_server({}, true, api, play);
    return answers;
}

net::Request from_joe(const std::string& target, std::vector<test::Header> headers = {}) {
    headers.emplace_back("X-Remote-User", "joe");
    return test::request(target, std::move(headers));
}

}  // namespace

TEST_CASE("the aggregator gets long lists whole over one connection") {
    test::Cluster cluster;
    cluster.store.put_node("n", {});
    std::vector<test::PodUse> pods;
    for (int i = 0; i < kPods; ++i) {
        const std::string name = "pod-" + std::to_string(10'000 + i);
        cluster.store.put_pod("ns", name, {{"app", "web"}});
        pods.push_back({"ns", name, {{"main", static_cast<std::uint64_t>(i), 1024}}});
    }
    cluster.scrape("n", {"", 1, 1}, pods);
    const net::KeyPair authority = net::make_authority("front-proxy-ca");
    const std::vector<net::Request> requests{
        from_joe(kMetrics + "/pods"), from_joe(kMetrics + "/pods", {test::kProtobuf}),
        from_joe(kMetrics + "/pods?pretty=1"), from_joe(kMetrics + "/nodes")};
    const auto answers =
        serve(cluster, authority, test::client_certificate(authority, "front-proxy-client"), requests);
    REQUIRE(answers.size() == 4);
    for (const test::Answered& answer : answers) CHECK(answer.status == 200);
    const test::Document json = test::read_json(answers[0].body);
    CHECK(json.rows.size() == kPods);
    CHECK((json == test::read_protobuf(answers[1].body)));
    CHECK((json == test::read_json(answers[2].body)));
    CHECK(answers[0].headers.find("Transfer-Encoding") == "chunked");
    CHECK(answers[3].headers.find("Content-Length") == std::to_string(answers[3].body.size()));
}

TEST_CASE("a certificate of a stranger is refused everywhere") {
    test::Cluster cluster;
    const std::vector<net::Request> requests{test::request("/healthz"), from_joe(kMetrics),
                                             from_joe("/version")};
    const net::KeyPair stranger =
        test::client_certificate(net::make_authority("other"), "front-proxy-client");
    const auto answers = serve(cluster, net::make_authority("front-proxy-ca"), stranger, requests);
    REQUIRE(answers.size() == 3);
    for (const test::Answered& answer : answers) CHECK(answer.status == 401);
}
