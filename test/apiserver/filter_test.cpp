// SPDX-License-Identifier: Apache-2.0
// What happens to a request before and beside the metrics: identity and permission, and what every answer
// has. Whole refusals are in test/apiserver/contract/statuses_test.cpp.
#include "test/apiserver/fixture.hpp"

#include <catch2/catch.hpp>

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
