// SPDX-License-Identifier: Apache-2.0
// The tables of the page, answer by answer.
#include "test/apiserver/page/asking.hpp"
#include "test/storage/pages.hpp"

#include <string>

#include <catch2/catch.hpp>

using test::page::told;

TEST_CASE("tables of pods, containers, workloads, namespaces and nodes") {
    test::graphs::Scene scene;
    scene.run(9);
    apiserver::Ui ui{test::page::sources(scene)};
    struct Case {
        const char* question;
        const char* answer;
    };
    const Case cases[] = {
        {"kind=pod&range=900", R"(X)"},
        {"kind=container&sort=name&curves=0&pod=web-0", R"(X)"},
        {"kind=workload&curves=0", R"(X)"},
        {"kind=workload&range=900&namespace=shop", R"(X)"},
        {"kind=namespace&sort=name&range=900", R"(X)"},
        {"kind=node&sort=name&range=900", R"(X)"},
        {"kind=pod&curves=0&search=WEB+n1&limit=1&offset=1", R"(X)"},
        {"kind=pod&curves=0&namespace=nowhere", R"(X)"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.question);
        CHECK(told(ui, std::string{"/ui/api/rows?"} + c.question) == c.answer);
    }
}

TEST_CASE("with objects tables have requests, limits, restarts and owners") {
    test::graphs::Scene scene;
    storage::WatchedObjects objects{0};
    test::page::put_objects(objects);
    scene.run(9);
    apiserver::Ui ui{test::page::sources(scene, &objects)};
    struct Case {
        const char* question;
        const char* answer;
    };
    const Case cases[] = {
        {"kind=pod&curves=0", R"(X)"},
        {"kind=container&curves=0&workload=StatefulSet/web", R"(X)"},
        {"kind=workload&curves=0", R"(X)"},
        {"kind=namespace&curves=0", R"(X)"},
        {"kind=node&curves=0&sort=cpuShare", R"(X)"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.question);
        CHECK(told(ui, std::string{"/ui/api/rows?"} + c.question) == c.answer);
    }
}

TEST_CASE("pods without figures are told with the reason, and names as they are") {
    test::graphs::Scene scene;
    scene.store.put_pod("shop", "unseen", {});
    scene.loads.push_back({"shop", "<b>\"\\'&\xd7\xa9\xe2\x80\xae", "app", 5, 4096});
    scene.store.put_pod("shop", scene.loads.back().pod, {});
    scene.run(1);
    // Figures take two samples.
    scene.loads.push_back({"shop", "young", "app", 5, 4096});
    scene.store.put_pod("shop", "young", {});
    scene.run(1);
    apiserver::Ui ui{test::page::sources(scene)};
    CHECK(told(ui, "/ui/api/rows?kind=pod&curves=0&namespace=shop&sort=name") == R"(X)");
    CHECK(told(ui, "/ui/api/rows?kind=container&curves=0&namespace=shop&pod=young") == R"(X)");
}

TEST_CASE("a node that is not well is told with its error and what to do") {
    test::graphs::Scene scene;
    scene.run(5);
    apiserver::PageSources sources = test::page::sources(scene);
    sources.reports.node = [](std::string_view node, apiserver::NodeScrape& out) {
        if (node != "idle") return false;
        out.state = "failing";
        out.error = "connection refused";
        out.hint = "see whether the kubelet runs";
        return true;
    };
    apiserver::Ui ui{std::move(sources)};
    CHECK(told(ui, "/ui/api/rows?kind=node&curves=0&sort=name") == R"(X)");
}

TEST_CASE("before there is any history tables have figures and no curves") {
    test::graphs::Scene scene;
    apiserver::Ui ui{test::page::sources(scene)};
    CHECK(told(ui, "/ui/api/rows?kind=node&sort=name") == R"(X)");
}
