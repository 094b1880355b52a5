// SPDX-License-Identifier: Apache-2.0
// The scraper with --kubelet-summary, against kubelets that answer it well, badly and not at all.
#include "scraper/kubelet/failure.hpp"
#include "scraper/scraper.hpp"
#include "storage/snapshot/stats_sections.hpp"
#include "storage/stats/stats_history.hpp"
#include "test/scraper/fake_kubelet.hpp"

#include <algorithm>
#include <memory>
#include <vector>

#include <catch2/catch.hpp>

namespace scraper {
namespace {

using namespace std::chrono_literals;
using test::Cluster;
using test::FakeKubelet;

constexpr std::string_view kSummary = "/stats/summary";

std::string summary_text() {
    return R"({"node":{"fs":{"usedBytes":8192}},"pods":[
        {"podRef":{"name":"a","namespace":"default"},"network":{"rxBytes":5},"containers":[{"name":"c"}]},
        {"podRef":{"name":"stranger","namespace":"default"},"network":{"rxBytes":5}}]})";
}

net::Response json(std::string text) {
    net::Response response;
    response.headers.add("Content-Type", "application/json");
    response.body = std::move(text);
    return response;
}

// Says nothing for an hour.
class SilentBody final : public net::BodySource {
  public:
    net::Task<net::Result<net::Piece>> next(std::string&) override {
        co_await net::sleep_until(net::Clock::now() + 1h);
        co_return net::Piece::last;
    }
};

struct Scene {
    Scene() : kubelet{cluster.kubelet()} {
        kubelet.answer = [this](int) {
            if (kubelet.requests.back().target == kSummary) return summary();
            return FakeKubelet::page(test::page_text(pages++));
        };
    }

    void start() {
        ScraperOptions options = cluster.options();
        options.stats = &stats;
        options.stats_pace = 500ms;
        options.page_bytes = page_bytes;
        cluster.start(options);
        kube::Pod pod;
        pod.name_space = "default";
        pod.name = "a";
        cluster.scraper->pods().put(pod);
        cluster.put_node("n1", kubelet.port());
    }

    std::size_t asked(std::string_view path) const {
        return static_cast<std::size_t>(
            std::count_if(kubelet.requests.begin(), kubelet.requests.end(),
                          [&](const net::Request& request) { return request.target == path; }));
    }
    std::uint64_t results(Reason reason) const {
        return cluster.scraper->stats().stats->results[static_cast<std::size_t>(reason)];
    }

    Cluster cluster;
    storage::stats::StatsHistory stats{{}};
    FakeKubelet& kubelet;
    std::uint64_t page_bytes = ScraperOptions{}.page_bytes;
    int pages = 0;
    std::function<net::Response()> summary = [] { return json(summary_text()); };
};

}  // namespace

TEST_CASE("kubelets are asked for the summary on the connection of their pages, behind a page") {
    Scene scene;
    scene.start();
    REQUIRE(scene.cluster.until([&] { return scene.results(Reason::ok) == 3; }));
    CHECK(scene.kubelet.open_connections() == 1);
    const auto& requests = scene.kubelet.requests;
    std::size_t before = 0;
    for (std::size_t i = 0; i < requests.size(); ++i) {
        CHECK(requests[i].remote == requests[0].remote);
        CHECK(requests[i].headers.find("Authorization") == "Bearer secret-token");
        if (requests[i].target != kSummary) continue;
        CHECK(requests[i - 1].target == "/metrics/resource");
        CHECK(i > before + 1);
        before = i;
    }
    // Two pages were there first: a start is left alone.
    CHECK(requests[1].target == "/metrics/resource");
    storage::stats::KnownPod pod;
    REQUIRE(scene.stats.pod("default", "a", pod));
    CHECK(pod.node == "n1");
    CHECK(!scene.stats.pod("default", "stranger", pod));
    CHECK(scene.cluster.scraper->stats().stats->foreign == 3);
}

TEST_CASE("without the flag nobody is asked for a summary") {
    Scene scene;
    scene.cluster.start(scene.cluster.options());
    scene.cluster.put_node("n1", scene.kubelet.port());
    REQUIRE(scene.cluster.until([&] { return scene.kubelet.requests.size() >= 4; }));
    CHECK(scene.asked(kSummary) == 0);
    CHECK(!scene.cluster.scraper->stats().stats);
}

