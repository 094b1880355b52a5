// SPDX-License-Identifier: Apache-2.0
// The large charts, answer by answer.
#include "test/apiserver/page/asking.hpp"

#include <string>

#include <catch2/catch.hpp>

using test::graphs::kStart;
using test::page::told;

namespace {

std::string at(std::int64_t seconds) {
    return std::to_string(kStart + seconds);
}

}  // namespace

TEST_CASE("series of pods, containers, workloads, namespaces, nodes and the cluster") {
    test::graphs::Scene scene;
    storage::WatchedObjects objects{0};
    test::page::put_objects(objects);
    scene.run(5);
    apiserver::Ui ui{test::page::sources(scene, &objects)};
    struct Case {
        std::string question;
        const char* answer;
    };
    const Case cases[] = {
        {"kind=pod&namespace=shop&name=web-0", R"(X)"},
        {"kind=container&namespace=shop&pod=web-0&name=proxy", R"(X)"},
        {"kind=workload&namespace=shop&name=StatefulSet/web&parts=0", R"(X)"},
        {"kind=namespace&name=shop", R"(X)"},
        {"kind=node&name=n1&from=" + at(15) + "&to=" + at(30), R"(X)"},
        {"kind=cluster&range=15", R"(X)"},
        {"kind=node&name=n1&from=5&to=10&parts=0", R"(X)"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.question);
        CHECK(told(ui, "/ui/api/series?" + c.question) == c.answer);
    }
}

TEST_CASE("a restart is marked, and a pod that has ended still has its curves") {
    test::graphs::Scene scene;
    scene.run(5);
    scene.remove("shop", "web-1");
    scene.run(5);
    apiserver::Ui ui{test::page::sources(scene)};
    CHECK(told(ui, "/ui/api/series?kind=pod&namespace=shop&name=web-1&parts=0") == R"(X)");
}

TEST_CASE("the greatest pods of a node are told apart, and the others as a sum") {
    test::graphs::Scene scene;
    for (int i = 0; i < 14; ++i) {
        const std::string name = "job-" + std::to_string(10 + i);
        scene.loads.push_back({"batch", name, "main", 1000.0 + i, 4096});
        scene.store.put_pod("batch", name, {});
    }
    scene.run(4);
    apiserver::Ui ui{test::page::sources(scene)};
    const std::string range = "&from=" + at(15) + "&to=" + at(15);
    for (const char* of :
         {"kind=node&name=n1", "kind=namespace&name=batch", "kind=workload&namespace=batch&name=Pods/job"}) {
        CAPTURE(of);
        const std::string body = told(ui, "/ui/api/series?" + std::string{of} + range);
        std::size_t parts = 0;
        for (std::size_t at = body.find("\"name\":\"job-"); at != std::string::npos;
             at = body.find("\"name\":\"job-", at + 1))
            ++parts;
        CHECK(parts == 12);
        CHECK(body.find("\"name\":\"job-23\"") < body.find("\"name\":\"job-22\""));
        CHECK(body.find("\"name\":\"job-11\"") == std::string::npos);
        const bool node = std::string{of}.starts_with("kind=node");
        const std::string others = node ? R"({"name":null,"namespace":null,"cpu":[2129.2],"memory":[65536])"
                                        : R"({"name":null,"namespace":null,"cpu":[2004.48],"memory":[8192])";
        CHECK(body.find(others) != std::string::npos);
    }
}
