// SPDX-License-Identifier: Apache-2.0
// Whom the scraper trusts. A kubelet whose certificate is not accepted never sees a request, and so no token.
#include "test/net/tls/authority.hpp"
#include "test/scraper/fake_kubelet.hpp"

#include <catch2/catch.hpp>

using namespace std::chrono_literals;
using scraper::CertificateNames;
using scraper::NodeState;
using scraper::Reason;
using scraper::test::Cluster;
using scraper::test::FakeKubelet;

namespace {

net::CertificateRequest serving(std::vector<std::string> addresses,
                                const std::string& common_name = "kubelet") {
    net::CertificateRequest request;
    request.common_name = common_name;
    request.organizations = {"system:nodes"};
    request.ip_addresses = std::move(addresses);
    request.server = true;
    return request;
}

net::CertificateRequest named(const std::string& dns_name) {
    net::CertificateRequest request = serving({});
    request.dns_names = {dns_name};
    return request;
}

const std::vector<kube::NodeAddress> kAddresses{
    {"InternalIP", "127.0.0.1"}, {"Hostname", "n1.example.org"}, {"ExternalIP", "fd00::1"}};

// The node "n1" behind that kubelet; only 127.0.0.1 is dialled.
void ask(Cluster& cluster, FakeKubelet& kubelet, CertificateNames names) {
    auto options = cluster.options();
    options.certificate_names = names;
    cluster.start(options);
    cluster.put_node("n1", kubelet.port(), kAddresses);
}

}  // namespace

TEST_CASE("a certificate that does not hold is refused before the token leaves and the failure says why") {
    Cluster cluster;
    const net::KeyPair stranger = net::make_authority("stranger");
    net::CertificateRequest expired = serving({"127.0.0.1"});
    expired.not_before_offset = -48h;
    expired.not_after_offset = -24h;
    net::CertificateRequest early = serving({"127.0.0.1"});
    early.not_before_offset = 24h;
    net::CertificateRequest client_only = serving({"127.0.0.1"});
    client_only.server = false;
    client_only.client = true;
    net::CertificateRequest no_usage = serving({"127.0.0.1"});
    no_usage.server = false;

    const auto node = CertificateNames::node;
    const auto address = CertificateNames::address;
    struct Case {
        const char* name;
        net::KeyPair pair;
        CertificateNames names;
        Reason reason;
        std::vector<std::string> says;
    };
    const Case cases[] = {
        {"an unknown authority",
         net::issue(stranger, serving({"127.0.0.1"})),
         node,
         Reason::certificate_authority,
         {"certificate not accepted: ",
          "it has subject CN=kubelet,O=system:nodes; issuer CN=stranger; valid"}},
        {"self-signed as kubelets do it",
         net::make_self_signed({"n1.example.org"}),
         node,
         Reason::certificate_authority,
         {"certificate not accepted: self",
          "names: DNS localhost, DNS n1.example.org, IP 127.0.0.1, IP ::1"}},
        {"another node's",
         net::issue(cluster.authority, serving({"127.0.0.1"}, "system:node:n2")),
         node,
         Reason::certificate_name,
         {"the kubelet's certificate is another node's: its subject names the node n2, expected n1; "
          "it has subject CN=system:node:n2,O=system:nodes",
          "names: IP 127.0.0.1"}},
        {"another address",
         net::issue(cluster.authority, serving({"127.0.0.2"})),
         node,
         Reason::certificate_name,
         {"the kubelet's certificate is not for this node: expected n1, 127.0.0.1, n1.example.org, fd00::1 "
          "or ",
          "names: IP 127.0.0.2"}},
        {"another name",
         net::issue(cluster.authority, named("n2.example.org")),
         node,
         Reason::certificate_name,
         {"names: DNS n2.example.org"}},
        {"strictly, the host name",
         net::issue(cluster.authority, named("n1.example.org")),
         address,
         Reason::certificate_name,
         {"does not have the address that is dialled: expected 127.0.0.1; it has",
          "names: DNS n1.example.org"}},
        {"strictly, the subject alone",
         net::issue(cluster.authority, serving({}, "system:node:n1")),
         address,
         Reason::certificate_name,
         {"names: no DNS or IP names"}},
        {"expired",
         net::issue(cluster.authority, expired),
         node,
         Reason::certificate_expired,
         {"has expired", " to 20"}},
        {"not yet valid",
         net::issue(cluster.authority, early),
         node,
         Reason::certificate_expired,
         {"not yet valid", "valid from 20"}},
        {"for clients only",
         net::issue(cluster.authority, client_only),
         node,
         Reason::certificate_usage,
         {"serverAuth", "extended key usages: clientAuth"}},
        {"for nothing in particular",
         net::issue(cluster.authority, no_usage),
         node,
         Reason::certificate_usage,
         {"serverAuth", "extended key usages: none"}},
        {"the same strictly",
         net::issue(cluster.authority, no_usage),
         address,
         Reason::certificate_usage,
         {"serverAuth"}},
    };
    for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
            FakeKubelet& kubelet = cluster.kubelet_showing(c.pair);
            ask(cluster, kubelet, c.names);
            // Twice: nor in the next round.
            REQUIRE(cluster.until([&] { return cluster.scrapes(c.reason) == 2; }));
            CHECK(kubelet.requests.empty());
            for (const std::string& words : c.says)
                CHECK_THAT(cluster.health("n1")->error(), Catch::Contains(words));
            CHECK_THAT(cluster.health("n1")->error(), Catch::StartsWith("GET https://127.0.0.1:"));
            CHECK(cluster.scraper->stats().failing == 1);
        }
}

