// SPDX-License-Identifier: Apache-2.0
// The scraper against kubelets that are well.
#include "scraper/scraper.hpp"

#include "test/net/tls/authority.hpp"
#include "test/scraper/fake_kubelet.hpp"
#include "version/version.hpp"

#include <catch2/catch.hpp>

using namespace std::chrono_literals;
using scraper::NodeState;
using scraper::Reason;
using scraper::test::Cluster;
using scraper::test::FakeKubelet;
using scraper::test::page_text;

namespace {

void put_pod(Cluster& cluster, const std::string& name) {
    kube::Pod pod;
    pod.name_space = "default";
    pod.name = name;
    cluster.scraper->pods().put(pod);
}

}  // namespace

TEST_CASE("two pages give the usage of the node and of its pods") {
    Cluster cluster;
    FakeKubelet& kubelet = cluster.kubelet();
    cluster.start(cluster.options());
    put_pod(cluster, "a");
    cluster.put_node("n1", kubelet.port());
    REQUIRE(cluster.until([&] { return cluster.usage("n1").has_value(); }));

    const auto usage = cluster.usage("n1");
    CHECK(usage->cpu == 100'000'000);
    CHECK(usage->memory == 1'000'000'000);
    CHECK(usage->window == 10s);
    storage::PodView pod;
    REQUIRE(cluster.store.pod("default", "a", net::Clock::now(), pod));
    REQUIRE(pod.containers.size() == 1);
    CHECK(pod.containers[0].usage.cpu == 100'000'000);
    CHECK(pod.containers[0].usage.memory == 25'000'000);
    CHECK(cluster.scrapes(Reason::ok) == 2);
    CHECK(cluster.scraper->summary() == "1 of 1 nodes scraped");
}

TEST_CASE("a kubelet is asked with the token and for text that is not compressed") {
    Cluster cluster;
    FakeKubelet& kubelet = cluster.kubelet();
    cluster.start(cluster.options());
    cluster.put_node("n1", kubelet.port());
    REQUIRE(cluster.until([&] { return cluster.health("n1").has_value(); }));
    const net::Request& request = kubelet.requests.at(0);
    CHECK(request.method == "GET");
    CHECK(request.target == "/metrics/resource");
    CHECK(request.headers.find("Authorization") == "Bearer secret-token");
    CHECK(request.headers.find("User-Agent") == version::product());
    CHECK(request.headers.find("Host") == "127.0.0.1:" + std::to_string(kubelet.port()));
    CHECK(!request.headers.contains("Accept"));
    CHECK(!request.headers.contains("Accept-Encoding"));
}

TEST_CASE("a node that comes while nothing is due is scraped in the next slot") {
    Cluster cluster;
    FakeKubelet& kubelet = cluster.kubelet();
    auto options = cluster.options();
    options.resolution = 60s;
    cluster.start(options);
    REQUIRE(cluster.until([&] { return cluster.scraper->stats().last_tick != net::Clock::time_point{}; }));
    cluster.put_node("n1", kubelet.port());
    REQUIRE(cluster.until([&] { return cluster.health("n1").has_value(); }));
    CHECK(cluster.scraper->stats().worst_delay < 2s);
}

TEST_CASE("one connection is kept for all scrapes of a node") {
    Cluster cluster;
    FakeKubelet& kubelet = cluster.kubelet();
    cluster.start(cluster.options());
    cluster.put_node("n1", kubelet.port());
    REQUIRE(cluster.until([&] { return kubelet.requests.size() == 4; }));
    CHECK(kubelet.open_connections() == 1);
    CHECK(kubelet.requests[3].remote == kubelet.requests[0].remote);
}

TEST_CASE("a node is scraped although it is not Ready") {
    Cluster cluster;
    FakeKubelet& kubelet = cluster.kubelet();
    cluster.start(cluster.options());
    cluster.put_node("n1", kubelet.port(), false);
    REQUIRE(cluster.until([&] { return cluster.health("n1").has_value(); }));
    CHECK(cluster.health("n1")->state() == NodeState::ok);
}

TEST_CASE("plain HTTP shows no credentials") {
    Cluster cluster;
    FakeKubelet& kubelet = cluster.plain_kubelet();
    auto options = cluster.options();
    options.completely_insecure = true;
    cluster.start(options);
    cluster.put_node("n1", kubelet.port());
    REQUIRE(cluster.until([&] { return cluster.health("n1").has_value(); }));
    CHECK(cluster.health("n1")->state() == NodeState::ok);
    CHECK(!kubelet.requests.at(0).headers.contains("Authorization"));
}

TEST_CASE("the path of the node's annotation is asked for") {
    Cluster cluster;
    FakeKubelet& kubelet = cluster.kubelet();
    cluster.start(cluster.options());
    kube::Node node;
    node.name = "n1";
    node.addresses = {{"InternalIP", "127.0.0.1"}};
    node.kubelet_port = kubelet.port();
    node.metrics_path = "/custom";
    cluster.scraper->nodes().put(node);
    REQUIRE(cluster.until([&] { return !kubelet.requests.empty(); }));
    CHECK(kubelet.requests[0].target == "/custom");
}

TEST_CASE("a removed node is not scraped any more and its page in flight is dropped") {
    Cluster cluster;
    FakeKubelet& gone = cluster.kubelet();
    FakeKubelet& stays = cluster.kubelet();
    cluster.start(cluster.options());
    cluster.put_node("gone", gone.port());
    cluster.put_node("stays", stays.port());
    // The node goes while its kubelet is working on the answer.
    gone.answer = [&](int n) {
        cluster.remove_node("gone");
        return FakeKubelet::page(page_text(n));
    };
    REQUIRE(cluster.until([&] { return gone.requests.size() == 1; }));
    const std::size_t seen = stays.requests.size();
    REQUIRE(cluster.until([&] { return stays.requests.size() == seen + 3; }));
    CHECK(gone.requests.size() == 1);
    CHECK(gone.open_connections() == 0);
    CHECK(!cluster.store.node("gone", net::Clock::now()).has_value());
    CHECK(cluster.scraper->stats().nodes == 1);
    CHECK(cluster.scraper->stats().failing == 0);
}

TEST_CASE("another address is taken at once and what the old one says is dropped") {
    Cluster cluster;
    FakeKubelet& before = cluster.kubelet();
    FakeKubelet& after = cluster.kubelet();
    cluster.start(cluster.options());
    cluster.put_node("n1", before.port());
    before.answer = [&](int) {
        cluster.put_node("n1", after.port());
        return FakeKubelet::status(500, "old");
    };
    REQUIRE(cluster.until([&] { return cluster.usage("n1").has_value(); }));
    CHECK(before.requests.size() == 1);
    CHECK(after.requests.size() >= 2);
    CHECK(cluster.scrapes(Reason::http_status) == 0);
    CHECK(cluster.scraper->stats().nodes == 1);
}

TEST_CASE("a change of labels keeps the connection") {
    Cluster cluster;
    FakeKubelet& kubelet = cluster.kubelet();
    cluster.start(cluster.options());
    cluster.put_node("n1", kubelet.port());
    REQUIRE(cluster.until([&] { return kubelet.requests.size() == 1; }));
    cluster.put_node("n1", kubelet.port(), false);
    REQUIRE(cluster.until([&] { return kubelet.requests.size() == 3; }));
    CHECK(kubelet.requests[2].remote == kubelet.requests[0].remote);
}

TEST_CASE("a list that lacks a node ends it") {
    Cluster cluster;
    FakeKubelet& kubelet = cluster.kubelet();
    cluster.start(cluster.options());
    cluster.put_node("n1", kubelet.port());
    cluster.put_node("n2", kubelet.port());
    REQUIRE(cluster.until([&] { return cluster.scraper->stats().ok == 2; }));
    cluster.scraper->nodes().begin_list();
    cluster.put_node("n2", kubelet.port());
    cluster.scraper->nodes().end_list();
    CHECK(cluster.scraper->stats().nodes == 1);
    CHECK(!cluster.store.node("n1", net::Clock::now()).has_value());
}

TEST_CASE("cancelling ends the scrapes in flight and then run") {
    Cluster cluster;
    FakeKubelet& kubelet = cluster.kubelet();
    kubelet.hangs = true;
    auto options = cluster.options();
    options.request_timeout = 1h;
    cluster.start(options);
    cluster.put_node("n1", kubelet.port());
    REQUIRE(cluster.until([&] { return kubelet.requests.size() == 1; }));
    REQUIRE(cluster.scraper->stats().running == 1);
    CHECK(cluster.stop_scraper());
    CHECK(cluster.scraper->stats().running == 0);
}

TEST_CASE("cancelling a scraper without nodes ends it") {
    Cluster cluster;
    cluster.start(cluster.options());
    REQUIRE(cluster.until([&] { return cluster.scraper->stats().last_tick != net::Clock::time_point{}; }));
    CHECK(cluster.stop_scraper());
}

TEST_CASE("TLS material that is not usable is refused at the start") {
    Cluster cluster;
    const net::KeyPair other = net::make_authority("other");
    struct Case {
        const char* name;
        net::TlsClient::Options tls;
    };
    net::TlsClient::Options no_pem;
    no_pem.ca_pem = "this is no PEM";
    net::TlsClient::Options mismatch;
    mismatch.ca_pem = cluster.authority.certificate_pem;
    mismatch.certificate = net::KeyPair{cluster.authority.certificate_pem, other.key_pem};
    for (const Case& c : {Case{"no PEM", no_pem}, Case{"a key of another certificate", mismatch}})
        DYNAMIC_SECTION(c.name) {
            auto options = cluster.options();
            options.tls = c.tls;
            CHECK_THROWS_AS(scraper::Scraper(cluster.context.get_executor(), options, cluster.store),
                            kube::ConfigError);
        }
}
