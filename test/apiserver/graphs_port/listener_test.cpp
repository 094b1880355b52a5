// SPDX-License-Identifier: Apache-2.0
// What the port for graphs answers, and whom it refuses.
#include "apiserver/graphs_port/listener.hpp"

#include "apiserver/graphs_port/host_check.hpp"
#include "test/apiserver/fixture.hpp"
#include "test/apiserver/graphs/scene.hpp"

#include <catch2/catch.hpp>

using apiserver::GraphsListener;
using test::header;
using test::graphs::Scene;

namespace {

const std::string kNodesPath = "/api/v1/model/nodes";
const test::Header kHost{"Host", "topd"};

net::Response asked(GraphsListener& listener, net::Request request) {
    boost::asio::io_context loop{1};
    return test::run(loop, listener.respond(std::move(request)));
}

net::Response got(GraphsListener& listener, const std::string& target, const std::string& method = "GET") {
    return asked(listener, test::request(target, {kHost}, method));
}

}  // namespace

TEST_CASE("the port for graphs answers its own paths and no other") {
    Scene scene;
    scene.run(14);
    GraphsListener listener{scene.graphs, {}};
    struct Case {
        const char* method;
        const char* target;
        unsigned status;
        std::string body;
    };
    const Case cases[] = {
        {"GET", "/healthz", 200, "ok"},
        {"HEAD", "/healthz", 200, "ok"},
        {"GET", "/api/v1/model/nodes", 200, "[\n  \"n1\"\n ]"},
        {"GET", "/api/v1/dashboard/nodes/x/metrics/cpu/usage_rate", 200, R"({"items":null})"},
        {"GET", "/api/v1/model/nope", 404, "404: Page Not Found"},
        {"GET", "/metrics", 404, "404 page not found\n"},
        {"GET", "/apis/metrics.k8s.io/v1beta1/nodes", 404, "404 page not found\n"},
        {"GET", "/healthz/", 404, "404 page not found\n"},
        {"GET", "*", 404, "404 page not found\n"},
        {"GET", "/%zz", 400, "400 Bad Request: broken escape in the path\n"},
        {"POST", "/healthz", 405, "405 method not allowed\n"},
        {"OPTIONS", "/api/v1/model/nodes", 405, "405 method not allowed\n"},
        {"get", "/nope", 405, "405 method not allowed\n"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.method, c.target);
        const net::Response response = got(listener, c.target, c.method);
        CHECK(response.status == c.status);
        CHECK(response.body == c.body);
        CHECK(header(response, "X-Content-Type-Options") == "nosniff");
        CHECK(header(response, "Access-Control-Allow-Origin") == "<none>");
    }
    const net::Response index = got(listener, "/");
    CHECK(index.status == 200);
    CHECK(header(index, "Content-Type") == "text/plain; charset=utf-8");
    CHECK(index.body.find("/api/v1/dashboard/") != std::string::npos);
    CHECK(index.body.find("/api/v1/model/") != std::string::npos);
}

TEST_CASE("a loopback port is asked by its own names only") {
    struct Case {
        const char* host;
        bool local;
    };
    const Case cases[] = {
        {"localhost", true},
        {"LocalHost:8000", true},
        {"127.0.0.1:8000", true},
        {"127.8.9.10", true},
        {"[::1]", true},
        {"[::1]:8000", true},
        {"10.1.2.3:8000", true},
        {"[::1", false},
        {"[::1]8000", false},
        {"::1", false},
        {"localhost:", true},
        {"localhost:x", false},
        {"localhost.evil.example", false},
        {"evil.example:8000", false},
        {"127.0.0.1.evil.example", false},
        {"128.0.0.1", false},
        {"10.1.2.4", false},
        {"0.0.0.0", false},
        {"", false},
        {":8000", false},
    };
    for (const Case& c : cases) {
        CAPTURE(c.host);
        CHECK(apiserver::is_local_host(c.host, "10.1.2.3") == c.local);
    }
    Scene scene;
    GraphsListener listener{scene.graphs, {apiserver::GraphsListenerOptions::Hosts::local, "127.0.0.1"}};
    CHECK(asked(listener, test::request("/healthz", {{"Host", "localhost:8000"}})).status == 200);
    const net::Response refused = asked(listener, test::request(kNodesPath, {{"Host", "evil.example"}}));
    CHECK(refused.status == 403);
    CHECK(refused.body ==
          "This port is for this machine alone, and is not called \"evil.example\": ask localhost.\n");
    // A browser says whom it asks; who speaks HTTP/1.0 need not.
    CHECK(asked(listener, test::request("/healthz")).status == 400);
    net::Request old = test::request("/healthz");
    old.version = 10;
    CHECK(asked(listener, old).status == 200);
    GraphsListener open{scene.graphs, {}};
    CHECK(asked(open, test::request(kNodesPath, {{"Host", "evil.example"}})).status == 200);
}

TEST_CASE("the port for graphs answers so many at once") {
    Scene scene;
    apiserver::GraphsListenerOptions options;
    options.requests = 2;
    GraphsListener listener{scene.graphs, options};
    const net::Response first = got(listener, kNodesPath);
    {
        const net::Response second = got(listener, kNodesPath);
        const net::Response third = got(listener, kNodesPath);
        CHECK(second.status == 200);
        CHECK(third.status == 503);
        CHECK(header(third, "Retry-After") == "1");
        // Whoever asks for its health is told.
        CHECK(got(listener, "/healthz").status == 200);
    }
    CHECK(got(listener, kNodesPath).status == 200);
    CHECK(first.status == 200);
}
