// SPDX-License-Identifier: Apache-2.0
// The large charts, answer by answer.
#include "storage/applications/figure_history.hpp"
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
        {"kind=pod&namespace=shop&name=web-0",
         R"j({"tick":1767607260,"asOf":1767607260,"resolution":15,"kind":"pod","start":1767607200,)j"
         R"j("step":15,"count":5,"tier":"recent","cpu":{"mean":[null,100.78,100.78,100.78,100.78]},)j"
         R"j("memory":{"mean":[null,49152,49152,49152,49152]},"lines":{"cpuRequest":150,)j"
         R"j("cpuLimit":400,"cpuCapacity":null,"memoryRequest":65536,"memoryLimit":131072,)j"
         R"j("memoryCapacity":null},"parts":[{"name":"app","cpu":[null,100.48,100.48,100.48,)j"
         R"j(100.48],"memory":[null,40960,40960,40960,40960],)j"
         R"j("cpuNow":101,"memoryNow":40960,"cpuLimit":400,"memoryLimit":131072},)j"
         R"j({"name":"proxy","cpu":[null,0.3,0.3,0.3,0.3],"memory":[null,8192,8192,8192,8192],)j"
         R"j()j"
         R"j("cpuNow":1,"memoryNow":8192,"cpuLimit":null,"memoryLimit":null}],"marks":[],)j"
         R"j("about":{"namespace":"shop",)j"
         R"j("name":"web-0","cpu":101,"memory":49152,"node":"n1","workload":"StatefulSet/web",)j"
         R"j("restarts":4,"state":"ok","address":"10.0.0.7"}})j"},
        {"kind=container&namespace=shop&pod=web-0&name=proxy",
         R"j({"tick":1767607260,"asOf":1767607260,"resolution":15,"kind":"container",)j"
         R"j("start":1767607200,"step":15,"count":5,"tier":"recent","cpu":{"mean":[null,0.3,0.3,)j"
         R"j(0.3,0.3]},"memory":{"mean":[null,8192,8192,8192,8192]},"lines":{"cpuRequest":null,)j"
         R"j("cpuLimit":null,"cpuCapacity":null,"memoryRequest":null,"memoryLimit":null,)j"
         R"j("memoryCapacity":null},"marks":[],"about":{"namespace":"shop","pod":"web-0",)j"
         R"j("name":"proxy","cpu":1,"memory":8192,"node":"n1","workload":"StatefulSet/web",)j"
         R"j("restarts":1,"state":"ok"}})j"},
        {"kind=workload&namespace=shop&name=StatefulSet/web&parts=0",
         R"j({"tick":1767607260,"asOf":1767607260,"resolution":15,"kind":"workload",)j"
         R"j("start":1767607200,"step":15,"count":5,"tier":"recent","cpu":{"mean":[null,120.78,)j"
         R"j(120.78,120.78,120.78]},"memory":{"mean":[null,53248,53248,53248,53248]},)j"
         R"j("lines":{"cpuRequest":300,"cpuLimit":800,"cpuCapacity":null,"memoryRequest":131072,)j"
         R"j("memoryLimit":262144,"memoryCapacity":null},"marks":[],"about":{"namespace":"shop",)j"
         R"j("name":"StatefulSet/web","cpu":121,"memory":53248,"pods":2}})j"},
        {"kind=namespace&name=shop",
         R"j({"tick":1767607260,"asOf":1767607260,"resolution":15,"kind":"namespace",)j"
         R"j("start":1767607200,"step":15,"count":5,"tier":"recent","cpu":{"mean":[null,120.64,)j"
         R"j(120.64,120.64,120.64]},"memory":{"mean":[null,53248,53248,53248,53248]},)j"
         R"j("lines":{"cpuRequest":300,"cpuLimit":800,"cpuCapacity":null,"memoryRequest":131072,)j"
         R"j("memoryLimit":262144,"memoryCapacity":null},"parts":[{"name":"web-0",)j"
         R"j("namespace":"shop","cpu":[null,100.78,100.78,100.78,100.78],"memory":[null,49152,)j"
         R"j(49152,49152,49152],)j"
         R"j("cpuNow":101,"memoryNow":49152,"cpuLimit":400,"memoryLimit":131072},{"name":"web-1",)j"
         R"j("namespace":"shop","cpu":[null,20,20,20,20],"memory":[null,4096,4096,4096,4096],)j"
         R"j()j"
         R"j("cpuNow":20,"memoryNow":4096,"cpuLimit":400,"memoryLimit":131072}],"marks":[],)j"
         R"j("about":{"name":"shop","cpu":121,)j"
         R"j("memory":53248,"pods":2}})j"},
        {"kind=node&name=n1&from=" + at(15) + "&to=" + at(30),
         R"j({"tick":1767607260,"asOf":1767607260,"resolution":15,"kind":"node","start":1767607215,)j"
         R"j("step":15,"count":2,"tier":"recent","cpu":{"mean":[249.92,249.92]},)j"
         R"j("memory":{"mean":[1048576,1048576]},"lines":{"cpuRequest":300,"cpuLimit":null,)j"
         R"j("cpuCapacity":1800,"memoryRequest":131072,"memoryLimit":null,)j"
         R"j("memoryCapacity":8000000},"parts":[{"name":"web-0","namespace":"shop","cpu":[100.78,)j"
         R"j(100.78],"memory":[49152,49152],)j"
         R"j("cpuNow":101,"memoryNow":49152,"cpuLimit":400,"memoryLimit":131072},{"name":"web-1",)j"
         R"j("namespace":"shop","cpu":[20,20],"memory":[4096,4096],)j"
         R"j("cpuNow":20,"memoryNow":4096,"cpuLimit":400,)j"
         R"j("memoryLimit":131072},{"name":"dns","namespace":"system","cpu":[3,3],"memory":[4096,)j"
         R"j(4096],)j"
         R"j("cpuNow":3,"memoryNow":4096,"cpuLimit":null,"memoryLimit":null}],"marks":[],)j"
         R"j("about":{"name":"n1","cpu":250,)j"
         R"j("memory":1048576,"pods":3,"lastSample":1767607260,"state":"ok"}})j"},
        {"kind=cluster&range=15",
         R"j({"tick":1767607260,"asOf":1767607260,"resolution":15,"kind":"cluster",)j"
         R"j("start":1767607245,"step":15,"count":2,"tier":"recent","cpu":{"mean":[249.92,249.92]},)j"
         R"j("memory":{"mean":[1048576,1048576]},"lines":{"cpuRequest":300,"cpuLimit":800,)j"
         R"j("cpuCapacity":1800,"memoryRequest":131072,"memoryLimit":262144,)j"
         R"j("memoryCapacity":8000000},"marks":[],"about":{"cpu":250,"memory":1048576,"pods":3}})j"},
        {"kind=node&name=n1&from=5&to=10&parts=0",
         R"j({"tick":1767607260,"asOf":1767607260,"resolution":15,"kind":"node","start":1767607200,)j"
         R"j("step":15,"count":0,"tier":"recent","cpu":{"mean":[]},"memory":{"mean":[]},)j"
         R"j("lines":{"cpuRequest":300,"cpuLimit":null,"cpuCapacity":1800,"memoryRequest":131072,)j"
         R"j("memoryLimit":null,"memoryCapacity":8000000},"marks":[],"about":{"name":"n1",)j"
         R"j("cpu":250,"memory":1048576,"pods":3,"lastSample":1767607260,"state":"ok"}})j"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.question);
        CHECK(told(ui, "/ui/api/series?" + c.question) == c.answer);
    }
}

