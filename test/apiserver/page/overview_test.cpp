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
    CHECK(
        told(ui, "/ui/api/overview") ==
        R"json({"tick":1767607320,"asOf":1767607320,"resolution":15,"version":"0.9","sources":{"objects":false,"summary":false},"reach":{"recentFrom":1767607200,"longFrom":1767607200,"to":1767607320,"cut":false,"recentWindow":3600,"longWindow":86400},"counts":{"nodes":2,"nodesWithFigures":1,"namespaces":2,"pods":4,"podsWithFigures":3,"containers":4},"cpu":{"used":250,"capacity":null,"allocatable":null,"requested":null,"limits":null},"memory":{"used":1048576,"capacity":null,"allocatable":null,"requested":null,"limits":null},"curve":{"from":1767603720,"step":60,"scaleCpu":250,"scaleMemory":1100000,"cpu":"..........................................................__","memory":"..........................................................99"},"top":{"podsByCpu":{"namespace":["shop","shop","system"],"name":["web-0","web-1","dns"],"cpu":[101,20,3],"memory":[49152,4096,4096]},"podsByMemory":{"namespace":["shop","shop","system"],"name":["web-0","web-1","dns"],"cpu":[101,20,3],"memory":[49152,4096,4096]},"namespacesByCpu":{"name":["shop","system"],"cpu":[121,3],"memory":[53248,4096]},"namespacesByMemory":{"name":["shop","system"],"cpu":[121,3],"memory":[53248,4096]},"nodesByCpu":{"name":["n1"],"cpu":[250],"memory":[1048576]},"nodesByMemory":{"name":["n1"],"cpu":[250],"memory":[1048576]}},"troubles":{"total":1,"node":["idle"],"state":["noPage"],"lastSample":[null],"reason":["no page has come yet"],"remedy":[null]},"podsWithout":{"total":1,"namespace":["system"],"name":["unseen"],"reason":["no page of a node has named it: its kubelet does not report it yet, or its node is not scraped (see the list of nodes)"]},"changes":{"asOf":null,"from":0,"begun":0,"ended":0,"restarts":0,"kind":[],"namespace":[],"name":[],"container":[],"at":[],"before":[],"now":[]}})json");
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
    CHECK(
        told(ui, "/ui/api/overview") ==
        R"({"tick":1767607320,"asOf":1767607320,"resolution":15,"version":"0.9","sources":{"objects":true,"summary":false},"reach":{"recentFrom":1767607200,"longFrom":1767607200,"to":1767607320,"cut":false,"recentWindow":3600,"longWindow":86400},"counts":{"nodes":2,"nodesWithFigures":1,"namespaces":2,"pods":3,"podsWithFigures":3,"containers":4},"cpu":{"used":250,"capacity":2000,"allocatable":1800,"requested":300,"limits":800},"memory":{"used":1048576,"capacity":8388608,"allocatable":8000000,"requested":131072,"limits":262144},"curve":{"from":1767603720,"step":60,"scaleCpu":250,"scaleMemory":1100000,"cpu":"..........................................................__","memory":"..........................................................99"},"top":{"podsByCpu":{"namespace":["shop","shop","system"],"name":["web-0","web-1","dns"],"cpu":[101,20,3],"memory":[49152,4096,4096]},"podsByMemory":{"namespace":["shop","shop","system"],"name":["web-0","web-1","dns"],"cpu":[101,20,3],"memory":[49152,4096,4096]},"namespacesByCpu":{"name":["shop","system"],"cpu":[121,3],"memory":[53248,4096]},"namespacesByMemory":{"name":["shop","system"],"cpu":[121,3],"memory":[53248,4096]},"nodesByCpu":{"name":["n1"],"cpu":[250],"memory":[1048576]},"nodesByMemory":{"name":["n1"],"cpu":[250],"memory":[1048576]}},"troubles":{"total":1,"node":["idle"],"state":["failing"],"lastSample":[null],"reason":["connection refused"],"remedy":["see whether the kubelet runs"]},"podsWithout":{"total":0,"namespace":[],"name":[],"reason":[]},"changes":{"asOf":null,"from":0,"begun":0,"ended":0,"restarts":0,"kind":[],"namespace":[],"name":[],"container":[],"at":[],"before":[],"now":[]}})");
}

TEST_CASE("the overview before anything is known") {
    test::graphs::Scene scene;
    apiserver::Ui ui{test::page::sources(scene), versioned()};
    CHECK(
        told(ui, "/ui/api/overview") ==
        R"json({"tick":0,"asOf":1767607185,"resolution":15,"version":"0.9","sources":{"objects":false,"summary":false},"reach":{"recentFrom":0,"longFrom":0,"to":0,"cut":false,"recentWindow":3600,"longWindow":86400},"counts":{"nodes":2,"nodesWithFigures":0,"namespaces":2,"pods":3,"podsWithFigures":0,"containers":0},"cpu":{"used":null,"capacity":null,"allocatable":null,"requested":null,"limits":null},"memory":{"used":null,"capacity":null,"allocatable":null,"requested":null,"limits":null},"curve":{"from":-3600,"step":60,"scaleCpu":0,"scaleMemory":0,"cpu":null,"memory":null},"top":{"podsByCpu":{"namespace":[],"name":[],"cpu":[],"memory":[]},"podsByMemory":{"namespace":[],"name":[],"cpu":[],"memory":[]},"namespacesByCpu":{"name":[],"cpu":[],"memory":[]},"namespacesByMemory":{"name":[],"cpu":[],"memory":[]},"nodesByCpu":{"name":[],"cpu":[],"memory":[]},"nodesByMemory":{"name":[],"cpu":[],"memory":[]}},"troubles":{"total":2,"node":["idle","n1"],"state":["noPage","noPage"],"lastSample":[null,null],"reason":["no page has come yet","no page has come yet"],"remedy":[null,null]},"podsWithout":{"total":3,"namespace":["shop","shop","system"],"name":["web-0","web-1","dns"],"reason":["no page of a node has named it: its kubelet does not report it yet, or its node is not scraped (see the list of nodes)","no page of a node has named it: its kubelet does not report it yet, or its node is not scraped (see the list of nodes)","no page of a node has named it: its kubelet does not report it yet, or its node is not scraped (see the list of nodes)"]},"changes":{"asOf":null,"from":0,"begun":0,"ended":0,"restarts":0,"kind":[],"namespace":[],"name":[],"container":[],"at":[],"before":[],"now":[]}})json");
}
