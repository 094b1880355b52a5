// SPDX-License-Identifier: Apache-2.0
// Nodes of every kind: two pages, 15 s apart, of each in test/fixtures/synthetic (its README says where their
// form comes from), through parser, store and API. What a client is to get was worked out apart from this
// code.
#include "scraper/page/page_parser.hpp"
#include "test/apiserver/fixture.hpp"
#include "test/checkout.hpp"
#include "test/scraper/page_text.hpp"

#include <filesystem>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

namespace {

using nlohmann::json;

struct Kind {
    const char* folder;
    std::vector<std::pair<std::string, std::string>> pods;
    const char* expected;
};

// Of the first page; lines without a time get it.
constexpr storage::Nanos kFirstAsked = 1'795'500'002'000'000'000;
constexpr storage::Nanos kApart = 15'000'000'000;

std::string usage_text(const json& usage) {
    std::string text =
        " cpu=" + usage.at("cpu").get<std::string>() + " memory=" + usage.at("memory").get<std::string>();
    if (usage.contains("swap")) text += " swap=" + usage.at("swap").get<std::string>();
    return text + "\n";
}

std::string time_text(const json& item) {
    return item.at("timestamp").get<std::string>() + " " + item.at("window").get<std::string>();
}

class Cluster {
  public:
    explicit Cluster(const Kind& kind) {
        cluster_.options.debug.wall_clock = cluster_.options.metrics.wall_clock;
        cluster_.options.debug.monotonic_clock = cluster_.options.metrics.monotonic_clock;
        cluster_.options.debug.reports.node = [](std::string_view, apiserver::NodeScrape&) { return true; };
        cluster_.store.put_node("node", {});
        for (const auto& [name_space, name] : kind.pods) cluster_.store.put_pod(name_space, name, {});
    }

    storage::NodePage scrape(const std::string& file, int turn) {
        const auto text = scraper::read_file(checkout::fixtures() / "synthetic" / file);
        storage::NodePage page;
        scraper::PageParser parser{page, kFirstAsked + turn * kApart};
        parser.feed(text);
        parser.finish();
        cluster_.now = storage::Monotonic{std::chrono::seconds{1000 + 15 * turn}};
        cluster_.store.commit("node", page, cluster_.now);
        return page;
    }

    std::string served() {
        std::string text;
        const json nodes = get("/nodes");
        const json pods = get("/pods");
        for (const json& node : nodes.at("items"))
            text += "node " + time_text(node) + usage_text(node.at("usage"));
        for (const json& pod : pods.at("items")) {
            const json& metadata = pod.at("metadata");
            text += metadata.at("namespace").get<std::string>() + "/" +
                    metadata.at("name").get<std::string>() + " " + time_text(pod) + "\n";
            for (const json& container : pod.at("containers"))
                text += "  " + container.at("name").get<std::string>() + usage_text(container.at("usage"));
        }
        return text;
    }

    json explained(const std::string& name_space, const std::string& pod) {
        return get("/namespaces/" + name_space + "/pods/" + pod + "/debug");
    }

  private:
    json get(const std::string& path) {
        apiserver::Api api{cluster_.options, cluster_.store, cluster_.authenticator, cluster_.authorizer};
        boost::asio::io_context loop{1};
        net::Response response = test::run(loop, api.respond(test::request(test::kMetrics + path)));
        REQUIRE(response.status == 200);
        return json::parse(test::whole_body(response));
    }

