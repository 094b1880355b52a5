// SPDX-License-Identifier: Apache-2.0
// Contract, 4.6: what a client is told when it does not get what it asked for, whole answers. Elsewhere: the
// rows about paths and methods paths_test.cpp; who is asked in which order test/apiserver/filter_test.cpp;
// all that a Status in protobuf may hold test/apiserver/status_test.cpp. Nothing of ours has a use for a
// Status of 500: what reads memory does not fail.
#include "test/apiserver/contract/bodies.hpp"
#include "test/apiserver/contract/told.hpp"

#include <catch2/catch.hpp>

using namespace test;
using apiserver::Decision;
using Verdict = apiserver::AuthResult::Verdict;

namespace {

const std::string kNoSniff = "X-Content-Type-Options: nosniff\n";

// The answer 403: `rest` from the message on.
std::string forbidden(const std::string& rest) {
    return "403 application/json\n" + kNoSniff +
           R"(
{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure",)" +
           rest + "\n";
}

void check_status(Cluster& cluster, const std::string& target, const std::string& expected,
                  const char* method = "GET") {
    CAPTURE(method, target);
    CHECK(told(cluster.ask(request(target, {}, method))) == expected);
}

}  // namespace

TEST_CASE("401 for who is not known, wherever they go") {
    Cluster cluster;
    cluster.fill();
    cluster.authenticator.result = {Verdict::refused, {}};
    const std::string unauthorized =
        refused(401, R"("message":"Unauthorized","reason":"Unauthorized","code":401})");
    for (const std::string target :
         {"/", "/apis", "/apis/metrics.k8s.io/v1beta1/nodes", "/healthz", "/livez", "/readyz", "/version",
          "/openapi/v2", "/bogus", "/apis/metrics.k8s.io/v1beta1/bogus"})
        check_status(cluster, target, unauthorized);
    check_status(cluster, kMetrics + "/nodes", unauthorized, "POST");
    CHECK(told(cluster.get(kMetrics + "/nodes", {kProtobuf})) ==
          "401 application/vnd.kubernetes.protobuf\n\n" +
              golden("6b387300 0a0c{0a02'v1' 1206'Status'} 1230[0a06{0a00 1200 1a00} 1207'Failure'"
                     "1a0c'Unauthorized' 220c'Unauthorized' 309103] 1a00 2200"));
}

TEST_CASE("403 names the user and what they may not do") {
    Cluster cluster;
    cluster.fill();
    cluster.authorizer.result = {Decision::Verdict::denied, "no rule"};
    const std::string nodes =
        R"("message":"nodes.metrics.k8s.io is forbidden: User \"joe\" cannot list resource \"nodes\" in API group \"metrics.k8s.io\" at the cluster scope)";
    const std::string of_nodes =
        R"(","reason":"Forbidden","details":{"group":"metrics.k8s.io","kind":"nodes"},"code":403})";
    check_status(cluster, kMetrics + "/nodes", forbidden(nodes + ": no rule" + of_nodes));
    check_status(
        cluster, kMetrics + "/namespaces/default/pods/web-0",
        forbidden(
            R"("message":"pods.metrics.k8s.io \"web-0\" is forbidden: User \"joe\" cannot get resource \"pods\" in API group \"metrics.k8s.io\" in the namespace \"default\": no rule","reason":"Forbidden","details":{"name":"web-0","group":"metrics.k8s.io","kind":"pods"},"code":403})"));
    check_status(
        cluster, "/metrics",
        forbidden(
            R"("message":"forbidden: User \"joe\" cannot get path \"/metrics\": no rule","reason":"Forbidden","details":{},"code":403})"));
    // Before 404, 405 and 406.
    check_status(
        cluster, kMetrics + "/bogus/x",
        forbidden(
            R"("message":"bogus.metrics.k8s.io \"x\" is forbidden: User \"joe\" cannot create resource \"bogus\" in API group \"metrics.k8s.io\" at the cluster scope: no rule","reason":"Forbidden","details":{"name":"x","group":"metrics.k8s.io","kind":"bogus"},"code":403})"),
        "POST");
    check_status(
        cluster, kMetrics + "/nodes?watch=true&limit=abc",
        forbidden(
            R"("message":"nodes.metrics.k8s.io is forbidden: User \"joe\" cannot watch resource \"nodes\" in API group \"metrics.k8s.io\" at the cluster scope: no rule","reason":"Forbidden","details":{"group":"metrics.k8s.io","kind":"nodes"},"code":403})"));
    cluster.authorizer.result.reason = "";
    check_status(cluster, kMetrics + "/nodes", forbidden(nodes + of_nodes));
    // The user's part is HTML-escaped before JSON escapes it again; the authorizer's reason is not.
    cluster.authenticator.result.user.name = "a<b>\"&\xc3\xa9";
    cluster.authorizer.result.reason = "<raw>";
    check_status(
        cluster, "/x",
        forbidden(
            R"("message":"forbidden: User \"a\u0026lt;b\u0026gt;\\\"\u0026amp;)"
            "\xc3\xa9"
            R"(\" cannot get path \"/x\": \u003craw\u003e","reason":"Forbidden","details":{},"code":403})"));
}

TEST_CASE("403 in protobuf") {
    Cluster cluster;
    cluster.authorizer.result = {Decision::Verdict::denied, ""};
    CHECK(
        told(cluster.get(kMetrics + "/nodes", {kProtobuf})) ==
        "403 application/vnd.kubernetes.protobuf\n" + kNoSniff + "\n" +
            golden(
                "6b387300 0a0c{0a02'v1' 1206'Status'} 12bd01[0a06{0a00 1200 1a00} 1207'Failure'"
                "1a7d'nodes.metrics.k8s.io is forbidden: User \"joe\" cannot list resource \"nodes\" in API "
                "group \"metrics.k8s.io\" at the cluster scope' 2209'Forbidden'"
                "2a1d{0a00 120e'metrics.k8s.io' 1a05'nodes' 2800 3200} 309303] 1a00 2200"));
}