TEST_CASE("nobody is asked for a summary while those of an earlier process are taken in") {
    Scene scene;
    auto loader = std::make_unique<storage::snapshot::StatsLoader>(scene.stats);
    scene.start();
    REQUIRE(scene.cluster.until([&] { return scene.cluster.scrapes(Reason::ok) >= 4; }));
    CHECK(scene.asked(kSummary) == 0);
    loader.reset();
    REQUIRE(scene.cluster.until([&] { return scene.results(Reason::ok) >= 1; }));
}

TEST_CASE("a summary that is refused or rubbish costs no page") {
    struct Case {
        const char* name;
        std::function<net::Response()> answer;
        Reason reason;
        bool again;
    };
    const Case cases[] = {
        {"403", [] { return FakeKubelet::status(403, "Forbidden"); }, Reason::http_status, false},
        {"404", [] { return FakeKubelet::status(404, "404 page not found"); }, Reason::unsupported, false},
        {"500", [] { return FakeKubelet::status(500, "oops"); }, Reason::http_status, true},
        {"HTML", [] { return json("<html></html>"); }, Reason::malformed, true},
        {"an empty object", [] { return json("{}"); }, Reason::malformed, true},
        {"half of it", [] { return json(summary_text().substr(0, 200)); }, Reason::malformed, true},
    };
    for (const Case& each : cases) {
        DYNAMIC_SECTION(each.name) {
            Scene scene;
            scene.summary = each.answer;
            scene.start();
            REQUIRE(
                scene.cluster.until([&] { return scene.results(each.reason) >= (each.again ? 2U : 1U); }));
            const std::uint64_t good = scene.cluster.scrapes(Reason::ok);
            REQUIRE(scene.cluster.until([&] { return scene.cluster.scrapes(Reason::ok) >= good + 3; }));
            // Then it is left alone.
            CHECK(scene.results(each.reason) == (each.again ? 2 : 1));
            CHECK(scene.results(Reason::ok) == 0);
            for (std::size_t i = 0; i < kReasons; ++i)
                if (static_cast<Reason>(i) != Reason::ok)
                    CHECK(scene.cluster.scrapes(static_cast<Reason>(i)) == 0);
            CHECK(scene.cluster.scraper->stats().skipped == 0);
            CHECK(scene.stats.reach().things == 0);
        }
    }
}

TEST_CASE("a summary that never ends is given up") {
    Scene scene;
    scene.page_bytes = 256 * 1024;
    std::uint64_t taken = 0;
    scene.summary = [&] {
        net::Response response = json("");
        response.source = std::make_unique<test::EndlessBody>(std::string(1000, ' '), taken);
        return response;
    };
    scene.start();
    REQUIRE(scene.cluster.until(
        [&] { return scene.results(Reason::too_large) == 2 && scene.cluster.scrapes(Reason::ok) >= 6; }));
    CHECK(scene.cluster.scraper->stats().skipped == 0);
    CHECK(scene.cluster.usage("n1").has_value());
}

TEST_CASE("a kubelet that hangs over the summary loses no page") {
    Scene scene;
    scene.summary = [] {
        net::Response response = json("");
        response.source = std::make_unique<SilentBody>();
        return response;
    };
    scene.start();
    REQUIRE(scene.cluster.until(
        [&] { return scene.results(Reason::timeout) == 2 && scene.cluster.scrapes(Reason::ok) >= 6; }));
    CHECK(scene.cluster.scraper->stats().skipped == 0);
    CHECK(scene.cluster.scrapes(Reason::timeout) == 0);
}

TEST_CASE("a summary that comes again is taken again") {
    Scene scene;
    int asked = 0;
    scene.summary = [&] { return ++asked == 1 ? FakeKubelet::status(500, "") : json(summary_text()); };
    scene.start();
    REQUIRE(scene.cluster.until([&] { return scene.results(Reason::ok) == 2; }));
    CHECK(scene.results(Reason::http_status) == 1);
}

}  // namespace scraper
