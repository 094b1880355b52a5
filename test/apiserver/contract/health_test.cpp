// SPDX-License-Identifier: Apache-2.0
// The health pages to the byte, as a k8s.io/apiserver with metrics-server's checks answers.
#include "test/apiserver/fixture.hpp"

#include <catch2/catch.hpp>

using apiserver::always_healthy;
using apiserver::HealthCheck;
using test::Cluster;
using test::header;

namespace {

HealthCheck failing(std::string name, std::string why) {
    return {std::move(name), [why] { return std::optional<std::string>{why}; }, {}};
}

// metrics-server after its first scrape.
struct Starting : Cluster {
    Starting() {
        const std::vector<HealthCheck> common{
            always_healthy("ping"), always_healthy("log"),
            always_healthy("poststarthook/max-in-flight-filter"),
            always_healthy("poststarthook/storage-object-count-tracker-hook")};
        options.healthz = options.livez = options.readyz = common;
        options.healthz.push_back(always_healthy("metadata-informer-sync"));
        options.livez.push_back(always_healthy("metric-collection-timely"));
        options.livez.push_back(always_healthy("metadata-informer-sync"));
        options.readyz.push_back(failing("metric-storage-ready", "no metrics to serve"));
        options.readyz.push_back(always_healthy("metric-informer-sync"));
        options.readyz.push_back(always_healthy("metadata-informer-sync"));
        options.readyz.push_back(always_healthy("shutdown"));
    }
};

const std::string kHooks =
    "[+]poststarthook/max-in-flight-filter ok\n[+]poststarthook/storage-object-count-tracker-hook ok\n";
const std::string kLive =
    "[+]ping ok\n[+]log ok\n" + kHooks +
    "[+]metric-collection-timely ok\n[+]metadata-informer-sync ok\nlivez check passed\n";
const std::string kNotReady = "[+]ping ok\n[+]log ok\n" + kHooks +
                              "[-]metric-storage-ready failed: reason withheld\n[+]metric-informer-sync ok\n"
                              "[+]metadata-informer-sync ok\n[+]shutdown ok\nreadyz check failed\n";
const std::string kReadyBut = "[+]ping ok\n[+]log ok\n" + kHooks +
                              "[+]metric-storage-ready excluded: ok\n[+]metric-informer-sync ok\n"
                              "[+]metadata-informer-sync ok\n[+]shutdown ok\nreadyz check passed\n";

}  // namespace

TEST_CASE("health pages to the byte") {
    struct Case {
        const char* target;
        unsigned status;
        std::string body;
        const char* sniffing;
    };
    const Case cases[] = {
        {"/livez", 200, "ok", "nosniff"},
        {"/livez?verbose", 200, kLive, "nosniff"},
        {"/livez?verbose=", 200, kLive, "nosniff"},
        {"/livez?verbose=false", 200, kLive, "nosniff"},
        {"/livez?VERBOSE", 200, "ok", "nosniff"},
        {"/healthz", 200, "ok", "nosniff"},
        {"/healthz?verbose", 200,
         "[+]ping ok\n[+]log ok\n" + kHooks + "[+]metadata-informer-sync ok\nhealthz check passed\n",
         "nosniff"},
        {"/readyz", 500, kNotReady, "nosniff"},
        {"/readyz?verbose", 500, kNotReady, "nosniff"},
        {"/readyz?exclude=ping", 500,
         "[+]ping excluded: ok\n" + kNotReady.substr(std::string{"[+]ping ok\n"}.size()), "nosniff"},
        {"/readyz?exclude=metric-storage-ready", 200, "ok", "nosniff"},
        {"/readyz?exclude=metric-storage-ready&verbose", 200, kReadyBut, "nosniff"},
        {"/readyz?verbose&exclude=metric-storage-ready&exclude=metric-storage-ready", 200, kReadyBut,
         "nosniff"},
        {"/livez?exclude=nope", 200, "ok", "nosniff"},
        {"/healthz?verbose&exclude=nope&exclude=ping&exclude=bad", 200,
         "[+]ping excluded: ok\n[+]log ok\n" + kHooks +
             "[+]metadata-informer-sync ok\nwarn: some health checks cannot be excluded: no matches for "
             "\"bad\",\"nope\"\nhealthz check passed\n",
         "nosniff"},
        {"/livez?exclude=nope&verbose", 200,
         kLive.substr(0, kLive.size() - std::string{"livez check passed\n"}.size()) +
             "warn: some health checks cannot be excluded: no matches for \"nope\"\nlivez check passed\n",
         "nosniff"},
        {"/livez?exclude=z&exclude=ping,log&exclude=z&exclude=%0a%22&exclude&verbose", 200,
         kLive.substr(0, kLive.size() - std::string{"livez check passed\n"}.size()) +
             "warn: some health checks cannot be excluded: no matches for "
             "\"\",\"\\n\\\"\",\"ping,log\",\"z\"\nlivez check passed\n",
         "nosniff"},
        {"/readyz?exclude=nope", 500,
         kNotReady.substr(0, kNotReady.size() - std::string{"readyz check failed\n"}.size()) +
             "warn: some health checks cannot be excluded: no matches for \"nope\"\nreadyz check failed\n",
         "nosniff"},
        {"/readyz/ping", 200, "ok", "<none>"},
        {"/readyz/poststarthook/max-in-flight-filter", 200, "ok", "<none>"},
        {"/livez/metric-collection-timely?verbose", 200, "ok", "<none>"},
        {"/readyz/metric-storage-ready", 500, "internal server error: no metrics to serve\n", "nosniff"},
        {"/readyz/metric-storage-ready?exclude=metric-storage-ready", 500,
         "internal server error: no metrics to serve\n", "nosniff"},
    };
    Starting cluster;
    for (const std::string method : {"GET", "POST", "PUT", "DELETE", "OPTIONS", "BREW"}) {
        for (const Case& c : cases) {
            CAPTURE(method, c.target);
            // What the client accepts does not matter.
            const net::Response response =
                cluster.ask(test::request(c.target, {{"Accept", "application/json"}}, method));
            CHECK(response.status == c.status);
            CHECK(response.body == c.body);
            CHECK(header(response, "Content-Type") == "text/plain; charset=utf-8");
            CHECK(header(response, "X-Content-Type-Options") == c.sniffing);
            CHECK(header(response, "Cache-Control") == "no-cache, private");
        }
    }
}

