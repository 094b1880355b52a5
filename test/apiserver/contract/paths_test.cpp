// SPDX-License-Identifier: Apache-2.0
// Contract, the rows about paths and methods of 4.5, 4.6 and 7. What an authorizer makes of a path is in
// test/apiserver/request/request_info_test.cpp, the index of paths in statuses_test.cpp.
#include "test/apiserver/contract/bodies.hpp"
#include "test/apiserver/contract/told.hpp"

#include <catch2/catch.hpp>

using namespace test;

namespace {

const std::string kNoPath = refused(
    404,
    R"("message":"the server could not find the requested resource","reason":"NotFound","details":{},"code":404})");
const std::string kNoMethod = refused(
    405,
    R"("message":"the server does not allow this method on the requested resource","reason":"MethodNotAllowed","details":{},"code":405})");

std::string unknown(const std::string& kind, const std::string& name) {
    return refused(404, R"("message":")" + kind + R"( \")" + name +
                            R"(\" not found","reason":"NotFound","details":{"name":")" + name +
                            R"(","kind":")" + kind + R"("},"code":404})");
}

}  // namespace

TEST_CASE("no method but GET is allowed on what the API routes") {
    Cluster cluster;
    cluster.fill();
    for (const std::string method :
         {"POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "CONNECT", "LIST", "get"}) {
        for (const std::string& target :
             {kMetrics + "/nodes", kMetrics + "/nodes/n1", kMetrics + "/nodes/nope", kMetrics + "/pods",
              kMetrics + "/namespaces/default/pods", kMetrics + "/namespaces/default/pods/web-0", kMetrics,
              std::string{"/apis"}, std::string{"/apis/metrics.k8s.io/"}, std::string{"/version/"},
              kMetrics + "/nodes?limit=abc"}) {
            CAPTURE(method, target);
            // No Allow header; and before what the client accepts is looked at.
            CHECK(told(cluster.ask(request(target, {{"Accept", "text/html, */*;q=0.1"}}, method))) ==
                  kNoMethod);
        }
        for (const std::string target : {"/healthz", "/livez", "/readyz", "/openapi/v2", "/openapi/v3"})
            CHECK(cluster.ask(request(target, {}, method)).status == 200);
        CHECK(cluster.ask(request("/api", {}, method)).status == 404);
        // What is not there is so for every method.
        CHECK(told(cluster.ask(request(kMetrics + "/bogus", {}, method))) == kNoPath);
    }
}

TEST_CASE("paths are what they are after percent decoding") {
    Cluster cluster;
    cluster.fill();
    const std::string node = kOkJson + json_head("NodeMetrics") + kNode1Json + "\n";
    const std::string pod = kOkJson + json_head("PodMetrics") + kWebJson + "\n";
    const std::string nodes = kOkJson + json_list("NodeMetricsList", "{" + kNode1Json + ",{" + kNode2Json);
    const std::string in_default = kOkJson + json_list("PodMetricsList", "{" + kWebJson);
    const std::string everywhere = kOkJson + json_list("PodMetricsList", "{" + kWebJson + ",{" + kDnsJson);
    const std::pair<std::string, std::string> rows[] = {
        {kMetrics + "/nodes", nodes},
        {kMetrics + "/nodes/", nodes},
        {kMetrics + "/nodes//", nodes},
        {kMetrics + "/nodes/n1", node},
        {kMetrics + "/nodes/n1/", node},
        {kMetrics + "/nodes/n1//", node},
        {kMetrics + "/nodes/%6e1", node},
        {kMetrics + "%2Fnodes%2Fn1", node},
        {"https://any.host:1" + kMetrics + "/nodes/n1", node},
        {kMetrics + "/namespaces/default/pods/web-0", pod},
        {kMetrics + "/namespaces/default/pods/web-0/", pod},
        {kMetrics + "/namespaces/default/pods/web%2d0", pod},
        {kMetrics + "/namespaces/default/pods", in_default},
        {kMetrics + "/namespaces/default/pods/", in_default},
        {kMetrics + "/namespaces/default%2Fpods", in_default},
        {kMetrics + "/pods/", everywhere},
        {kMetrics + "/namespaces/none/pods", kOkJson + json_list("PodMetricsList", "")},
        // Never a way up: a name.
        {kMetrics + "/nodes/..", unknown("node", "..")},
        {kMetrics + "/nodes/.", unknown("node", ".")},
        {kMetrics + "/nodes/%2e%2e", unknown("node", "..")},
        {kMetrics + "/namespaces/default/pods/..", unknown("pods", "..")},
        {kMetrics + "/nodes/n+1", unknown("node", "n+1")},
        {kMetrics + "/nodes/%3Cn%3E", unknown("node", "\\u003cn\\u003e")},
        // Go's %q escapes what is not printable, and JSON the rest.
        {kMetrics + "/nodes/%E2%80%A8%C3%A9",
         refused(404, R"("message":"node \"\\u2028é\" not found",)"
                      R"("reason":"NotFound","details":{"name":"\u2028é",)"
                      R"("kind":"node"},"code":404})")},
        {kMetrics + "/nodes/N1", unknown("node", "N1")},
        {kMetrics + "//nodes", kNoPath},
        // No name is empty.
        {kMetrics + "/namespaces//pods", kNoPath},
        {kMetrics + "/namespaces//pods/web-0", kNoPath},
        {kMetrics + "/namespaces/default//pods", kNoPath},
        {kMetrics + "/namespaces/default/pods//", in_default},
        {kMetrics + "/namespaces/default/pods//debug", kNoPath},
        {kMetrics + "/namespaces//pods/web-0/debug", kNoPath},
        {kMetrics + "/nodes//n1", kNoPath},
        {kMetrics + "/namespaces/default/nodes", kNoPath},
        {kMetrics + "/namespaces/default/nodes/n1", kNoPath},
        {kMetrics + "/namespaces/default", kNoPath},
        {kMetrics + "/namespaces", kNoPath},
        {kMetrics + "/pods/web-0", kNoPath},
        {kMetrics + "/NODES", kNoPath},
        {kMetrics + "/Nodes/n1", kNoPath},
        {kMetrics + "/watch/nodes", kNoPath},
        {kMetrics + "/proxy/nodes", kNoPath},
        {kMetrics + "/nodes/n1/status", kNoPath},
        {kMetrics + "/namespaces/default/pods/web-0/status", kNoPath},
        {kMetrics + "/../v1beta1/nodes", kNoPath},
        {"/apis/metrics.k8s.io/v1alpha1/nodes", kNoPath},
        {"/apis/metrics.k8s.io/v2", kNoPath},
        {"/apis/metrics.k8s.io/v1beta1x", kNoPath},
    };
    for (const auto& [target, expected] : rows) {
        CAPTURE(target);
        CHECK(told(cluster.get(target)) == expected);
    }
}

TEST_CASE("a bare watch or proxy names no resource") {
    Cluster cluster;
    for (const std::string verb : {"watch", "proxy"})
        CHECK(told(cluster.get(kMetrics + "/" + verb)) ==
              "500 text/plain; charset=utf-8\nX-Content-Type-Options: nosniff\n\nInternal Server Error: "
              "\"/apis/metrics.k8s.io/v1beta1/" +
                  verb +
                  "\": failed to create RequestInfo: unable to determine kind and namespace from url, "
                  "/apis/metrics.k8s.io/v1beta1/" +
                  verb + "\n");
}
