// SPDX-License-Identifier: Apache-2.0
// The page of all kubelets' samples, byte by byte, and in pieces.
#include "apiserver/graphs/resource_page.hpp"

#include "apiserver/graphs/graphs.hpp"
#include "apiserver/graphs_port/listener.hpp"
#include "apiserver/representation/piece_size.hpp"
#include "storage/watched/watched_objects.hpp"
#include "test/apiserver/fixture.hpp"
#include "test/apiserver/graphs/scene.hpp"
#include "test/storage/pages.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

using storage::at;
using storage::ContainerObject;
using storage::nanos;
using storage::node_row;
using storage::page;
using storage::PageRow;
using storage::PodObject;
using storage::Reading;
using storage::row;
using storage::Store;
using storage::WatchedObjects;
using test::header;

namespace {

const std::string kPage{apiserver::kResourcePath};

struct Exposed {
    explicit Exposed(const WatchedObjects* watched = nullptr) : objects{watched} {}

    // All pieces; `between` runs after each.
    std::string page(
        double now, const std::function<void()>& between = [] {}) {
        auto parts = apiserver::resource_page(
            store, [now] { return at(now); }, objects);
        std::string out;
        for (bool more = true; more; between()) {
            std::string piece;
            more = parts->advance(piece);
            longest = std::max(longest, piece.size());
            ++pieces;
            out += piece;
        }
        return out;
    }

    Store store{{}};
    const WatchedObjects* objects;
    std::size_t longest = 0;
    std::size_t pieces = 0;
};

// Two nodes of three pods, of which one has swap, at 1010 s of their clocks.
void fill_two_nodes(Store& store) {
    store.put_node("n1", {});
    store.put_node("n\"2\\", {});
    store.put_pod("shop", "web", {});
    store.put_pod("default", "db", {});
    for (const double now : {0.0, 10.0}) {
        PageRow swapping = row("default", "db", "main", 1000.25 + now, 0.000000007 + now, 999.5, 50'675'712);
        swapping.swap = Reading{4096, nanos(1000.5 + now)};
        PageRow node = node_row(1000.843 + now, 3406.720239537 + now, 2'749'112'320);
        node.swap = Reading{0, nanos(1000.843 + now)};
        store.commit("n1", page({swapping, row("shop", "unknown", "main", 1000 + now, 5 + now)}, node),
                     at(now));
        store.commit("n\"2\\",
                     page({row("shop", "web", "side", 1001 + now, 7 + now, 999.1234567, 1),
                           row("shop", "web", "app", 1000.001 + now, 1 + now, 0, 2)}),
                     at(now));
    }
}

// Name and labels of each line in turn, a family's head as "#name".
std::vector<std::string> series_of(const std::string& page) {
    std::vector<std::string> out;
    std::istringstream lines{page};
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("# TYPE ")) out.push_back("#" + line.substr(7, line.rfind(' ') - 7));
        if (!line.starts_with("#")) out.push_back(line.substr(0, line.find("} ") + 1));
    }
    return out;
}

ContainerObject container_object(std::string_view name, std::string_view image) {
    ContainerObject out;
    out.name = name;
    out.image = image;
    return out;
}

apiserver::Graphs graphs_with_page(test::graphs::Scene& scene) {
    apiserver::GraphsOptions options = scene.options();
    options.exposition = true;
    return apiserver::Graphs{scene.store, scene.history, std::move(options)};
}

net::Response scraped(apiserver::GraphsListener& listener, std::vector<test::Header> headers = {},
                      const std::string& method = "GET") {
    headers.emplace_back("Host", "topd");
    boost::asio::io_context loop{1};
    return test::run(loop, listener.respond(test::request(kPage, headers, method)));
}

}  // namespace

