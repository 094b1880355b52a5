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

// An hour of which the last two minutes are known.
std::string curve(const std::string& last) {
    std::string out = "[";
    for (int minute = 0; minute < 58; ++minute) out += "null,";
    return out + last + "]";
}

}  // namespace

TEST_CASE("the overview of a small cluster") {
    test::graphs::Scene scene;
    scene.store.put_pod("system", "unseen", {});
    scene.run(9);
    apiserver::Ui ui{test::page::sources(scene), versioned()};
    CHECK(told(ui, "/ui/api/overview") ==
          R"j({"tick":1767607320,"asOf":1767607320,"resolution":15,"version":"0.9",)j"
          R"j("sources":{"objects":false,"summary":false},"reach":{"recentFrom":1767607200,)j"
          R"j("longFrom":1767607200,"to":1767607320,"cut":false,"recentWindow":3600,)j"
          R"j("longWindow":86400},"counts":{"nodes":2,"nodesWithFigures":1,"namespaces":2,"pods":4,)j"
          R"j("podsWithFigures":3,"containers":4},"cpu":{"used":250,"capacity":null,)j"
          R"j("allocatable":null,"requested":null,"limits":null},"memory":{"used":1048576,)j"
          R"j("capacity":null,"allocatable":null,"requested":null,"limits":null},)j"
          R"j("curve":{"from":1767603720,"step":60,"cpu":)j" +
              curve("250,250") + R"j(,"memory":)j" + curve("1048576,1048576") +
              R"j(},)j"
              R"j("top":{"podsByCpu":{"namespace":["shop","shop","system"],"name":["web-0","web-1",)j"
              R"j("dns"],"cpu":[101,20,3],"memory":[49152,4096,4096]},)j"
              R"j("podsByMemory":{"namespace":["shop","shop","system"],"name":["web-0","web-1","dns"],)j"
              R"j("cpu":[101,20,3],"memory":[49152,4096,4096]},"namespacesByCpu":{"name":["shop",)j"
              R"j("system"],"cpu":[121,3],"memory":[53248,4096]},"namespacesByMemory":{"name":["shop",)j"
              R"j("system"],"cpu":[121,3],"memory":[53248,4096]},"nodesByCpu":{"name":["n1"],)j"
              R"j("cpu":[250],"memory":[1048576]},"nodesByMemory":{"name":["n1"],"cpu":[250],)j"
              R"j("memory":[1048576]}},"troubles":{"total":1,"node":["idle"],"state":["noPage"],)j"
              R"j("lastSample":[null],"reason":["no page has come yet"],"remedy":[null]},)j"
              R"j("podsWithout":{"total":1,"namespace":["system"],"name":["unseen"],)j"
              R"j("reason":["no page of a node has named it: its kubelet does not report it yet,)j"
              R"j( or its node is not scraped (see the list of nodes)"]},"changes":{"asOf":null,)j"
              R"j("from":0,"begun":0,"ended":0,"restarts":0,"kind":[],"namespace":[],"name":[],)j"
              R"j("container":[],"at":[],"before":[],"now":[]}})j");
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
    CHECK(told(ui, "/ui/api/overview") ==
          R"j({"tick":1767607320,"asOf":1767607320,"resolution":15,"version":"0.9",)j"
          R"j("sources":{"objects":true,"summary":false},"reach":{"recentFrom":1767607200,)j"
          R"j("longFrom":1767607200,"to":1767607320,"cut":false,"recentWindow":3600,)j"
          R"j("longWindow":86400},"counts":{"nodes":2,"nodesWithFigures":1,"namespaces":2,"pods":3,)j"
          R"j("podsWithFigures":3,"containers":4},"cpu":{"used":250,"capacity":2000,)j"
          R"j("allocatable":1800,"requested":300,"limits":800},"memory":{"used":1048576,)j"
          R"j("capacity":8388608,"allocatable":8000000,"requested":131072,"limits":262144},)j"
          R"j("curve":{"from":1767603720,"step":60,"cpu":)j" +
              curve("250,250") + R"j(,"memory":)j" + curve("1048576,1048576") +
              R"j(},)j"
              R"j("top":{"podsByCpu":{"namespace":["shop","shop","system"],"name":["web-0","web-1",)j"
              R"j("dns"],"cpu":[101,20,3],"memory":[49152,4096,4096]},)j"
              R"j("podsByMemory":{"namespace":["shop","shop","system"],"name":["web-0","web-1","dns"],)j"
              R"j("cpu":[101,20,3],"memory":[49152,4096,4096]},"namespacesByCpu":{"name":["shop",)j"
              R"j("system"],"cpu":[121,3],"memory":[53248,4096]},"namespacesByMemory":{"name":["shop",)j"
              R"j("system"],"cpu":[121,3],"memory":[53248,4096]},"nodesByCpu":{"name":["n1"],)j"
              R"j("cpu":[250],"memory":[1048576]},"nodesByMemory":{"name":["n1"],"cpu":[250],)j"
              R"j("memory":[1048576]}},"troubles":{"total":1,"node":["idle"],"state":["failing"],)j"
              R"j("lastSample":[null],"reason":["connection refused"],)j"
              R"j("remedy":["see whether the kubelet runs"]},"podsWithout":{"total":0,"namespace":[],)j"
              R"j("name":[],"reason":[]},"changes":{"asOf":null,"from":0,"begun":0,"ended":0,)j"
              R"j("restarts":0,"kind":[],"namespace":[],"name":[],"container":[],"at":[],"before":[],)j"
              R"j("now":[]}})j");
}