    test::Cluster cluster_;
};

const Kind kKinds[] = {
    {"windows",
     {{"monitoring", "agent-win-x7k2p"}, {"web", "iis-0"}},
     "node 2026-11-24T06:00:15Z 15s cpu=500m memory=414Mi\n"
     "monitoring/agent-win-x7k2p 2026-11-24T06:00:15Z 15.001s\n"
     "  agent cpu=2083194n memory=18560Ki\n"
     "web/iis-0 2026-11-24T06:00:15Z 15s\n"
     "  iis cpu=312500u memory=333128Ki\n"
     "  log cpu=0 memory=8000Ki\n"},
    {"virtual-kubelet",
     {{"default", "burst-0"}},
     "node 2026-11-24T06:00:17Z 15s cpu=1200m memory=2Gi\n"
     "default/burst-0 2026-11-24T06:00:17Z 15s\n"
     "  batch cpu=500m memory=2Mi\n"
     "  sidecar cpu=0 memory=512Ki\n"},
    {"kwok",
     {{"default", "fake-0"}},
     "node 2026-11-24T06:00:17Z 15s cpu=1500m memory=15Mi\n"
     "default/fake-0 2026-11-24T06:00:17Z 15s\n"
     "  web cpu=1 memory=10Mi\n"},
    {"sandboxed",
     {{"web", "gvisor-0"}, {"web", "kata-0"}, {"web", "plain-0"}},
     "node 2026-11-24T06:00:16Z 15s cpu=500m memory=1Gi\n"
     "web/plain-0 2026-11-24T06:00:16Z 15s\n"
     "  app cpu=200m memory=16Mi\n"},
    // dev-0 has a container that is alive and not measured, done-0 one that ended.
    {"cri-o",
     {{"tools", "dev-0"}, {"tools", "done-0"}, {"web", "shop-0"}},
     "node 2026-11-24T06:00:16Z 15s cpu=300m memory=1417804Ki\n"
     "web/shop-0 2026-11-24T06:00:16Z 15s\n"
     "  frontend cpu=100m memory=48Mi swap=0\n"},
    {"swap",
     {{"default", "oom-test"}, {"kube-system", "event-exporter-cmdd4"}},
     "node 2026-11-24T06:00:16Z 15s cpu=800m memory=1Gi swap=34536Ki\n"
     "default/oom-test 2026-11-24T06:00:15Z 14s\n"
     "  memory-eater cpu=500m memory=128Mi swap=33Mi\n"
     "kube-system/event-exporter-cmdd4 2026-11-24T06:00:18Z 15s\n"
     "  event-exporter cpu=0 memory=24Mi swap=1000Ki\n"},
    // nginx-proxy started between the pages: its rate is since its start.
    {"kubelet-1.27",
     {{"kube-system", "calico-node-9ftkg"}, {"kube-system", "nginx-proxy-10.56.229.90"}},
     "node 2026-11-24T06:00:09Z 14s cpu=600m memory=3481944Ki\n"
     "kube-system/calico-node-9ftkg 2026-11-24T06:00:09Z 14s\n"
     "  calico-node cpu=100m memory=126048Ki\n"
     "kube-system/nginx-proxy-10.56.229.90 2026-11-24T06:00:10Z 11s\n"
     "  nginx-proxy cpu=50m memory=12000Ki\n"},
};

}  // namespace

TEST_CASE("nodes of every kind give their figures") {
    for (const Kind& kind : kKinds) DYNAMIC_SECTION(kind.folder) {
            Cluster cluster{kind};
            const std::string folder = kind.folder;
            for (const auto& [file, turn] : {std::pair{"/0s.txt", 0}, std::pair{"/15s.txt", 1}}) {
                const storage::NodePage page = cluster.scrape(folder + file, turn);
                CHECK(page.bad_lines == 0);
                CHECK(page.complete);
            }
            CHECK(cluster.served() == kind.expected);
        }
}

TEST_CASE("a sandboxed pod's page says that only the pod as a whole is measured") {
    Cluster cluster{{"", {{"web", "gvisor-0"}, {"web", "kata-0"}, {"web", "plain-0"}}, ""}};
    cluster.scrape("sandboxed/0s.txt", 0);
    cluster.scrape("sandboxed/15s.txt", 1);
    for (const char* pod : {"gvisor-0", "kata-0"}) {
        const json page = cluster.explained("web", pod);
        CHECK(page.at("verdict") == "zeros");
        CHECK_THAT(page.at("why").get<std::string>(), Catch::Contains("sandboxed runtimes (gVisor, Kata)"));
        CHECK(page.at("node").at("node") == "node");
    }
    CHECK(cluster.explained("web", "plain-0").at("verdict") == "served");
}