TEST_CASE("the page has what kubelets tell of what is served, and the node") {
    Exposed it;
    fill_two_nodes(it.store);
    const std::string page = it.page(10);
    CHECK(
        page ==
        R"(# HELP container_cpu_usage_seconds_total [STABLE] Cumulative cpu time consumed by the container in core-seconds
# TYPE container_cpu_usage_seconds_total counter
container_cpu_usage_seconds_total{container="main",image="-",namespace="default",node="n1",pod="db"} 10.000000007 1010250
container_cpu_usage_seconds_total{container="app",image="-",namespace="shop",node="n\"2\\",pod="web"} 11 1010001
container_cpu_usage_seconds_total{container="side",image="-",namespace="shop",node="n\"2\\",pod="web"} 17 1011000
# HELP container_memory_working_set_bytes [STABLE] Current working set of the container in bytes
# TYPE container_memory_working_set_bytes gauge
container_memory_working_set_bytes{container="main",image="-",namespace="default",node="n1",pod="db"} 50675712 1010250
container_memory_working_set_bytes{container="app",image="-",namespace="shop",node="n\"2\\",pod="web"} 2 1010001
container_memory_working_set_bytes{container="side",image="-",namespace="shop",node="n\"2\\",pod="web"} 1 1011000
# HELP container_start_time_seconds [STABLE] Start time of the container since unix epoch in seconds
# TYPE container_start_time_seconds gauge
container_start_time_seconds{container="main",image="-",namespace="default",node="n1",pod="db"} 999.5
container_start_time_seconds{container="side",image="-",namespace="shop",node="n\"2\\",pod="web"} 999.1234567
# HELP container_swap_usage_bytes [ALPHA] Current amount of the container swap usage in bytes. Reported only on non-windows systems
# TYPE container_swap_usage_bytes gauge
container_swap_usage_bytes{container="main",image="-",namespace="default",node="n1",pod="db"} 4096 1010500
# HELP node_cpu_usage_seconds_total [STABLE] Cumulative cpu time consumed by the node in core-seconds
# TYPE node_cpu_usage_seconds_total counter
node_cpu_usage_seconds_total{node="n1"} 3416.720239537 1010843
# HELP node_memory_working_set_bytes [STABLE] Current working set of the node in bytes
# TYPE node_memory_working_set_bytes gauge
node_memory_working_set_bytes{node="n1"} 2749112320 1010843
# HELP node_swap_usage_bytes [ALPHA] Current swap usage of the node in bytes. Reported only on non-windows systems
# TYPE node_swap_usage_bytes gauge
node_swap_usage_bytes{node="n1"} 0 1010843
)");
    CHECK(it.page(60).empty());
    SECTION("pods of a node that is gone go with it") {
        it.store.remove_node("n1");
        const std::string rest = it.page(10);
        CHECK(rest.find("db") == std::string::npos);
        CHECK(
            series_of(rest) ==
            std::vector<std::string>{
                "#container_cpu_usage_seconds_total",
                R"(container_cpu_usage_seconds_total{container="app",image="-",namespace="shop",node="n\"2\\",pod="web"})",
                R"(container_cpu_usage_seconds_total{container="side",image="-",namespace="shop",node="n\"2\\",pod="web"})",
                "#container_memory_working_set_bytes",
                R"(container_memory_working_set_bytes{container="app",image="-",namespace="shop",node="n\"2\\",pod="web"})",
                R"(container_memory_working_set_bytes{container="side",image="-",namespace="shop",node="n\"2\\",pod="web"})",
                "#container_start_time_seconds",
                R"(container_start_time_seconds{container="side",image="-",namespace="shop",node="n\"2\\",pod="web"})"});
    }
}

TEST_CASE("containers have their image on the page where pods are watched whole") {
    WatchedObjects objects;
    Exposed it{&objects};
    fill_two_nodes(it.store);
    const std::array<ContainerObject, 2> containers{container_object("app", "registry.example/a@sha256:1"),
                                                    container_object("side", "")};
    PodObject pod;
    pod.name_space = "shop";
    pod.name = "web";
    pod.containers = containers;
    objects.put_pod(pod);
    const std::vector<std::string> found = series_of(it.page(10));
    REQUIRE(found.size() > 3);
    CHECK(found[1].find(R"({container="main",image="-",)") != std::string::npos);
    CHECK(found[2].find(R"({container="app",image="registry.example/a@sha256:1",)") != std::string::npos);
    CHECK(found[3].find(R"({container="side",image="-",)") != std::string::npos);
}