TEST_CASE("a certificate of the authority's for any name of the node is accepted") {
    Cluster cluster;
    const net::KeyPair intermediate = net::issue_authority(cluster.authority, "intermediate");
    net::KeyPair chained = net::issue(intermediate, named("n1"));
    chained.certificate_pem += intermediate.certificate_pem;
    net::CertificateRequest for_anything = named("n1");
    for_anything.server = false;
    for_anything.client = false;
    for_anything.any = true;
    struct Case {
        const char* name;
        net::KeyPair pair;
        CertificateNames names;
    };
    const Case cases[] = {
        {"the host name and no address", net::issue(cluster.authority, named("n1.example.org")),
         CertificateNames::node},
        {"the node's name", net::issue(cluster.authority, named("n1")), CertificateNames::node},
        {"an IPv6 address", net::issue(cluster.authority, serving({"fd00::1"})), CertificateNames::node},
        {"the subject alone", net::issue(cluster.authority, serving({}, "system:node:n1")),
         CertificateNames::node},
        {"by an intermediate", chained, CertificateNames::node},
        {"extended key usage any alone", net::issue(cluster.authority, for_anything), CertificateNames::node},
        {"strictly, the address", net::issue(cluster.authority, serving({"127.0.0.1"})),
         CertificateNames::address},
    };
    for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
            FakeKubelet& kubelet = cluster.kubelet_showing(c.pair);
            ask(cluster, kubelet, c.names);
            REQUIRE(cluster.until([&] { return cluster.health("n1").has_value(); }));
            CHECK(cluster.health("n1")->error() == "");
            CHECK(kubelet.requests.at(0).headers.find("Authorization") == "Bearer secret-token");
        }
}

TEST_CASE("other authorities are for the next connections and end those of the old ones") {
    Cluster cluster;
    const net::KeyPair next = net::make_authority("next");
    FakeKubelet& kubelet = cluster.kubelet();
    ask(cluster, kubelet, CertificateNames::node);
    REQUIRE(cluster.until([&] { return cluster.scrapes(Reason::ok) == 1; }));
    auto tls = cluster.options().tls;
    tls.ca_pem = "half a fi";
    CHECK(!cluster.scraper->replace_tls(tls).has_value());
    REQUIRE(cluster.until([&] { return cluster.scrapes(Reason::ok) == 2; }));
    CHECK(kubelet.requests.at(1).remote == kubelet.requests.at(0).remote);

    tls.ca_pem = next.certificate_pem;
    CHECK(cluster.scraper->replace_tls(tls).has_value());
    REQUIRE(cluster.until([&] { return cluster.scrapes(Reason::certificate_authority) == 1; }));
    CHECK(kubelet.requests.size() == 2);
    tls.ca_pem = next.certificate_pem + cluster.authority.certificate_pem;
    CHECK(cluster.scraper->replace_tls(tls).has_value());
    REQUIRE(cluster.until([&] { return cluster.scrapes(Reason::ok) == 3; }));
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