TEST_CASE("a pod that has ended still has its curves") {
    test::graphs::Scene scene;
    scene.run(5);
    scene.remove("shop", "web-1");
    scene.run(5);
    apiserver::Ui ui{test::page::sources(scene)};
    CHECK(told(ui, "/ui/api/series?kind=pod&namespace=shop&name=web-1&parts=0") ==
          R"j({"tick":1767607335,"asOf":1767607335,"resolution":15,"kind":"pod","start":1767607200,)j"
          R"j("step":15,"count":10,"tier":"recent","cpu":{"mean":[null,20,20,20,20,null,null,null,)j"
          R"j(null,null]},"memory":{"mean":[null,4096,4096,4096,4096,null,null,null,null,null]},)j"
          R"j("lines":{"cpuRequest":null,"cpuLimit":null,"cpuCapacity":null,"memoryRequest":null,)j"
          R"j("memoryLimit":null,"memoryCapacity":null},"marks":[{"at":1767607260,"kind":"ended",)j"
          R"j("name":"app"}],"about":{"namespace":"shop","name":"web-1","state":"ended",)j"
          R"j("reason":"there is no such pod,)j"
          R"j( or it is not Running: topd watches running pods only (or has not listed them yet,)j"
          R"j( see /readyz)","node":"n1"}})j");
}