TEST_CASE("404 for what is not there and for what has no sample") {
    Cluster cluster;
    cluster.fill();
    check_status(
        cluster, kMetrics + "/nodes/n3",
        refused(
            404,
            R"("message":"nodemetrics.metrics.k8s.io \"n3\" not found","reason":"NotFound","details":{"name":"n3","group":"metrics.k8s.io","kind":"nodemetrics"},"code":404})"));
    check_status(
        cluster, kMetrics + "/namespaces/default/pods/web-1",
        refused(
            404,
            R"("message":"podmetrics.metrics.k8s.io \"default/web-1\" not found","reason":"NotFound","details":{"name":"default/web-1","group":"metrics.k8s.io","kind":"podmetrics"},"code":404})"));
    check_status(
        cluster, kMetrics + "/nodes/nope",
        refused(
            404,
            R"("message":"node \"nope\" not found","reason":"NotFound","details":{"name":"nope","kind":"node"},"code":404})"));
    check_status(
        cluster, kMetrics + "/namespaces/none/pods/nope",
        refused(
            404,
            R"("message":"pods \"nope\" not found","reason":"NotFound","details":{"name":"nope","kind":"pods"},"code":404})"));
    check_status(
        cluster, kMetrics + "/bogus",
        refused(
            404,
            R"("message":"the server could not find the requested resource","reason":"NotFound","details":{},"code":404})"));
}

TEST_CASE("404 outside any API group is the index of paths") {
    Cluster cluster;
    cluster.options.readyz = {apiserver::always_healthy("ping")};
    const std::string index =
        " application/json\n\n{\n  \"paths\": [\n    \"/\",\n    \"/apis\",\n    \"/apis/\",\n"
        "    \"/apis/metrics.k8s.io\",\n    \"/apis/metrics.k8s.io/v1\",\n"
        "    \"/apis/metrics.k8s.io/v1beta1\",\n    \"/healthz\",\n    \"/livez\",\n    \"/openapi/v2\",\n"
        "    \"/openapi/v3\",\n    \"/openapi/v3/\",\n    \"/readyz\",\n    \"/readyz/ping\",\n"
        "    \"/version\"\n  ]\n}";
    check_status(cluster, "/", "200" + index);
    for (const std::string target :
         {"/api", "/api/v1", "/foo", "/apis/foo", "/apis/foo/v1/bars", "//apis/metrics.k8s.io/v1/nodes",
          "/apisx", "/apis/metrics.k8s.iox", "/readyz/", "/readyz/nope", "/healthz/ping", "/versionx", "*"})
        check_status(cluster, target, "404" + index);
    // Whatever the client takes, and whatever it means to do.
    CHECK(told(cluster.get("/foo", {kProtobuf})) == "404" + index);
    check_status(cluster, "/foo", "404" + index, "DELETE");
}

TEST_CASE("503 before the authorities are known and after the last wanted request") {
    Cluster cluster;
    cluster.authenticator.result = {Verdict::not_ready, {}};
    check_status(cluster, kMetrics,
                 R"(503 application/json
Retry-After: 5

{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"the request has been made before all known HTTP paths have been installed, please try again","reason":"ServiceUnavailable","details":{"retryAfterSeconds":5},"code":503}
)");
    apiserver::Api api{cluster.options, cluster.store, cluster.authenticator, cluster.authorizer};
    api.shut_down(apiserver::Termination::Farewell::unavailable);
    for (const std::string& target : {kMetrics + "/nodes", std::string{"/foo"}}) {
        const net::Response response = respond(api, request(target));
        CHECK(told(response) == "503 application/json\nRetry-After: 1\n" + kNoSniff +
                                    R"(
{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"apiserver is shutting down","reason":"ServiceUnavailable","code":503}
)");
        CHECK(response.close);
    }
}

TEST_CASE("500 when nobody can tell whether it is allowed") {
    Cluster cluster;
    cluster.authorizer.result = {Decision::Verdict::failed, "<no connection>"};
    check_status(cluster, kMetrics + "/nodes?a=<b>",
                 "500 text/plain; charset=utf-8\n" + kNoSniff +
                     "\nInternal Server Error: \"/apis/metrics.k8s.io/v1beta1/nodes?a=&lt;b&gt;\": "
                     "&lt;no connection&gt;\n");
}

TEST_CASE("400 for a target that is no path") {
    Cluster cluster;
    for (const std::string target : {"/apis/%zz", "/%", "/%4"})
        check_status(cluster, target, "400 text/plain; charset=utf-8\n\n400 Bad Request");
}

TEST_CASE("429 while others get all that memory allows") {
    Cluster cluster;
    cluster.add_pods(3000);
    cluster.options.metrics.encoded_list_bytes = 200'000;
    cluster.options.metrics.encoded_list_wait = {};
    apiserver::Api api{cluster.options, cluster.store, cluster.authenticator, cluster.authorizer};
    // Lists with selectors are not shared.
    const auto ask = [&] {
        return respond(api, request(kMetrics + "/pods?labelSelector=%21none", {kProtobuf}));
    };
    const net::Response first = ask();
    CHECK(first.status == 200);
    CHECK(told(ask()) == "429 text/plain; charset=utf-8\nRetry-After: 1\n" + kNoSniff +
                             "\nToo many requests, please try again later.\n");
}
