// SPDX-License-Identifier: Apache-2.0
// Whom the scraper trusts. A kubelet whose certificate is not accepted never sees a request, and so no token.
#include "test/scraper/fake_kubelet.hpp"

#include <catch2/catch.hpp>

using namespace std::chrono_literals;
using scraper::NodeState;
using scraper::Reason;
using scraper::test::Cluster;
using scraper::test::FakeKubelet;

namespace {

net::CertificateRequest serving(std::vector<std::string> addresses) {
    net::CertificateRequest request;
    request.common_name = "system:node:n";
    request.ip_addresses = std::move(addresses);
    request.server = true;
    return request;
}

}  // namespace

TEST_CASE("a certificate that does not hold is refused before the token leaves") {
    Cluster cluster;
    const net::KeyPair stranger = net::make_authority("stranger");
    net::CertificateRequest expired = serving({"127.0.0.1"});
    expired.not_before_offset = -48h;
    expired.not_after_offset = -24h;
    net::CertificateRequest named = serving({});
    named.dns_names = {"kubelet.example.org"};

    struct Case {
        const char* name;
        const net::KeyPair& authority;
        net::CertificateRequest request;
        const char* says;
    };
    const Case cases[] = {
        {"an unknown authority", stranger, serving({"127.0.0.1"}), "certificate not accepted"},
        {"another address", cluster.authority, serving({"127.0.0.2"}), "certificate not accepted"},
        {"a name and no address", cluster.authority, named, "certificate not accepted"},
        {"expired", cluster.authority, expired, "expired"},
    };
    for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
            FakeKubelet& kubelet = cluster.kubelet_with(c.authority, c.request);
            cluster.start(cluster.options());
            cluster.put_node("n1", kubelet.port());
            // Twice: nor in the next round.
            REQUIRE(cluster.until([&] { return cluster.scrapes(Reason::tls) == 2; }));
            CHECK(kubelet.requests.empty());
            CHECK_THAT(cluster.health("n1")->error(), Catch::Contains(c.says));
            CHECK(cluster.scraper->stats().failing == 1);
        }
}

TEST_CASE("with insecure TLS any certificate does") {
    Cluster cluster;
    FakeKubelet& kubelet = cluster.kubelet_with(net::make_authority("stranger"), serving({"127.0.0.2"}));
    auto options = cluster.options();
    options.tls = {};
    options.tls.insecure = true;
    cluster.start(options);
    cluster.put_node("n1", kubelet.port());
    REQUIRE(cluster.until([&] { return cluster.health("n1").has_value(); }));
    CHECK(cluster.health("n1")->state() == NodeState::ok);
    CHECK(kubelet.requests.at(0).headers.find("Authorization") == "Bearer secret-token");
}

TEST_CASE("the client certificate is shown to the kubelet") {
    Cluster cluster;
    FakeKubelet& kubelet = cluster.kubelet();
    net::CertificateRequest request;
    request.common_name = "system:topd";
    request.client = true;
    auto options = cluster.options();
    options.token = {};
    options.tls.certificate = net::issue(cluster.authority, request);
    cluster.start(options);
    cluster.put_node("n1", kubelet.port());
    REQUIRE(cluster.until([&] { return !kubelet.requests.empty(); }));
    CHECK(kubelet.requests[0].certificate.common_name() == "system:topd");
    CHECK(!kubelet.requests[0].headers.contains("Authorization"));
}

TEST_CASE("a port that speaks plain HTTP is no kubelet") {
    Cluster cluster;
    FakeKubelet& kubelet = cluster.plain_kubelet();
    cluster.start(cluster.options());
    cluster.put_node("n1", kubelet.port());
    REQUIRE(cluster.until([&] { return cluster.health("n1").has_value(); }));
    CHECK(cluster.health("n1")->reason() == Reason::tls);
    CHECK(kubelet.requests.empty());
}

TEST_CASE("plain HTTP to a kubelet that serves HTTPS fails with its answer") {
    Cluster cluster;
    FakeKubelet& kubelet = cluster.kubelet();
    auto options = cluster.options();
    options.completely_insecure = true;
    cluster.start(options);
    cluster.put_node("n1", kubelet.port());
    REQUIRE(cluster.until([&] { return cluster.health("n1").has_value(); }));
    CHECK(cluster.health("n1")->reason() == Reason::http_status);
    CHECK_THAT(cluster.health("n1")->error(), Catch::Contains("(status 400)"));
}
