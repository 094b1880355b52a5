// SPDX-License-Identifier: Apache-2.0
// What requests get while the server is about to close.
#include "apiserver/in_flight.hpp"
#include "test/apiserver/fixture.hpp"

#include <catch2/catch.hpp>

using namespace test;
using apiserver::Termination;

namespace {

const std::string kUnavailable =
    R"({"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"apiserver is shutting )"
    R"(down","reason":"ServiceUnavailable","code":503})"
    "\n";
const std::string kLater = "The apiserver is shutting down, please try again later.\n";

}  // namespace

TEST_CASE("Before the listener closes new requests are sent elsewhere, but not probes") {
    struct Case {
        const char* name;
        Termination::Farewell farewell;
        unsigned status;
        std::string body;
        const char* type;
        const char* retry_after;
    };
    const Case cases[] = {
        {"503", Termination::Farewell::unavailable, 503, kUnavailable, "application/json", "1"},
        {"429", Termination::Farewell::retry_after, 429, kLater, "text/plain; charset=utf-8", "5"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.name);
        Cluster cluster;
        cluster.options.readyz = {apiserver::always_healthy("ping")};
        apiserver::Api api{cluster.options, cluster.store, cluster.authenticator, cluster.authorizer};
        const auto ask = [&](const std::string& target, const std::vector<Header>& headers = {}) {
            return respond(api, request(target, headers));
        };
        CHECK(ask("/version").status == 200);
        api.shut_down(c.farewell);
        // Before it is asked who they are and whether their timeout can be read.
        cluster.authenticator.result.verdict = apiserver::AuthResult::Verdict::refused;
        for (const std::string target : {"/version", "/", "/bogus?timeout=x", "/apis"}) {
            CAPTURE(target);
            const net::Response response = ask(target);
            CHECK(response.status == c.status);
            CHECK(response.body == c.body);
            CHECK(header(response, "Content-Type") == c.type);
            CHECK(header(response, "Retry-After") == c.retry_after);
            CHECK(header(response, "X-Content-Type-Options") == "nosniff");
            CHECK(response.close);
            CHECK(api.in_flight().all() == 0);
        }
        CHECK(ask(kMetrics + "/watch").status == 500);
        cluster.authenticator.result.verdict = apiserver::AuthResult::Verdict::accepted;
        for (const char* target : {"/healthz", "/livez", "/readyz", "/readyz/ping"})
            CHECK(ask(target).status == 200);
        CHECK(ask("/metrics").status != c.status);
        CHECK(ask("/version", {{"User-Agent", "kube-apiserver/v1.37.2"}}).status == 200);
        CHECK(ask("/version", {{"User-Agent", "kubectl/v1.37.2"}}).status == c.status);
    }
}

TEST_CASE("Strict-Transport-Security is in every answer, if anything is to be said") {
    Cluster cluster;
    CHECK(header(cluster.get("/version"), "Strict-Transport-Security") == "<none>");
    cluster.options.strict_transport_security = "max-age=31536000; includeSubDomains";
    cluster.authorizer.result.verdict = apiserver::Decision::Verdict::denied;
    for (const char* target : {"/version", "/healthz", kMetrics.c_str()})
        CHECK(header(cluster.get(target), "Strict-Transport-Security") ==
              "max-age=31536000; includeSubDomains");
}
