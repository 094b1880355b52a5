// SPDX-License-Identifier: Apache-2.0
// What an operator reads who asks why a pod has no metrics.
#include "apiserver/debug/words.hpp"
#include "test/apiserver/debug/lab.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace test::debug;

TEST_CASE("a pod's page has its points") {
    ThreeNodes cluster;
    const std::string expected =
        R"({"namespace":"default","pod":"web","verdict":"served","node":)" + kFirst +
        R"(,"containers":[{"container":"app","previous":{"time":"2026-11-22T15:31:08.000Z","cpuNanoseconds":5000000000},"last":{"time":"2026-11-22T15:31:18.000Z","cpuNanoseconds":20000000000},"lastSeen":"2026-11-22T15:31:26.000Z","window":"10s","cpu":"1500m","memory":"2Ki"}]})" +
        "\n";
    CHECK(cluster.body("/debug/pods/default/web") == expected);
    CHECK(cluster.body("/apis/metrics.k8s.io/v1/namespaces/default/pods/web/debug") == expected);
    CHECK(cluster.body("/debug/pods/default/web?format=table") ==
          "POD       default/web\n"
          "VERDICT   served\n"
          "\n" +
              kNodesHead.substr(kNodesHead.find('\n') + 1) + kTableFirst +
              "\n"
              "CONTAINER                 STARTED                   PREVIOUS SAMPLE           LAST SAMPLE     "
              "     "
              "     WINDOW    CPU           MEMORY      WHY\n"
              "app                       -                         2026-11-22T15:31:08.000Z  "
              "2026-11-22T15:31:18.000Z  10s       1500m         2Ki\n");
}

TEST_CASE("a pod's page says why it has no metrics") {
    struct Case {
        const char* name;
        std::vector<storage::PageRow> rows;
        const char* verdict;
        const char* why;
    };
    const auto row = [](const char* container, std::uint64_t cpu, std::int64_t started) {
        storage::PageRow out;
        out.name_space = "default";
        out.pod = "late";
        out.container = container;
        out.cpu = storage::Reading{cpu, test::kSampled * 1'000'000'000};
        out.memory = storage::Reading{1, test::kSampled * 1'000'000'000};
        out.started = started * 1'000'000'000;
        return out;
    };
    storage::PageRow sandboxed = row("c", 0, test::kSampled - 100);
    sandboxed.memory->value = 0;
    const Case cases[] = {
        {"no page names it",
         {},
         "noLine",
         "no page of a node has named it: its kubelet does not report it yet, or its node is not scraped "
         "(see the "
         "list of nodes)"},
        {"one sample",
         {row("c", 1, 0)},
         "container",
         "container \"c\": it has one sample, and a rate takes two; the kubelet reports no start to count "
         "from"},
        {"one late sample",
         {row("c", 1, test::kSampled - 100)},
         "container",
         "container \"c\": it has one sample, and a rate takes two; its start is too long before the sample "
         "to "
         "count from"},
        {"zero CPU",
         {row("b", 1, test::kSampled - 10), row("c", 0, 0)},
         "container",
         "container \"c\": pages come, but for 40s none held both its CPU and its memory, not zero"},
        {"a sandbox",
         {sandboxed},
         "zeros",
         "its node's pages tell nothing but zeros of its containers: they have just started, or the "
         "container runtime does not measure them; sandboxed runtimes (gVisor, Kata) give figures of the pod "
         "as a whole (the page's pod_* lines), and metrics are those of containers"},
        {"young",
         {row("c", 1, test::kSampled)},
         "noContainer",
         "none of its containers runs, or all have just started"},
        {"served", {row("c", 1, test::kSampled - 10)}, "served", nullptr},
    };
    for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
            ThreeNodes cluster;
            cluster.store.put_pod("default", "late", {});
            storage::NodePage page;
            page.containers = c.rows;
            cluster.store.commit("n2", page, cluster.now);
            const auto body = nlohmann::json::parse(cluster.body("/debug/pods/default/late"));
            CHECK(body.at("verdict") == c.verdict);
            CHECK(body.contains("why") == (c.why != nullptr));
            if (c.why != nullptr) CHECK(body.at("why") == c.why);
        }
    ThreeNodes cluster;
    CHECK(
        cluster.body("/debug/pods/default/nope") ==
        R"-({"namespace":"default","pod":"nope","verdict":"unknown","why":"there is no such pod, or it is not Running: topd watches running pods only (or has not listed them yet, see /readyz)","containers":[]})-"
        "\n");
}

TEST_CASE("figures that cannot be are explained, each in words of its own") {
    const std::pair<storage::Lack, const char*> cases[] = {
        {storage::Lack::twice,
         "its kubelet's page holds lines of it that contradict each other, and nothing tells the living one "
         "from what it left behind"},
        {storage::Lack::clock_set,
         "its node's clock was set (or stood still), so that the samples before and after make no rate; the "
         "next ones will"},
        {storage::Lack::impossible,
         "its last rate was more than twice what its node has (status.capacity.cpu); the next ones will be "
         "served again if they are not"},
    };
    for (const auto& [lack, text] : cases) {
        storage::ContainerExplanation container;
        container.lack = lack;
        CHECK(apiserver::why(container, std::chrono::seconds{40}) == text);
    }
}

TEST_CASE("a pod on two nodes names both") {
    ThreeNodes cluster;
    for (int step = 0; step < 2; ++step) {
        for (const char* node : {"n1", "n2"}) {
            storage::PageRow row;
            row.name_space = "default";
            row.pod = "web";
            row.container = "app";
            // Newer ones, too near to each other.
            const storage::Nanos at = (test::kSampled + step + (node[1] - '0')) * 1'000'000'000;
            row.cpu = storage::Reading{1, at};
            row.memory = storage::Reading{1, at};
            storage::NodePage page;
            page.containers = {row};
            cluster.store.commit(node, page, cluster.now);
        }
    }
    const auto body = nlohmann::json::parse(cluster.body("/debug/pods/default/web"));
    CHECK(body.at("node").at("node") == "n1");
    CHECK(body.at("alsoShownBy") == nlohmann::json{{"node", "n2"}, {"lastSeen", "2026-11-22T15:31:26.000Z"}});
    CHECK(body.at("why") ==
          "container \"app\": it has one sample, and a rate takes two; the kubelet reports no start to count "
          "from; two nodes show it, and only the pages of one count");
    CHECK_THAT(cluster.body("/debug/pods/default/web?format=table"),
               Catch::Contains("\nALSO ON   n2, last page 0s ago\n"));
}

TEST_CASE("a table holds nothing that a terminal would obey") {
    ThreeNodes cluster;
    cluster.scrapes["n2"].error = "\x1b[2J\xff";
    storage::PageRow row;
    row.name_space = "default";
    row.pod = "web";
    row.container = "\x1b]0;x\x07\n";
    row.cpu = storage::Reading{1, test::kSampled * 1'000'000'000};
    row.memory = row.cpu;
    storage::NodePage page;
    page.containers = {row};
    cluster.store.commit("n1", page, cluster.now);
    for (const char* target : {"/debug/nodes?format=table", "/debug/pods/default/web?format=table",
                               "/debug/pods/default/%1b%5b2J%0a?format=table"}) {
        const std::string text = cluster.body(target);
        CAPTURE(target);
        CHECK(std::all_of(text.begin(), text.end(),
                          [](char c) { return c == '\n' || (c >= 0x20 && c < 0x7f); }));
    }
    CHECK(nlohmann::json::accept(cluster.body("/debug/pods/default/web")));
    CHECK(nlohmann::json::accept(cluster.body("/debug/nodes")));
}