TEST_CASE("the overview before anything is known") {
    test::graphs::Scene scene;
    apiserver::Ui ui{test::page::sources(scene), versioned()};
    CHECK(told(ui, "/ui/api/overview") ==
          R"j({"tick":0,"asOf":1767607185,"resolution":15,"version":"0.9",)j"
          R"j("sources":{"objects":false,"summary":false},"reach":{"recentFrom":0,"longFrom":0,)j"
          R"j("to":0,"cut":false,"recentWindow":3600,"longWindow":86400},"counts":{"nodes":2,)j"
          R"j("nodesWithFigures":0,"namespaces":2,"pods":3,"podsWithFigures":0,"containers":0},)j"
          R"j("cpu":{"used":null,"capacity":null,"allocatable":null,"requested":null,"limits":null},)j"
          R"j("memory":{"used":null,"capacity":null,"allocatable":null,"requested":null,)j"
          R"j("limits":null},"curve":{"from":-3600,"step":60,"cpu":)j" +
              curve("null,null") + R"j(,"memory":)j" + curve("null,null") +
              R"j(},"top":{"podsByCpu":{"namespace":[],"name":[],"cpu":[],)j"
              R"j("memory":[]},"podsByMemory":{"namespace":[],"name":[],"cpu":[],"memory":[]},)j"
              R"j("namespacesByCpu":{"name":[],"cpu":[],"memory":[]},"namespacesByMemory":{"name":[],)j"
              R"j("cpu":[],"memory":[]},"nodesByCpu":{"name":[],"cpu":[],"memory":[]},)j"
              R"j("nodesByMemory":{"name":[],"cpu":[],"memory":[]}},"troubles":{"total":2,)j"
              R"j("node":["idle","n1"],"state":["noPage","noPage"],"lastSample":[null,null],)j"
              R"j("reason":["no page has come yet","no page has come yet"],"remedy":[null,null]},)j"
              R"j("podsWithout":{"total":3,"namespace":["shop","shop","system"],"name":["web-0","web-1",)j"
              R"j("dns"],"reason":["no page of a node has named it: its kubelet does not report it yet,)j"
              R"j( or its node is not scraped (see the list of nodes)",)j"
              R"j("no page of a node has named it: its kubelet does not report it yet,)j"
              R"j( or its node is not scraped (see the list of nodes)",)j"
              R"j("no page of a node has named it: its kubelet does not report it yet,)j"
              R"j( or its node is not scraped (see the list of nodes)"]},"changes":{"asOf":null,)j"
              R"j("from":0,"begun":0,"ended":0,"restarts":0,"kind":[],"namespace":[],"name":[],)j"
              R"j("container":[],"at":[],"before":[],"now":[]}})j");
}
