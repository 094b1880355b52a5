// SPDX-License-Identifier: Apache-2.0
// Kubelets that keep a scrape waiting: at each stage the reason, the sentence and the hint are of that stage.
#include "scraper/scraper.hpp"
#include "test/net/silent_peer.hpp"
#include "test/scraper/fake_kubelet.hpp"

#include <catch2/catch.hpp>

using namespace std::chrono_literals;
using scraper::Reason;
using scraper::test::Cluster;
using scraper::test::FakeKubelet;
using scraper::test::page_text;

namespace {

// Half a page, and then nothing.
class StalledBody final : public net::BodySource {
  public:
    net::Task<net::Result<net::Piece>> next(std::string& out) override {
        if (given_) co_await net::sleep_until(net::Clock::now() + 1h);
        given_ = true;
        out += page_text(0).substr(0, page_text(0).size() / 2);
        co_return net::Piece::more;
    }

  private:
    bool given_ = false;
};

struct Expected {
    Reason reason;
    const char* says;
    const char* hint;
    bool timed_out = true;
};

// Long enough for what goes well before the silence, on a slow machine too.
scraper::ScraperOptions patient(const Cluster& cluster) {
    auto options = cluster.options();
    options.request_timeout = 2500ms;
    options.resolution = 4s;
    return options;
}

void check(Cluster& cluster, const Expected& expected) {
    REQUIRE(cluster.until([&] { return cluster.health("n1").has_value(); }));
    const scraper::NodeHealth health = *cluster.health("n1");
    CHECK(health.reason() == expected.reason);
    CHECK(health.timed_out() == expected.timed_out);
    CHECK_THAT(health.error(), Catch::Contains(expected.says));
    CHECK_THAT(std::string{health.hint()}, Catch::Contains(expected.hint));
    CHECK(cluster.scrapes(expected.reason) == 1);
}

}  // namespace

TEST_CASE("a name server that does not answer is told of as one") {
    test::NameServer names;
    Cluster cluster;
    names.serve(cluster.context);
    auto options = cluster.options();
    options.address.types = {"Hostname"};
    cluster.start(options);
    cluster.put_node("n1", 10250, {{"Hostname", "dead-n1"}});
    check(cluster,
          {Reason::resolve, ": the name dead-n1 could not be looked up in time", "name server", false});
}

TEST_CASE("one name that hangs delays no other node") {
    test::NameServer names;
    Cluster cluster;
    names.serve(cluster.context);
    FakeKubelet& kubelet = cluster.plain_kubelet();
    auto options = patient(cluster);
    options.completely_insecure = true;
    options.address.types = {"Hostname"};
    cluster.start(options);
    for (int i = 0; i < 10; ++i)
        cluster.put_node("n" + std::to_string(i), 10250, {{"Hostname", "dead-n" + std::to_string(i)}});
    cluster.put_node("well", kubelet.port(), {{"Hostname", "well"}});
    REQUIRE(cluster.until([&] { return cluster.scrapes(Reason::ok) == 1; }));
    CHECK(cluster.scrapes(Reason::resolve) == 0);
}

TEST_CASE("a connection that does not come is told of") {
    Cluster cluster;
    const test::FullPeer peer{cluster.context};
    cluster.start(cluster.options());
    cluster.put_node("n1", peer.port());
    check(cluster, {Reason::connect, ": no connection in time", "firewalls"});
}

TEST_CASE("a handshake that does not end is told of") {
    Cluster cluster;
    const test::SilentPeer peer{cluster.context};
    cluster.start(patient(cluster));
    cluster.put_node("n1", peer.port());
    check(cluster, {Reason::tls, ": TLS handshake not done in time", "MTU"});
}

TEST_CASE("an answer that does not come is told of") {
    Cluster cluster;
    FakeKubelet& kubelet = cluster.kubelet();
    kubelet.hangs = true;
    cluster.start(patient(cluster));
    cluster.put_node("n1", kubelet.port());
    check(cluster, {Reason::timeout, ": connected, but no answer in time", "--kubelet-request-timeout"});
}

TEST_CASE("a page that stops in the middle is told of") {
    Cluster cluster;
    FakeKubelet& kubelet = cluster.kubelet();
    kubelet.answer = [](int) {
        net::Response response = FakeKubelet::page("");
        response.source = std::make_unique<StalledBody>();
        return response;
    };
    cluster.start(patient(cluster));
    cluster.put_node("n1", kubelet.port());
    check(cluster, {Reason::timeout, ": the answer began, then the peer was silent for ", "MTU"});
}
