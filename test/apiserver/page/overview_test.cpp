// SPDX-License-Identifier: Apache-2.0
#include "test/apiserver/page/asking.hpp"

#include <string>

#include <catch2/catch.hpp>

using test::page::told;

namespace {

apiserver::PageDataOptions versioned() {
    apiserver::PageDataOptions options;
    options.version = "0.9";
    return options;
}

}  // namespace

TEST_CASE("the overview of a small cluster") {
    test::graphs::Scene scene;
    scene.store.put_pod("system", "unseen", {});
    scene.run(9);
    apiserver::Ui ui{test::page::sources(scene), versioned()};
    CHECK(told(ui, "/ui/api/overview") == R"(X)");
}

TEST_CASE("the overview with objects, and a sick node") {
    test::graphs::Scene scene;
    storage::WatchedObjects objects{0};
    test::page::put_objects(objects);
    scene.run(9);
    apiserver::PageSources sources = test::page::sources(scene, &objects);
    sources.reports.node = [](std::string_view node, apiserver::NodeScrape& out) {
        out.state = node == "idle" ? "failing" : "ok";
        if (node != "idle") return true;
        out.error = "connection refused";
        out.hint = "see whether the kubelet runs";
        return true;
    };
    apiserver::Ui ui{std::move(sources), versioned()};
    CHECK(told(ui, "/ui/api/overview") == R"(X)");
}

TEST_CASE("the overview before anything is known") {
    test::graphs::Scene scene;
    apiserver::Ui ui{test::page::sources(scene), versioned()};
    CHECK(told(ui, "/ui/api/overview") == R"(X)");
}
