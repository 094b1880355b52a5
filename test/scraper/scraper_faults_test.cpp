// SPDX-License-Identifier: Apache-2.0
// The scraper against kubelets that are not well: a clear reason each, nothing of a bad answer in the store,
// and no other node the worse for it.
#include "scraper/scraper.hpp"
#include "test/net/own_port.hpp"
#include "test/net/tls/authority.hpp"
#include "test/scraper/fake_kubelet.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <catch2/catch.hpp>

using namespace std::chrono_literals;
using scraper::NodeState;
using scraper::Reason;
using scraper::test::Cluster;
using scraper::test::FakeKubelet;
using scraper::test::page_text;

namespace {

std::string error_of(const Cluster& cluster, const std::string& name) {
    const auto health = cluster.health(name);
    return health ? health->error() : "";
}

net::Response body_of(std::unique_ptr<net::BodySource> source) {
    net::Response response = FakeKubelet::page("");
    response.source = std::move(source);
    return response;
}

}  // namespace

TEST_CASE("each bad answer has its reason and commits nothing") {
    struct Case {
        const char* name;
        FakeKubelet::Answer answer;
        Reason reason;
        const char* says;
    };
    const std::string half = page_text(0).substr(0, page_text(0).size() / 2);
    const Case cases[] = {
        {"401", [](int) { return FakeKubelet::status(401, "Unauthorized"); }, Reason::http_status,
         "(status 401): Unauthorized"},
        {"403",
         [](int) { return FakeKubelet::status(403, "Forbidden (user=x, verb=get, resource=nodes)\n"); },
         Reason::http_status, "(status 403): Forbidden (user=x, verb=get, resource=nodes)"},
        {"500", [](int) { return FakeKubelet::status(500, "boom"); }, Reason::http_status,
         "(status 500): boom"},
        {"500 with a page in its body", [](int n) { return FakeKubelet::status(500, page_text(n)); },
         Reason::http_status, "(status 500)"},
        {"302", [](int) { return FakeKubelet::status(302, ""); }, Reason::http_status, "(status 302)"},
        {"404", [](int) { return FakeKubelet::status(404, "404 page not found\n"); }, Reason::unsupported,
         "(status 404): 404 page not found"},
        {"a page that is cut short",
         [half](int) { return body_of(std::make_unique<scraper::test::CutBody>(half)); }, Reason::malformed,
         "bytes of the page"},
    };
    for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
            Cluster cluster;
            FakeKubelet& kubelet = cluster.kubelet();
            kubelet.answer = c.answer;
            cluster.start(cluster.options());
            cluster.put_node("n1", kubelet.port());
            REQUIRE(cluster.until([&] { return cluster.health("n1").has_value(); }));
            CHECK(cluster.health("n1")->reason() == c.reason);
            CHECK_THAT(error_of(cluster, "n1"), Catch::Contains(c.says));
            CHECK_THAT(error_of(cluster, "n1"), Catch::StartsWith("GET https://127.0.0.1:"));
            CHECK(cluster.scrapes(c.reason) == 1);
            CHECK(cluster.store.container_count() == 0);
        }
}

TEST_CASE("a kubelet that hangs ends at its timeout and delays nobody") {
    Cluster cluster;
    FakeKubelet& sick = cluster.kubelet();
    FakeKubelet& well = cluster.kubelet();
    sick.hangs = true;
    auto options = cluster.options();
    options.request_timeout = 1200ms;
    cluster.start(options);
    cluster.put_node("sick", sick.port());
    cluster.put_node("well", well.port());
    // The well one has usage while the sick one's first scrape is still waiting.
    REQUIRE(cluster.until([&] { return cluster.usage("well").has_value(); }));
    CHECK(!cluster.health("sick").has_value());
    REQUIRE(cluster.until([&] { return cluster.health("sick").has_value(); }));
    CHECK(cluster.health("sick")->reason() == Reason::timeout);
    const auto took = cluster.health("sick")->ended() - cluster.health("sick")->started();
    CHECK(took >= 1200ms);
    CHECK(took < 3s);
    CHECK_THAT(cluster.scraper->summary(),
               Catch::StartsWith("1 of 2 nodes scraped; 1 x timeout (sick: GET "));
    // Once it takes part in the rounds it is due while it is asked, and not asked twice at a time.
    REQUIRE(cluster.until([&] { return cluster.scraper->stats().skipped >= 1; }));
    CHECK(cluster.scraper->stats().running <= 2);
}

