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
        {"kind=pod&range=900",
         R"j({"tick":1767607320,"asOf":1767607320,"resolution":15,"kind":"pod",)j"
         R"j("range":{"from":1767606420,"to":1767607320,"step":15,"points":60},"total":3,)j"
         R"j("matched":3,"offset":0,"sums":{"cpu":124,"memory":57344},"scale":{"cpu":110,)j"
         R"j("memory":50000},"columns":{"namespace":["shop","shop","system"],"name":["web-0",)j"
         R"j("web-1","dns"],"workload":["Pods/web","Pods/web","Pods/dns"],"node":["n1","n1","n1"],)j"
         R"j("cpu":[101,20,3],"memory":[49152,4096,4096],"started":[null,null,null],"state":["ok",)j"
         R"j("ok","ok"],"reason":[null,null,null],)j"
         R"j("cpuCurve":["....................................................66666666",)j"
         R"j("....................................................MMMMMMMM",)j"
         R"j("....................................................CCCCCCCC"],)j"
         R"j("memoryCurve":["....................................................--------",)j"
         R"j("....................................................GGGGGGGG",)j"
         R"j("....................................................GGGGGGGG"]}})j"},
        {"kind=container&sort=name&curves=0&pod=web-0",
         R"j({"tick":1767607320,"asOf":1767607320,"resolution":15,"kind":"container",)j"
         R"j("range":{"from":1767603720,"to":1767607320,"step":60,"points":60},"total":2,)j"
         R"j("matched":2,"offset":0,"sums":{"cpu":101,"memory":49152},)j"
         R"j("columns":{"namespace":["shop","shop"],"name":["app","proxy"],"pod":["web-0","web-0"],)j"
         R"j("node":["n1","n1"],"cpu":[101,1],"memory":[40960,8192],"started":[null,null],)j"
         R"j("state":["ok","ok"],"reason":[null,null]}})j"},
        {"kind=workload&curves=0",
         R"j({"tick":1767607320,"asOf":1767607320,"resolution":15,"kind":"workload",)j"
         R"j("range":{"from":1767603720,"to":1767607320,"step":60,"points":60},"total":2,)j"
         R"j("matched":2,"offset":0,"sums":{"cpu":124,"memory":57344},)j"
         R"j("columns":{"namespace":["shop","system"],"name":["Pods/web","Pods/dns"],"cpu":[121,3],)j"
         R"j("memory":[53248,4096],"pods":[2,1]}})j"},
        {"kind=workload&range=900&namespace=shop",
         R"j({"tick":1767607320,"asOf":1767607320,"resolution":15,"kind":"workload",)j"
         R"j("range":{"from":1767606420,"to":1767607320,"step":15,"points":60},"total":1,)j"
         R"j("matched":1,"offset":0,"sums":{"cpu":121,"memory":53248},"scale":{"cpu":130,)j"
         R"j("memory":54000},"columns":{"namespace":["shop"],"name":["Pods/web"],"cpu":[121],)j"
         R"j("memory":[53248],"pods":[2],)j"
         R"j("cpuCurve":["....................................................77777777"],)j"
         R"j("memoryCurve":["....................................................________"]}})j"},
        {"kind=namespace&sort=name&range=900",
         R"j({"tick":1767607320,"asOf":1767607320,"resolution":15,"kind":"namespace",)j"
         R"j("range":{"from":1767606420,"to":1767607320,"step":15,"points":60},"total":2,)j"
         R"j("matched":2,"offset":0,"sums":{"cpu":124,"memory":57344},"scale":{"cpu":130,)j"
         R"j("memory":54000},"columns":{"name":["shop","system"],"cpu":[121,3],"memory":[53248,)j"
         R"j(4096],"pods":[2,1],)j"
         R"j("cpuCurve":["....................................................77777777",)j"
         R"j("....................................................CCCCCCCC"],)j"
         R"j("memoryCurve":["....................................................________",)j"
         R"j("....................................................FFFFFFFF"]}})j"},
        {"kind=node&sort=name&range=900",
         R"j({"tick":1767607320,"asOf":1767607320,"resolution":15,"kind":"node",)j"
         R"j("range":{"from":1767606420,"to":1767607320,"step":15,"points":60},"total":2,)j"
         R"j("matched":2,"offset":0,"sums":{"cpu":250,"memory":1048576},"scale":{"cpu":250,)j"
         R"j("memory":1100000},"columns":{"name":["idle","n1"],"cpu":[null,250],"memory":[null,)j"
         R"j(1048576],"pods":[0,3],"lastSample":[null,1767607320],"state":["noPage","ok"],)j"
         R"j("reason":["no page has come yet",null],"remedy":[null,null],"cpuCurve":[null,)j"
         R"j("....................................................________"],"memoryCurve":[null,)j"
         R"j("....................................................99999999"]}})j"},
        {"kind=pod&curves=0&search=WEB+n1&limit=1&offset=1",
         R"j({"tick":1767607320,"asOf":1767607320,"resolution":15,"kind":"pod",)j"
         R"j("range":{"from":1767603720,"to":1767607320,"step":60,"points":60},"total":3,)j"
         R"j("matched":2,"offset":1,"sums":{"cpu":121,"memory":53248},)j"
         R"j("columns":{"namespace":["shop"],"name":["web-1"],"workload":["Pods/web"],)j"
         R"j("node":["n1"],"cpu":[20],"memory":[4096],"started":[null],"state":["ok"],)j"
         R"j("reason":[null]}})j"},
        {"kind=pod&curves=0&namespace=nowhere",
         R"j({"tick":1767607320,"asOf":1767607320,"resolution":15,"kind":"pod",)j"
         R"j("range":{"from":1767603720,"to":1767607320,"step":60,"points":60},"total":0,)j"
         R"j("matched":0,"offset":0,"sums":{"cpu":0,"memory":0},"columns":{"namespace":[],)j"
         R"j("name":[],"workload":[],"node":[],"cpu":[],"memory":[],"started":[],"state":[],)j"
         R"j("reason":[]}})j"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.question);
        CHECK(told(ui, std::string{"/ui/api/rows?"} + c.question) == c.answer);
    }
}