TEST_CASE("a restart is marked, and what began before the time is not") {
    test::graphs::Scene scene;
    for (test::graphs::Load& load : scene.loads) load.restart(kStart - 100);
    scene.run(3);
    scene.loads[0].restart(scene.now + 5);
    scene.run(4);
    apiserver::Ui ui{test::page::sources(scene)};
    const auto marks = [&](const std::string& question) {
        const std::string body = told(ui, "/ui/api/series?parts=0&" + question);
        const auto found = body.find("\"marks\":");
        return found == body.npos ? body : body.substr(found, body.find(']', found) + 1 - found);
    };
    const std::string app = R"("marks":[{"at":)" + at(35) + R"(,"kind":"restart","name":"app"}])";
    CHECK(marks("kind=pod&namespace=shop&name=web-0") == app);
    CHECK(marks("kind=container&namespace=shop&pod=web-0&name=app") == app);
    CHECK(marks("kind=container&namespace=shop&pod=web-0&name=proxy") == R"("marks":[])");
    // Its first life may have begun before there was history.
    CHECK(marks("kind=pod&namespace=shop&name=web-0&from=" + at(60) + "&to=" + at(90)) == R"("marks":[])");
    scene.loads.push_back({"shop", "web-2", "app", 7, 4096, scene.now + 3});
    scene.store.put_pod("shop", "web-2", {});
    scene.run(4);
    const std::string begun = R"("marks":[{"at":)" + at(93) + R"(,"kind":"begun","name":)";
    CHECK(marks("kind=pod&namespace=shop&name=web-2") == begun + R"("app"}])");
    CHECK(marks("kind=workload&namespace=shop&name=Pods/web") == begun + R"("web-2"}])");
}

TEST_CASE("parts are told with what they use now, which a pod without figures does not") {
    test::graphs::Scene scene;
    scene.run(5);
    apiserver::Ui ui{test::page::sources(scene)};
    const std::string question = "/ui/api/series?kind=namespace&name=shop&from=" + at(45) + "&to=" + at(45);
    CHECK(
        told(ui, question)
            .find(
                R"("parts":[{"name":"web-0","namespace":"shop","cpu":[100.78],"memory":[49152],"cpuNow":101,)"
                R"("memoryNow":49152,"cpuLimit":null,"memoryLimit":null},{"name":"web-1","namespace":"shop",)"
                R"("cpu":[20],"memory":[4096],"cpuNow":20,"memoryNow":4096,)") != std::string::npos);
    // Its kubelet tells nothing of it any more: there is no figure, though it has a past.
    std::erase_if(scene.loads, [](const test::graphs::Load& load) { return load.pod == "web-1"; });
    scene.run(1);
    const std::string body = told(ui, question);
    CHECK(body.find(R"("cpu":[20],"memory":[4096],"cpuNow":null,"memoryNow":null,)") != std::string::npos);
    CHECK(body.find(R"("cpuNow":20)") == std::string::npos);
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
    struct Case {
        const char* of;
        const char* others;
    };
    // Each figure is kept to 0.1 %: what is left of a namespace is not quite the sum.
    const Case cases[] = {
        {"kind=node&name=n1",
         R"({"name":null,"namespace":null,"cpu":[2124.42],"memory":[65536],"cpuNow":2125,"memoryNow":65536,)"},
        {"kind=namespace&name=batch",
         R"({"name":null,"namespace":null,"cpu":[1999.36],"memory":[8192],"cpuNow":2001,"memoryNow":8192,)"},
        {"kind=workload&namespace=batch&name=Pods/job",
         R"({"name":null,"namespace":null,"cpu":[2000.64],"memory":[8192],"cpuNow":2001,"memoryNow":8192,)"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.of);
        const std::string body = told(ui, "/ui/api/series?" + std::string{c.of} + range);
        std::size_t parts = 0;
        for (std::size_t found = body.find("\"name\":\"job-"); found != std::string::npos;
             found = body.find("\"name\":\"job-", found + 1))
            ++parts;
        CHECK(parts == 12);
        CHECK(body.find("\"name\":\"job-23\"") < body.find("\"name\":\"job-22\""));
        CHECK(body.find("\"name\":\"job-11\"") == std::string::npos);
        CHECK(body.find(c.others) != std::string::npos);
    }
}