TEST_CASE("a body without an end is cut off at the limit") {
    Cluster cluster;
    FakeKubelet& kubelet = cluster.kubelet();
    std::uint64_t taken = 0;
    const std::string line =
        "container_cpu_usage_seconds_total{container=\"c\",namespace=\"d\",pod=\"p\"} 1 1\n";
    std::string piece;
    while (piece.size() < 32 * 1024) piece += line;
    kubelet.answer = [&](int) { return body_of(std::make_unique<scraper::test::EndlessBody>(piece, taken)); };
    auto options = cluster.options();
    options.page_bytes = 1024 * 1024;
    options.request_timeout = 10s;
    cluster.start(options);
    cluster.put_node("n1", kubelet.port());
    REQUIRE(cluster.until([&] { return cluster.health("n1").has_value(); }));
    CHECK(cluster.health("n1")->reason() == Reason::too_large);
    CHECK(taken >= 1024 * 1024);
    // What was on its way is some socket buffers, not 100 MB.
    CHECK(taken < 16 * 1024 * 1024);
    CHECK(cluster.store.container_count() == 0);
}

TEST_CASE("a Content-Length over the limit is refused unread") {
    Cluster cluster;
    FakeKubelet& kubelet = cluster.kubelet();
    kubelet.answer = [](int) { return FakeKubelet::page(std::string(2 * 1024 * 1024, '#')); };
    auto options = cluster.options();
    options.page_bytes = 1024 * 1024;
    cluster.start(options);
    cluster.put_node("n1", kubelet.port());
    REQUIRE(cluster.until([&] { return cluster.health("n1").has_value(); }));
    CHECK(cluster.health("n1")->reason() == Reason::too_large);
}

TEST_CASE("an error's endless body is not read to its end") {
    Cluster cluster;
    FakeKubelet& kubelet = cluster.kubelet();
    std::uint64_t taken = 0;
    kubelet.answer = [&](int) {
        net::Response response = FakeKubelet::status(503, "");
        response.source = std::make_unique<scraper::test::EndlessBody>(std::string(16 * 1024, 'x'), taken);
        return response;
    };
    auto options = cluster.options();
    options.request_timeout = 10s;
    cluster.start(options);
    cluster.put_node("n1", kubelet.port());
    REQUIRE(cluster.until([&] { return cluster.health("n1").has_value(); }));
    CHECK(cluster.health("n1")->reason() == Reason::http_status);
    CHECK(taken < 16 * 1024 * 1024);
}

TEST_CASE("a node without the page is left alone and is no failure") {
    Cluster cluster;
    FakeKubelet& old = cluster.kubelet();
    FakeKubelet& well = cluster.kubelet();
    old.answer = [](int) { return FakeKubelet::status(404, "404 page not found\n"); };
    cluster.start(cluster.options());
    cluster.put_node("old", old.port());
    cluster.put_node("well", well.port());
    REQUIRE(cluster.until([&] { return well.requests.size() == 5; }));
    CHECK(old.requests.size() == 1);
    const auto stats = cluster.scraper->stats();
    CHECK(stats.unsupported == 1);
    CHECK(stats.failing == 0);
    CHECK(stats.ok == 1);
}

TEST_CASE("the last points survive failed scrapes") {
    Cluster cluster;
    FakeKubelet& kubelet = cluster.kubelet();
    kubelet.answer = [](int n) {
        if (n >= 2 && n < 4) return FakeKubelet::status(500, "");
        return FakeKubelet::page(page_text(n));
    };
    cluster.start(cluster.options());
    cluster.put_node("n1", kubelet.port());
    REQUIRE(cluster.until([&] { return cluster.scrapes(Reason::http_status) == 2; }));
    REQUIRE(cluster.usage("n1").has_value());
    CHECK(cluster.usage("n1")->window == 10s);
    // And the next page gives the rate over the true window.
    REQUIRE(cluster.until([&] { return cluster.scrapes(Reason::ok) == 3; }));
    CHECK(cluster.usage("n1")->window == 30s);
    CHECK(cluster.usage("n1")->cpu == 100'000'000);
}