TEST_CASE("what is called alike does not change what comes first") {
    test::graphs::Scene scene;
    // The container's name is seen before the namespaces' of pods behind it; n0's state is called as a node
    // is.
    const test::graphs::Load alike[] = {{"app", "web", "redis", 5, 4096},
                                        {"cache", "store", "zeta", 4, 4096},
                                        {"cache", "store", "alpha", 1, 4096},
                                        {"redis", "main", "main", 3, 4096}};
    for (const test::graphs::Load& load : alike) {
        scene.loads.push_back(load);
        scene.store.put_pod(load.name_space, load.pod, {});
    }
    scene.store.put_node("ok", {});
    scene.run(9);
    apiserver::Ui ui{test::page::sources(scene)};
    const auto column = [&](const std::string& question, const std::string& name) {
        const std::string body = told(ui, "/ui/api/rows?curves=0&" + question);
        const auto found = body.find("\"" + name + "\":[");
        return found == body.npos ? body : body.substr(found, body.find(']', found) + 1 - found);
    };
    CHECK(column("kind=pod&sort=namespace&order=asc", "namespace") ==
          R"("namespace":["app","cache","redis","shop","shop","system"])");
    CHECK(column("kind=pod&sort=namespace&order=desc", "name") ==
          R"("name":["dns","web-0","web-1","main","store","web"])");
    CHECK(column("kind=workload&sort=namespace&order=asc", "name") ==
          R"("name":["Pods/web","Pods/store","Pods/main","Pods/web","Pods/dns"])");
    CHECK(column("kind=node&sort=node&order=desc", "name") == R"("name":["ok","n1","idle"])");
    for (const char* const each :
         {"kind=workload&namespace=cache&name=Pods/store", "kind=workload&namespace=redis&name=Pods/main",
          "kind=container&namespace=cache&pod=store&name=zeta",
          "kind=container&namespace=cache&pod=store&name=alpha", "kind=namespace&name=redis",
          "kind=node&name=ok"}) {
        CAPTURE(each);
        CHECK(told(ui, std::string{"/ui/api/series?parts=0&"} + each).find(R"("about":{)") !=
              std::string::npos);
        CHECK(told(ui, std::string{"/ui/api/series?parts=0&"} + each).find(R"("state":"ended")") ==
              std::string::npos);
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
        {"kind=pod&curves=0",
         R"j({"tick":1767607320,"asOf":1767607320,"resolution":15,"kind":"pod",)j"
         R"j("range":{"from":1767603720,"to":1767607320,"step":60,"points":60},"total":3,)j"
         R"j("matched":3,"offset":0,"sums":{"cpu":124,"memory":57344},)j"
         R"j("columns":{"namespace":["shop","shop","system"],"name":["web-0","web-1","dns"],)j"
         R"j("workload":["StatefulSet/web","StatefulSet/web","Pod/dns"],"node":["n1","n1","n1"],)j"
         R"j("cpu":[101,20,3],"memory":[49152,4096,4096],"cpuRequest":[150,150,null],)j"
         R"j("cpuLimit":[400,400,null],"memoryRequest":[65536,65536,null],"memoryLimit":[131072,)j"
         R"j(131072,null],"restarts":[4,0,0],"started":[null,null,null],"state":["ok","ok","ok"],)j"
         R"j("reason":[null,null,null]}})j"},
        {"kind=container&curves=0&workload=StatefulSet/web",
         R"j({"tick":1767607320,"asOf":1767607320,"resolution":15,"kind":"container",)j"
         R"j("range":{"from":1767603720,"to":1767607320,"step":60,"points":60},"total":3,)j"
         R"j("matched":3,"offset":0,"sums":{"cpu":121,"memory":53248},)j"
         R"j("columns":{"namespace":["shop","shop","shop"],"name":["app","app","proxy"],)j"
         R"j("pod":["web-0","web-1","web-0"],"node":["n1","n1","n1"],"cpu":[101,20,1],)j"
         R"j("memory":[40960,4096,8192],"cpuRequest":[150,150,null],"cpuLimit":[400,400,null],)j"
         R"j("memoryRequest":[65536,65536,null],"memoryLimit":[131072,131072,null],"restarts":[3,0,)j"
         R"j(1],"started":[null,null,null],"state":["ok","ok","ok"],"reason":[null,null,null]}})j"},
        {"kind=workload&curves=0",
         R"j({"tick":1767607320,"asOf":1767607320,"resolution":15,"kind":"workload",)j"
         R"j("range":{"from":1767603720,"to":1767607320,"step":60,"points":60},"total":2,)j"
         R"j("matched":2,"offset":0,"sums":{"cpu":124,"memory":57344},)j"
         R"j("columns":{"namespace":["shop","system"],"name":["StatefulSet/web","Pod/dns"],)j"
         R"j("cpu":[121,3],"memory":[53248,4096],"cpuRequest":[300,null],"cpuLimit":[800,null],)j"
         R"j("memoryRequest":[131072,null],"memoryLimit":[262144,null],"pods":[2,1]}})j"},
        {"kind=namespace&curves=0",
         R"j({"tick":1767607320,"asOf":1767607320,"resolution":15,"kind":"namespace",)j"
         R"j("range":{"from":1767603720,"to":1767607320,"step":60,"points":60},"total":2,)j"
         R"j("matched":2,"offset":0,"sums":{"cpu":124,"memory":57344},"columns":{"name":["shop",)j"
         R"j("system"],"cpu":[121,3],"memory":[53248,4096],"cpuRequest":[300,null],"cpuLimit":[800,)j"
         R"j(null],"memoryRequest":[131072,null],"memoryLimit":[262144,null],"pods":[2,1]}})j"},
        {"kind=node&curves=0&sort=cpuShare",
         R"j({"tick":1767607320,"asOf":1767607320,"resolution":15,"kind":"node",)j"
         R"j("range":{"from":1767603720,"to":1767607320,"step":60,"points":60},"total":2,)j"
         R"j("matched":2,"offset":0,"sums":{"cpu":250,"memory":1048576},"columns":{"name":["n1",)j"
         R"j("idle"],"cpu":[250,null],"memory":[1048576,null],"cpuRequested":[300,0],)j"
         R"j("cpuCapacity":[1800,null],"memoryRequested":[131072,0],"memoryCapacity":[8000000,)j"
         R"j(null],"pods":[3,0],"lastSample":[1767607320,null],"state":["ok","noPage"],)j"
         R"j("reason":[null,"no page has come yet"],"remedy":[null,null]}})j"},
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
    CHECK(told(ui, "/ui/api/rows?kind=pod&curves=0&namespace=shop&sort=name") ==
          R"j({"tick":1767607215,"asOf":1767607215,"resolution":15,"kind":"pod",)j"
          R"j("range":{"from":1767603660,"to":1767607260,"step":60,"points":60},"total":5,)j"
          R"j("matched":5,"offset":0,"sums":{"cpu":126,"memory":57344},)j"
          R"j("columns":{"namespace":["shop","shop","shop","shop","shop"],)j"
          "\"name\":[\"\\u003cb\\u003e\\\"\\\\'\\u0026\xd7\xa9\xe2\x80\xae\",\"unseen\",\"web-0\",\"web-1\","
          "\"young\"],"
          "\"workload\":[\"Pods/\\u003cb\\u003e\\\"\\\\'\\u0026\xd7\xa9\xe2\x80\xae\",\"Pods/unseen\",\"Pods/"
          "web\",\"Pods/web\","
          R"j("Pods/young"],"node":["n1",null,"n1","n1","n1"],"cpu":[5,null,101,20,null],)j"
          R"j("memory":[4096,null,49152,4096,null],"started":[null,null,null,null,null],)j"
          R"j("state":["ok","noLine","ok","ok","container"],"reason":[null,)j"
          R"j("no page of a node has named it: its kubelet does not report it yet,)j"
          R"j( or its node is not scraped (see the list of nodes)",null,null,)j"
          R"j("container \"app\": it has one sample,)j"
          R"j( and a rate takes two; the kubelet reports no start to count from"]}})j");
    CHECK(told(ui, "/ui/api/rows?kind=container&curves=0&namespace=shop&pod=young") ==
          R"j({"tick":1767607215,"asOf":1767607215,"resolution":15,"kind":"container",)j"
          R"j("range":{"from":1767603660,"to":1767607260,"step":60,"points":60},"total":1,)j"
          R"j("matched":1,"offset":0,"sums":{"cpu":0,"memory":0},"columns":{"namespace":["shop"],)j"
          R"j("name":["app"],"pod":["young"],"node":["n1"],"cpu":[null],"memory":[null],)j"
          R"j("started":[null],"state":["oneSample"],"reason":["it has one sample,)j"
          R"j( and a rate takes two; the kubelet reports no start to count from"]}})j");
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
    CHECK(told(ui, "/ui/api/rows?kind=node&curves=0&sort=name") ==
          R"j({"tick":1767607260,"asOf":1767607260,"resolution":15,"kind":"node",)j"
          R"j("range":{"from":1767603660,"to":1767607260,"step":60,"points":60},"total":2,)j"
          R"j("matched":2,"offset":0,"sums":{"cpu":250,"memory":1048576},"columns":{"name":["idle",)j"
          R"j("n1"],"cpu":[null,250],"memory":[null,1048576],"pods":[0,3],"lastSample":[null,)j"
          R"j(1767607260],"state":["failing","ok"],"reason":["connection refused",null],)j"
          R"j("remedy":["see whether the kubelet runs",null]}})j");
}

TEST_CASE("before there is any history tables have figures and no curves") {
    test::graphs::Scene scene;
    apiserver::Ui ui{test::page::sources(scene)};
    CHECK(told(ui, "/ui/api/rows?kind=node&sort=name") ==
          R"j({"tick":0,"asOf":1767607185,"resolution":15,"kind":"node","range":{"from":-3600,)j"
          R"j("to":0,"step":60,"points":60},"total":2,"matched":2,"offset":0,"sums":{"cpu":0,)j"
          R"j("memory":0},"scale":{"cpu":0,"memory":0},"columns":{"name":["idle","n1"],"cpu":[null,)j"
          R"j(null],"memory":[null,null],"pods":[0,0],"lastSample":[null,null],"state":["noPage",)j"
          R"j("noPage"],"reason":["no page has come yet","no page has come yet"],"remedy":[null,)j"
          R"j(null],"cpuCurve":[null,null],"memoryCurve":[null,null]}})j");
}
