// SPDX-License-Identifier: Apache-2.0
// What happens to a request before and beside the metrics: identity, permission, and the documents of the
// server.
#include "test/apiserver/fixture.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using test::Cluster;
using test::header;
using test::kMetrics;

namespace {

const std::string kStart = R"({"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure",)";

bool is_random_uuid(const std::string& text) {
    const std::string shape = "hhhhhhhh-hhhh-4hhh-vhhh-hhhhhhhhhhhh";
    if (text.size() != shape.size()) return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const std::string_view allowed = shape[i] == 'h'   ? "0123456789abcdef"
                                         : shape[i] == 'v' ? "89ab"
                                                           : std::string_view{shape}.substr(i, 1);
        if (allowed.find(text[i]) == std::string_view::npos) return false;
    }
    return true;
}

}  // namespace

TEST_CASE("who is refused is told so before anything else is looked at") {
    using Verdict = apiserver::AuthResult::Verdict;
    Cluster cluster;
    cluster.authenticator.result = {Verdict::refused, {}};
    for (const std::string target : {"/", "/apis", "/healthz", "/bogus", "/apis/metrics.k8s.io/v1/nodes"}) {
        const net::Response response = cluster.get(target);
        CHECK(response.status == 401);
        CHECK(response.body ==
              kStart + R"("message":"Unauthorized","reason":"Unauthorized","code":401})" + "\n");
    }
    CHECK(cluster.get(kMetrics + "/nodes?timeout=abc").status == 400);
    CHECK(cluster.authorizer.asked.empty());

    cluster.authenticator.result = {Verdict::not_ready, {}};
    const net::Response response = cluster.get(kMetrics);
    CHECK(response.status == 503);
    CHECK(header(response, "Retry-After") == "5");
}

TEST_CASE("who is denied gets 403 even for what does not exist") {
    Cluster cluster;
    cluster.authorizer.result = {apiserver::Decision::Verdict::denied, "no rule"};
    const net::Response response = cluster.ask(test::request(kMetrics + "/bogus/x", {}, "POST"));
    CHECK(response.status == 403);
    CHECK(header(response, "X-Content-Type-Options") == "nosniff");
    CHECK(
        response.body ==
        kStart +
            R"("message":"bogus.metrics.k8s.io \"x\" is forbidden: User \"joe\" cannot create resource \"bogus\" in API group \"metrics.k8s.io\" at the cluster scope: no rule","reason":"Forbidden","details":{"name":"x","group":"metrics.k8s.io","kind":"bogus"},"code":403})" +
            "\n");
    REQUIRE(cluster.authorizer.asked.size() == 1);
    CHECK(cluster.authorizer.asked[0].verb == "create");
}

TEST_CASE("when nobody can tell whether it is allowed the answer is 500") {
    Cluster cluster;
    cluster.authorizer.result = {apiserver::Decision::Verdict::failed, "no connection"};
    const net::Response response = cluster.get(kMetrics + "/nodes?a=<b>");
    CHECK(response.status == 500);
    CHECK(header(response, "Content-Type") == "text/plain; charset=utf-8");
    CHECK(response.body ==
          "Internal Server Error: \"/apis/metrics.k8s.io/v1beta1/nodes?a=&lt;b&gt;\": no connection\n");
}

TEST_CASE("a path that names no resource after watch is 500") {
    Cluster cluster;
    const net::Response response = cluster.get(kMetrics + "/watch");
    CHECK(response.status == 500);
    CHECK(
        response.body ==
        "Internal Server Error: \"/apis/metrics.k8s.io/v1beta1/watch\": failed to create RequestInfo: unable "
        "to determine kind and namespace from url, /apis/metrics.k8s.io/v1beta1/watch\n");
}

TEST_CASE("a target with a broken escape is 400 and the connection closes") {
    Cluster cluster;
    const net::Response response = cluster.get("/apis/%zz");
    CHECK(response.status == 400);
    CHECK(response.body == "400 Bad Request");
    CHECK(response.close);
}

TEST_CASE("paths outside the API get the index") {
    Cluster cluster;
    cluster.options.readyz = {apiserver::always_healthy("ping")};
    const std::string index =
        "{\n  \"paths\": [\n    \"/\",\n    \"/apis\",\n    \"/apis/\",\n    \"/apis/metrics.k8s.io\",\n"
        "    \"/apis/metrics.k8s.io/v1\",\n    \"/apis/metrics.k8s.io/v1beta1\",\n    \"/healthz\",\n"
        "    \"/livez\",\n    \"/openapi/v2\",\n    \"/openapi/v3\",\n    \"/openapi/v3/\",\n    "
        "\"/readyz\",\n    "
        "\"/readyz/ping\",\n    \"/version\"\n  ]\n}";
    CHECK(cluster.get("/").status == 200);
    CHECK(cluster.body("/") == index);
    for (const char* target : {"/api", "/foo", "/apis/foo", "//apis/metrics.k8s.io/v1/nodes", "/apisx",
                               "/apis/metrics.k8s.iox", "/readyz/", "/readyz/nope", "/versionx", "*"}) {
        CAPTURE(target);
        const net::Response response = cluster.get(target);
        CHECK(response.status == 404);
        CHECK(response.body == index);
        CHECK(header(response, "Content-Type") == "application/json");
    }
    CHECK(cluster.get("/apis/metrics.k8s.io/v2/nodes").body ==
          cluster.get("/apis/metrics.k8s.io/v1/bogus").body);
}

TEST_CASE("health pages answer any method") {
    Cluster cluster;
    cluster.options.livez = {apiserver::always_healthy("ping")};
    CHECK(cluster.ask(test::request("/livez", {}, "POST")).body == "ok");
    CHECK(cluster.body("/livez?verbose") == "[+]ping ok\nlivez check passed\n");
    CHECK(cluster.body("/livez/ping") == "ok");
}

TEST_CASE("every answer has an audit id and forbids caching") {
    Cluster cluster;
    const net::Response first = cluster.get(kMetrics);
    CHECK(is_random_uuid(header(first, "Audit-Id")));
    CHECK(header(first, "Audit-Id") != header(cluster.get(kMetrics), "Audit-Id"));
    CHECK(header(first, "Cache-Control") == "no-cache, private");
    CHECK(header(cluster.get(kMetrics, {{"audit-id", "mine"}}), "Audit-Id") == "mine");
    const std::string endless(257, 'a');
    CHECK(is_random_uuid(header(cluster.get("/foo", {{"Audit-Id", endless}}), "Audit-Id")));
}
