// SPDX-License-Identifier: Apache-2.0
#include "test/sim/simulation.hpp"

#include "test/sim/simulation_fixture.hpp"

#include <string>

#include <catch2/catch.hpp>

namespace sim {

TEST_CASE("The API server knows its users by certificate and token") {
    Cluster f;
    const Credentials& credentials = f.simulation->credentials();
    CHECK(f.get("/api/v1/nodes").status == 200);
    CHECK(f.with_token("/api/v1/nodes", credentials.topd_token).status == 200);
    CHECK(f.with_token("/api/v1/nodes", "wrong").status == 401);
    CHECK(f.with_token("/api/v1/nodes", "").status == 401);
    CHECK(f.with_token("/healthz", "").body == "ok");
    CHECK(f.with_token("/sim/stats", credentials.topd_token).status == 403);
    CHECK(f.get("/sim/stats").status == 200);
}

TEST_CASE("The API server shows the cluster of the model") {
    Cluster f;
    const json nodes = f.get_json("/api/v1/nodes");
    REQUIRE(nodes["items"].size() == 3);
    CHECK(nodes["items"][0]["status"]["daemonEndpoints"]["kubeletEndpoint"]["Port"] ==
          f.simulation->kubelet_port());
    const json pods = f.get_json("/api/v1/pods?fieldSelector=status.phase%3DRunning");
    CHECK(pods["items"].size() == 90);
    const std::string name_space = pods["items"][0]["metadata"]["namespace"];
    CHECK(f.get_json("/api/v1/namespaces/" + name_space + "/pods")["items"].size() < 90);
    CHECK(f.get_json("/api/v1/namespaces/" + name_space)["kind"] == "Namespace");
    const json config =
        f.get_json("/api/v1/namespaces/kube-system/configmaps/extension-apiserver-authentication");
    CHECK(config["data"]["requestheader-allowed-names"] == "[\"front-proxy-client\"]");
    for (const char* missing :
         {"/api/v1/things", "/api/v1/pods/x", "/api/v1/namespaces/x/nodes", "/api/v2", "/foo", "/"}) {
        CAPTURE(missing);
        CHECK(f.get(missing).status == 404);
    }
    CHECK(f.post("/api/v1/nodes", json::object()).status == 405);
}

TEST_CASE("Discovery has its plain and its aggregated form") {
    Cluster f;
    CHECK(f.get_json("/api")["versions"][0] == "v1");
    CHECK(f.get_json("/version")["gitVersion"] == "v1.37.2");
    const json plain = f.get_json("/apis");
    REQUIRE(plain["groups"].size() == 2);
    const Answer aggregated = f.get("/apis", kDiscovery);
    CHECK(aggregated.header("Content-Type") ==
          "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList");
    CHECK(json::parse(aggregated.body)["items"].size() == 2);
    const json core = json::parse(f.get("/api", kDiscovery).body);
    CHECK(core["items"][0]["versions"][0]["resources"][0]["responseKind"]["kind"] == "Node");
    CHECK(f.get_json("/api/v1")["resources"].size() == 4);
    CHECK(f.get_json("/apis/authorization.k8s.io/v1")["resources"][0]["kind"] == "SubjectAccessReview");
    CHECK(f.get("/apis/metrics.k8s.io").status == 404);
}

TEST_CASE("Reviews tell who somebody is and what they may") {
    Cluster f;
    const auto review = [&](const std::string& token) {
        const Answer answer = f.post("/apis/authentication.k8s.io/v1/tokenreviews",
                                     {{"kind", "TokenReview"}, {"spec", {{"token", token}}}});
        CHECK(answer.status == 201);
        return json::parse(answer.body)["status"];
    };
    const json known = review(f.simulation->credentials().topd_token);
    CHECK(known["authenticated"] == true);
    CHECK(known["user"]["username"] == "system:serviceaccount:kube-system:metrics-server");
    CHECK_FALSE(review("wrong").contains("authenticated"));
    CHECK(review("wrong")["error"].is_string());
    const auto allowed = [&](const std::string& user) {
        const Answer answer = f.post("/apis/authorization.k8s.io/v1/subjectaccessreviews",
                                     {{"kind", "SubjectAccessReview"}, {"spec", {{"user", user}}}});
        return json::parse(answer.body)["status"]["allowed"].get<bool>();
    };
    CHECK(allowed("joe"));
    CHECK_FALSE(allowed("system:anonymous"));
    f.post("/sim/deny", {{"user", "joe"}});
    CHECK_FALSE(allowed("joe"));
    f.post("/sim/deny", {{"user", "joe"}, {"denied", false}});
    CHECK(allowed("joe"));
    CHECK(f.post("/apis/authentication.k8s.io/v1/tokenreviews", "text").status == 400);
    CHECK(f.post("/apis/authorization.k8s.io/v1/subjectaccessreviews", {{"spec", 1}}).status == 400);
}

TEST_CASE("Without a server behind it the metrics group is known but not to be had") {
    SimulationOptions options;
    options.aggregate = "127.0.0.1:1";
    Cluster f{options};
    CHECK(f.get_json("/apis")["groups"].size() == 3);
    const json aggregated = json::parse(f.get("/apis", kDiscovery).body);
    CHECK(aggregated["items"][2]["versions"][0]["freshness"] == "Stale");
    CHECK_FALSE(aggregated["items"][2]["versions"][0].contains("resources"));
    const Answer answer = f.get("/apis/metrics.k8s.io/v1beta1/nodes");
    CHECK(answer.status == 503);
    CHECK(answer.header("Content-Type") == "text/plain; charset=utf-8");
    CHECK(answer.body == "service unavailable\n");
}

TEST_CASE("With a server behind it requests are passed on") {
    Cluster f{{}, true};
    REQUIRE(f.aggregated());
    const json group = f.get_json("/apis/metrics.k8s.io");
    CHECK(group["preferredVersion"]["version"] == "v1beta1");
    CHECK(group["versions"].size() == 2);
    f.backend.requests.clear();
    const json answer = f.get_json("/apis/metrics.k8s.io/v1beta1/nodes?b=(2)&a=1");
    CHECK(answer["target"] == "/apis/metrics.k8s.io/v1beta1/nodes?a=1&b=%282%29");
    REQUIRE(f.backend.requests.size() == 1);
    const net::Request& seen = f.backend.requests[0];
    CHECK(seen.headers.find("X-Remote-User") == "kubernetes-admin");
    CHECK(seen.headers.all("X-Remote-Group") ==
          std::vector<std::string_view>{"system:masters", "system:authenticated"});
    CHECK(seen.certificate.common_name() == "front-proxy-client");
    CHECK(f.get("/apis/metrics.k8s.io/v1beta1/big").body.size() == 3'000'000);
}

TEST_CASE("An impersonated user is passed on as that user") {
    Cluster f{{}, true};
    REQUIRE(f.aggregated());
    net::Request request;
    request.target = "/apis/metrics.k8s.io/v1beta1/pods";
    request.headers.add("Impersonate-User", "joe");
    request.headers.add("Impersonate-Group", "dev");
    f.loop.run(test::ask(*f.admin, std::move(request), std::chrono::seconds{5}));
    const net::Request& seen = f.backend.requests.back();
    CHECK(seen.headers.find("X-Remote-User") == "joe");
    CHECK(seen.headers.all("X-Remote-Group") == std::vector<std::string_view>{"dev", "system:authenticated"});
}

TEST_CASE("Who is not an admin cannot become one") {
    Cluster f;
    net::Request request;
    request.target = "/sim/stats";
    request.headers.add("Authorization", "Bearer " + f.simulation->credentials().other_token);
    request.headers.add("Impersonate-User", "kubernetes-admin");
    request.headers.add("Impersonate-Group", "system:masters");
    CHECK(f.loop.run(test::ask(*f.anybody, std::move(request), std::chrono::seconds{5})).status == 403);
}

TEST_CASE("The aggregator shows its certificate only to the server it was told of") {
    SimulationOptions options;
    Cluster f{options, true};
    REQUIRE(f.aggregated());
    SimulationOptions other;
    other.aggregate = "127.0.0.1:" + std::to_string(f.backend_server.port());
    f.backend.requests.clear();
    {
        // This one trusts its own cluster's authority, which did not sign the server's certificate.
        Simulation distrustful{f.loop.executor(), other};
        f.loop.start(distrustful.run());
        net::HttpClient client{
            f.loop.executor(),
            origin_of("127.0.0.1", distrustful.api_port(),
                      distrustful.credentials().authority.certificate_pem, distrustful.credentials().admin)};
        net::Request request;
        request.target = "/apis/metrics.k8s.io/v1beta1/nodes";
        CHECK(f.loop.run(test::ask(client, std::move(request), std::chrono::seconds{5})).status == 503);
        client.disconnect();
        distrustful.stop();
        f.simulation->stop();
        f.backend_server.stop(std::chrono::milliseconds{0});
        f.loop.until_idle();
    }
    for (const net::Request& request : f.backend.requests)
        CHECK(request.target.find("nodes") == std::string::npos);
}

}  // namespace sim
