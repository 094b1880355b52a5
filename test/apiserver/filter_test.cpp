// SPDX-License-Identifier: Apache-2.0
// What happens to a request before and beside the metrics: identity and permission, and what every answer
// has. Whole refusals are in test/apiserver/contract/statuses_test.cpp.
#include "test/apiserver/fixture.hpp"

#include <catch2/catch.hpp>

using test::Cluster;
using test::header;
using test::kMetrics;

namespace {

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

TEST_CASE("who is refused or denied is so before more is looked at than the timeout and the verb") {
    Cluster cluster;
    cluster.authenticator.result = {apiserver::AuthResult::Verdict::refused, {}};
    CHECK(cluster.get(kMetrics + "/nodes").status == 401);
    CHECK(cluster.get(kMetrics + "/nodes?timeout=abc").status == 400);
    CHECK(cluster.authorizer.asked.empty());
    cluster.authenticator.result.verdict = apiserver::AuthResult::Verdict::accepted;
    cluster.authorizer.result = {apiserver::Decision::Verdict::denied, "no rule"};
    CHECK(cluster.ask(test::request(kMetrics + "/bogus/x", {}, "POST")).status == 403);
    REQUIRE(cluster.authorizer.asked.size() == 1);
    CHECK(cluster.authorizer.asked[0].verb == "create");
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