TEST_CASE("a long page comes in short pieces, each family whole, whatever goes meanwhile") {
    Exposed it;
    constexpr int kPods = 1000;
    std::vector<PageRow> first, second;
    std::vector<std::string> names;
    it.store.put_node("n", {});
    for (int i = 0; i < kPods; ++i) {
        names.push_back("pod-" + std::to_string(10'000 + i));
        it.store.put_pod(i % 2 == 0 ? "even" : "odd", names.back(), {});
    }
    for (int i = 0; i < kPods; ++i) {
        first.push_back(row(i % 2 == 0 ? "even" : "odd", names[i], "c", 1000, 1));
        second.push_back(row(i % 2 == 0 ? "even" : "odd", names[i], "c", 1010, 2));
    }
    it.store.commit("n", page(first, node_row(1000, 1)), at(0));
    it.store.commit("n", page(second, node_row(1010, 2)), at(10));
    const std::vector<std::string> still = series_of(it.page(10));
    CHECK(still.size() == 2 * (kPods + 1) + 2 * 2);
    CHECK(std::set<std::string>(still.begin(), still.end()).size() == still.size());
    CHECK(it.longest <= apiserver::kPieceBytes);
    CHECK(it.pieces >= 2 * kPods / apiserver::kTurnThings);

    // Pods go while it is read: those that are behind the reader, at it, and before it.
    int gone = 0;
    std::vector<std::string> moving = series_of(it.page(10, [&] {
        for (const int i : {gone, kPods / 2 + gone, kPods - 1 - gone})
            it.store.remove_pod(i % 2 == 0 ? "even" : "odd", names[static_cast<std::size_t>(i)]);
        ++gone;
    }));
    CHECK(std::set<std::string>(moving.begin(), moving.end()).size() == moving.size());
    CHECK(moving.size() < still.size());
    // What is left is in the same order.
    CHECK(std::includes(still.begin(), still.end(), moving.begin(), moving.end(),
                        [&](const std::string& a, const std::string& b) {
                            return std::find(still.begin(), still.end(), a) <
                                   std::find(still.begin(), still.end(), b);
                        }));
    for (int i = 0; i < kPods; ++i)
        it.store.remove_pod(i % 2 == 0 ? "even" : "odd", names[static_cast<std::size_t>(i)]);
    CHECK(series_of(it.page(10)).front() == "#node_cpu_usage_seconds_total");
}

TEST_CASE("the port for graphs has the page when it is told to") {
    test::graphs::Scene scene;
    scene.run(2);
    apiserver::GraphsListener without{scene.graphs, {}};
    CHECK(scraped(without).status == 404);

    apiserver::Graphs graphs = graphs_with_page(scene);
    apiserver::GraphsListener listener{graphs, {}};
    net::Response response = scraped(listener);
    CHECK(response.status == 200);
    CHECK(header(response, "Content-Type") == "text/plain; version=0.0.4; charset=utf-8");
    CHECK(header(response, "Content-Encoding") == "<none>");
    CHECK(header(response, "X-Content-Type-Options") == "nosniff");
    const std::string page = test::whole_body(response);
    CHECK(page.find("\nnode_memory_working_set_bytes{node=\"n1\"} 1048576 1767607215000\n") !=
          std::string::npos);
    CHECK(scraped(listener, {}, "POST").status == 405);

    // Long enough to be compressed.
    for (int i = 0; i < 2000; ++i) {
        scene.loads.push_back({"many", "pod-" + std::to_string(i), "main", 1, 4096});
        scene.store.put_pod("many", scene.loads.back().pod, {});
    }
    scene.run(2);
    net::Response plain = scraped(listener);
    CHECK(header(plain, "Content-Encoding") == "<none>");
    net::Response packed = scraped(listener, {{"Accept-Encoding", "gzip"}});
    CHECK(header(packed, "Content-Encoding") == "gzip");
    const std::string text = test::whole_body(plain);
    CHECK(text.size() > 400'000);
    CHECK((test::unpacked(test::whole_body(packed)) == text));
}

TEST_CASE("the secure port has no page of kubelets' samples") {
    test::graphs::Scene scene;
    scene.run(2);
    apiserver::Graphs graphs = graphs_with_page(scene);
    test::Cluster cluster;
    cluster.options.graphs = &graphs;
    CHECK(cluster.get(kPage).status == 404);
    CHECK(cluster.body("/").find(kPage) == std::string::npos);
}