TEST_CASE("a pod's metrics that are in demand are told beside what it uses") {
    test::graphs::Scene scene;
    storage::applications::FigureHistory figures{{}};
    constexpr std::int64_t kMilli[] = {2500, -70, 0, 9'200'000'000'000'000, 1001};
    for (int tick = 0; tick < 5; ++tick) {
        scene.run(1);
        figures.begin_tick(scene.now);
        figures.put({"shop", "web-0"}, {"http_requests", "code=500"}, kMilli[tick]);
        if (tick != 1) figures.put({"shop", "web-0"}, {"http_requests", {}}, kMilli[tick] / 2);
        figures.put({"shop", "web-1"}, {"jobs", {}}, 1000);
        // A pod with the name of a container.
        figures.put({"shop", "app"}, {"jobs", {}}, 1000);
    }
    apiserver::PageSources sources = test::page::sources(scene);
    sources.figures = &figures;
    apiserver::Ui ui{sources};
    const auto own = [&](const std::string& question) {
        const std::string body = told(ui, "/ui/api/series?" + question);
        const auto begin = body.find("\"own\":");
        return begin == std::string::npos ? "none"
                                          : body.substr(begin, body.find("}],\"about\"") + 2 - begin);
    };
    CHECK(own("kind=pod&namespace=shop&name=web-0") ==
          R"("own":[{"name":"http_requests","selector":null,"values":[1.25,null,0,4600000000000,0.5]},)"
          R"({"name":"http_requests","selector":"code=500","values":[2.5,-0.07,0,9200000000000,1.001]}])");
    CHECK(own("kind=pod&namespace=shop&name=web-0&from=" + at(15) + "&to=" + at(30)) ==
          R"("own":[{"name":"http_requests","selector":null,"values":[null,0]},)"
          R"({"name":"http_requests","selector":"code=500","values":[-0.07,0]}])");
    CHECK(own("kind=pod&namespace=shop&name=web-1") ==
          R"("own":[{"name":"jobs","selector":null,"values":[1,1,1,1,1]}])");
    for (const char* const none : {"kind=pod&namespace=system&name=dns", "kind=namespace&name=shop",
                                   "kind=container&namespace=shop&pod=web-0&name=app"})
        CHECK(own(none) == "none");
    sources.figures = nullptr;
    apiserver::Ui without{sources};
    CHECK(told(without, "/ui/api/series?kind=pod&namespace=shop&name=web-0").find("\"own\"") ==
          std::string::npos);
}

TEST_CASE("where several ticks are told as one, a pod's metric is their mean") {
    test::graphs::Scene scene;
    storage::applications::FigureHistory figures{{}};
    for (int tick = 0; tick < 61; ++tick) {
        scene.run(1);
        figures.begin_tick(scene.now);
        figures.put({"shop", "web-0"}, {"jobs", {}}, tick * 1000);
    }
    apiserver::PageSources sources = test::page::sources(scene);
    sources.figures = &figures;
    apiserver::Ui ui{sources};
    // Of five minutes each: ticks 1 to 20, 21 to 40, 41 to 60.
    const std::string body = told(ui, "/ui/api/series?kind=pod&namespace=shop&name=web-0&range=86400");
    CHECK(body.find(R"("tier":"long")") != std::string::npos);
    CHECK(body.find(R"({"name":"jobs","selector":null,"values":[0,10.5,30.5,50.5]})") != std::string::npos);
}
