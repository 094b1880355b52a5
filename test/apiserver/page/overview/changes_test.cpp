// SPDX-License-Identifier: Apache-2.0
#include "apiserver/page/overview/changes.hpp"

#include "apiserver/page/snapshot/snapshot_taker.hpp"
#include "test/apiserver/page/asking.hpp"

#include <string>

#include <catch2/catch.hpp>

using apiserver::Changes;

namespace {

void renew(Changes& changes, const test::graphs::Scene& scene) {
    const apiserver::PageSources sources = test::page::sources(scene);
    boost::asio::io_context first{1};
    const auto snapshot = test::run(first, apiserver::take_snapshot(sources, 1, std::size_t{1} << 20));
    boost::asio::io_context second{1};
    test::run(second, changes.renew(sources, *snapshot));
}

std::string json_of(const Changes& changes) {
    std::string out;
    changes.append(out);
    return out;
}

}  // namespace

TEST_CASE("what changed in the last hour is told once it was worked out") {
    test::graphs::Scene scene;
    scene.run(100);
    Changes changes;
    CHECK(changes.is_due(scene.now));
    CHECK(json_of(changes) ==
          R"({"asOf":null,"from":0,"begun":0,"ended":0,"restarts":0,"kind":[],"namespace":[],)"
          R"("name":[],"container":[],"at":[],"before":[],"now":[]})");
    // web-1 grows, dns ends.
    for (test::graphs::Load& load : scene.loads)
        if (load.pod == "web-1") load.memory = std::uint64_t{64} * 1024 * 1024;
    scene.remove("system", "dns");
    scene.run(140);
    renew(changes, scene);
    CHECK(json_of(changes) ==
          R"j({"asOf":1767610785,"from":1767607200,"begun":0,"ended":1,"restarts":0,)j"
          R"j("kind":["memory","ended"],"namespace":["shop","system"],"name":["web-1","dns"],)j"
          R"j("container":[null,null],"at":[null,1767608685],"before":[4096,null],"now":[67108864,)j"
          R"j(null]})j");
    CHECK(changes.number() == 1);
    CHECK(!changes.is_due(scene.now + 299));
    CHECK(changes.is_due(scene.now + 300));
    changes.forget();
    CHECK(changes.is_due(scene.now));
    CHECK(changes.number() == 1);
}

TEST_CASE("changes tell of more CPU, of pods that began and of restarts, these first") {
    test::graphs::Scene scene;
    for (test::graphs::Load& load : scene.loads) load.restart(test::graphs::kStart - 100);
    scene.run(120);
    const std::int64_t begun = scene.now + 3;
    scene.loads[2].restart(begun);
    // system/dns: 3 m becomes 120 m, and 21 m would be too little to be told of.
    scene.loads[3].millicores = 120;
    scene.loads[1].millicores = 19;
    scene.loads.push_back({"batch", "job", "main", 50, 8192, begun});
    scene.store.put_pod("batch", "job", {});
    scene.run(120);
    Changes changes;
    renew(changes, scene);
    const std::string at = std::to_string(begun);
    CHECK(json_of(changes) == R"j({"asOf":)j" + std::to_string(scene.now) + R"j(,"from":)j" +
                                  std::to_string(scene.now - 3600 + 15) +
                                  R"j(,"begun":1,"ended":0,"restarts":1,"kind":["restart","cpu","begun"],)j"
                                  R"j("namespace":["shop","system","batch"],"name":["web-1","dns","job"],)j"
                                  R"j("container":["app",null,null],"at":[)j" +
                                  at + ",null," + at + R"j(],"before":[null,3,null],"now":[1,120,null]})j");
}