TEST_CASE("a check that does not exist is answered by the index with 404") {
    Starting cluster;
    for (const char* target :
         {"/readyz/", "/readyz/nope", "/healthz/metric-storage-ready", "/healthz/metric-collection-timely",
          "/readyz/metric-collection-timely", "/livez/shutdown", "/livez/poststarthook", "/Readyz",
          "/readyzz", "/readyz/ping/"}) {
        CAPTURE(target);
        const net::Response response = cluster.get(target);
        CHECK(response.status == 404);
        CHECK(response.body == cluster.body("/"));
    }
}

TEST_CASE("each health page is a path of its own that must be allowed") {
    Starting cluster;
    cluster.authorizer.result = {apiserver::Decision::Verdict::denied, "no rule"};
    for (const std::string path : {"/readyz", "/readyz/metric-storage-ready", "/livez/ping"}) {
        CAPTURE(path);
        CHECK(cluster.get(path + "?verbose").status == 403);
        const apiserver::RequestInfo& asked = cluster.authorizer.asked.back();
        CHECK(asked.path == path);
        CHECK(asked.verb == "get");
        CHECK_FALSE(asked.is_resource);
    }
}

TEST_CASE("the cause is told below its check where the client wants it verbose") {
    Cluster cluster;
    HealthCheck sick = failing("metric-storage-ready", "no metrics to serve");
    sick.cause = [](HealthCheck::Reader reader) {
        return std::string{reader == HealthCheck::Reader::anybody ? "0 of 1 nodes scraped" : "n1 is down"};
    };
    HealthCheck silent = failing("shutdown", "process is shutting down");
    silent.cause = [](HealthCheck::Reader) { return std::string{}; };
    HealthCheck well = always_healthy("ping");
    well.cause = [](HealthCheck::Reader) { return std::string{"it was asked"}; };
    cluster.options.readyz = {well, sick, silent};
    const std::string good = "[+]ping ok\n";
    const std::string first = "[-]metric-storage-ready failed: reason withheld\n";
    const std::string rest = "[-]shutdown failed: reason withheld\nreadyz check failed\n";
    CHECK(cluster.body("/readyz") == good + first + rest);
    CHECK(cluster.body("/readyz?verbose") ==
          good + "    cause: it was asked\n" + first + "    cause: 0 of 1 nodes scraped\n" + rest);
    CHECK(cluster.body("/readyz/ping") == "ok");
    CHECK(cluster.body("/readyz/metric-storage-ready") ==
          "internal server error: no metrics to serve: n1 is down\n");
    CHECK(cluster.body("/readyz/shutdown") == "internal server error: process is shutting down\n");
}