TEST_CASE("without bridging a failed scrape leaves nothing behind") {
    storage::StoreOptions store_options;
    store_options.bridge = false;
    Cluster cluster{store_options};
    FakeKubelet& kubelet = cluster.kubelet();
    kubelet.answer = [](int n) {
        if (n == 2) return FakeKubelet::status(500, "");
        return FakeKubelet::page(page_text(n));
    };
    auto options = cluster.options();
    options.bridge = false;
    cluster.start(options);
    cluster.put_node("n1", kubelet.port());
    REQUIRE(cluster.until([&] { return cluster.usage("n1").has_value(); }));
    REQUIRE(cluster.until([&] { return cluster.scrapes(Reason::http_status) == 1; }));
    CHECK(!cluster.usage("n1").has_value());
    // It takes two pages to come back.
    REQUIRE(cluster.until([&] { return cluster.scrapes(Reason::ok) == 3; }));
    CHECK(!cluster.usage("n1").has_value());
    REQUIRE(cluster.until([&] { return cluster.scrapes(Reason::ok) == 4; }));
    CHECK(cluster.usage("n1").has_value());
}

TEST_CASE("a restarted kubelet costs no scrape") {
    const ::test::OwnPort own;
    const std::uint16_t port = own.number();
    Cluster cluster;
    net::CertificateRequest request;
    request.common_name = "kubelet";
    request.ip_addresses = {"127.0.0.1"};
    request.server = true;
    FakeKubelet& before = cluster.kubelet_with(cluster.authority, request, port);
    cluster.start(cluster.options());
    cluster.put_node("n1", port);
    REQUIRE(cluster.until([&] { return cluster.scrapes(Reason::ok) == 1; }));
    cluster.stop(before);
    FakeKubelet& after = cluster.kubelet_with(cluster.authority, request, port);
    REQUIRE(cluster.until([&] { return after.requests.size() == 2; }));
    CHECK(cluster.scraper->stats().failing == 0);
    CHECK(cluster.scrapes(Reason::connect) == 0);
}

TEST_CASE("a kubelet that is away fails and recovers") {
    const ::test::OwnPort own;
    const std::uint16_t port = own.number();
    Cluster cluster;
    FakeKubelet& before = cluster.plain_kubelet(port);
    auto options = cluster.options();
    options.completely_insecure = true;
    cluster.start(options);
    cluster.put_node("n1", port);
    REQUIRE(cluster.until([&] { return cluster.scrapes(Reason::ok) == 1; }));
    cluster.stop(before);
    REQUIRE(cluster.until([&] { return cluster.scraper->stats().failing == 1; }));
    CHECK(cluster.health("n1")->reason() == Reason::connect);
    cluster.plain_kubelet(port);
    REQUIRE(cluster.until([&] { return cluster.scraper->stats().ok == 1; }));
    CHECK(cluster.health("n1")->failures() == 0);
}

TEST_CASE("a connection that is reset is a failed connection") {
    Cluster cluster;
    boost::asio::ip::tcp::acceptor listener{cluster.context, {boost::asio::ip::make_address("127.0.0.1"), 0}};
    boost::asio::ip::tcp::socket peer{cluster.context};
    bool accepted = false;
    listener.async_accept(peer, [&](boost::system::error_code) {
        accepted = true;
        peer.set_option(boost::asio::socket_base::linger{true, 0});
        peer.close();
    });
    cluster.start(cluster.options());
    cluster.put_node("n1", listener.local_endpoint().port());
    REQUIRE(cluster.until([&] { return cluster.health("n1").has_value(); }));
    CHECK(accepted);
    CHECK(cluster.health("n1")->reason() == Reason::connect);
}

TEST_CASE("a node without an address fails with what to set") {
    Cluster cluster;
    cluster.start(cluster.options());
    kube::Node node;
    node.name = "n1";
    cluster.scraper->nodes().put(node);
    REQUIRE(cluster.until([&] { return cluster.health("n1").has_value(); }));
    CHECK(cluster.health("n1")->reason() == Reason::target);
    CHECK(cluster.scraper->summary() ==
          "0 of 1 nodes scraped; 1 x no usable address (n1: the node has no address of the preferred types: "
          "preferred are InternalIP; it has none)");
}
