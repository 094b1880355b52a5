// SPDX-License-Identifier: Apache-2.0
// What custom.metrics.k8s.io answers, path by path, and what it asks the authorizer for.
#include "test/apiserver/groups/custom_metrics/scene.hpp"

#include <catch2/catch.hpp>

using test::CustomMetricsScene;

namespace {

const std::string kAll = "/v1beta1/namespaces/default/pods/%2A/";
const std::string kWaits = ": it is not known yet, scraping pod web-0 since 0s";

std::string item(const std::string& object, const std::string& metric, const std::string& value) {
    return R"({"describedObject":)" + object + R"(,"metricName":")" + metric +
           R"(","timestamp":"2026-11-22T15:31:26Z","value":")" + value + R"(","selector":null})";
}

std::string pod(const std::string& name) {
    return R"({"kind":"Pod","namespace":"default","name":")" + name + R"(","apiVersion":"v1"})";
}

std::string list(const std::string& items) {
    return R"(200 {"kind":"MetricValueList","apiVersion":"custom.metrics.k8s.io/v1beta1","metadata":{},)"
           R"("items":[)" +
           items + "]}\n";
}

// web-0 and web-1 have queues of 2 and 3.5, db has one of 10, and bare is not annotated.
struct Queues : CustomMetricsScene {
    Queues() {
        put_annotated("default", "web-0", {{"app", "web"}});
        put_annotated("default", "web-1", {{"app", "web"}});
        put_annotated("default", "db", {{"app", "db"}});
        put("default", "bare", {{"app", "bare"}});
        put("default", "bare-too", {{"app", "bare"}});
        told(kAll + "queue");
        page("default", "web-0", {{"queue", 2}});
        page("default", "web-1", {{"queue", 3.5}});
        page("default", "db", {{"queue", 10}});
    }
};

}  // namespace

TEST_CASE("the first request puts the metric in demand, and the next one has it") {
    CustomMetricsScene scene;
    scene.put_annotated("default", "web-0");
    CHECK(scene.told(kAll + "queue") == "404 the server could not find the metric queue for pods" + kWaits);
    scene.now += std::chrono::seconds{2};
    CHECK(scene.told("/v1beta1/namespaces/default/pods/web-0/queue") ==
          "404 the server could not find the metric queue for pods web-0: it is not known yet, "
          "scraping pod web-0 since 2s");
    scene.page("default", "web-0", {{"queue", 2}});
    CHECK(scene.told(kAll + "queue") == list(item(pod("web-0"), "queue", "2")));
}

TEST_CASE("the metric of pods has an item for each that is selected and has a figure") {
    Queues scene;
    const std::string web = item(pod("web-0"), "queue", "2") + "," + item(pod("web-1"), "queue", "3500m");
    CHECK(scene.told(kAll + "queue?labelSelector=app%3Dweb") == list(web));
    CHECK(scene.told("/v1beta1/namespaces/default/pods/*/queue?labelSelector=app+in+%28web,bare%29") ==
          list(web));
    CHECK(scene.told(kAll + "queue/?watch=true&limit=1&resourceVersion=5&resourceVersionMatch=Exact") ==
          list(item(pod("db"), "queue", "10") + "," + web));
}

TEST_CASE("a named pod, a namespace and an object have one item") {
    Queues scene;
    CHECK(scene.told("/v1beta1/namespaces/default/pods/db/queue?labelSelector=app%3Dweb") ==
          list(item(pod("db"), "queue", "10")));
    CHECK(scene.told("/v1beta1/namespaces/default/metrics/queue") ==
          list(item(R"({"kind":"Namespace","name":"default","apiVersion":"v1"})", "queue", "15500m")));
    const auto web = apiserver::LabelSelector::parse("app=web");
    scene.objects.known[{"default", "services", "web"}] = {"Service", "v1", *web};
    scene.objects.known[{"default", "deployments.apps", "web"}] = {"Deployment", "apps/v1", *web};
    CHECK(scene.told("/v1beta1/namespaces/default/services/web/queue") ==
          list(item(R"({"kind":"Service","namespace":"default","name":"web","apiVersion":"v1"})", "queue",
                    "5500m")));
    CHECK(scene.told("/v1beta1/namespaces/default/deployments.apps/web/queue") ==
          list(item(R"({"kind":"Deployment","namespace":"default","name":"web","apiVersion":"apps/v1"})",
                    "queue", "5500m")));
}

TEST_CASE("a sum over pods of which some are not known yet is none") {
    Queues scene;
    const auto web = apiserver::LabelSelector::parse("app=web");
    scene.objects.known[{"default", "services", "web"}] = {"Service", "v1", *web};
    const std::string service = "/v1beta1/namespaces/default/services/web/";
    const std::string sum = list(
        item(R"({"kind":"Service","namespace":"default","name":"web","apiVersion":"v1"})", "queue", "5500m"));
    CHECK(scene.told(service + "queue") == sum);

    SECTION("one that comes") {
        scene.put_annotated("default", "web-2", {{"app", "web"}});
        CHECK(scene.told(service + "queue") ==
              "404 the server could not find the metric queue for services web: it is not known yet, "
              "scraping pod web-2 since 0s");
        CHECK(scene.told(kAll + "queue?labelSelector=app%3Dweb") ==
              list(item(pod("web-0"), "queue", "2") + "," + item(pod("web-1"), "queue", "3500m")));
        CHECK(scene.told("/v1beta1/namespaces/default/metrics/queue").starts_with("404 "));
        // What cannot be known is left out, and so are pods that are not annotated.
        scene.applications.fail({"default", "web-2"}, "uid-of-web-2",
                                storage::applications::Missing::unreachable, "refused", scene.now, 0);
        scene.put("default", "web-3", {{"app", "web"}});
        CHECK(scene.told(service + "queue") == sum);
    }
    SECTION("one that has sent one page of a counter") {
        const auto type = storage::applications::Type::counter;
        scene.told(service + "jobs");
        scene.page("default", "web-0", {{"jobs", 10, {}, type}});
        scene.now += std::chrono::seconds{10};
        scene.page("default", "web-0", {{"jobs", 20, {}, type}});
        scene.page("default", "web-1", {{"jobs", 20, {}, type}});
        CHECK(scene.told(service + "jobs") ==
              "404 the server could not find the metric jobs for services web: a rate needs two pages, and "
              "pod web-1 sent one so far");
    }
    SECTION("one that has too many series") {
        std::vector<std::string> values;
        for (int i = 0; i < 2001; ++i) values.push_back(std::to_string(i));
        std::vector<test::Line> lines;
        for (const std::string& value : values) lines.push_back({"queue", 1, {{"of", value}}});
        scene.page("default", "web-1", lines);
        CHECK(scene.told(service + "queue") ==
              "404 the server could not find the metric queue for services web: there is no room to scrape "
              "pod web-1: too many pods, metrics or series");
    }
}

TEST_CASE("both versions are answered in JSON, YAML and protobuf") {
    Queues scene;
    const std::string path = "/namespaces/default/pods/db/queue";
    CHECK(scene.told("/v1beta2" + path)
              .starts_with(R"(200 {"kind":"MetricValueList","apiVersion":"custom.metrics.k8s.io/v1beta2")"));
    CHECK(scene.told("/v1beta1" + path, {test::kProtobuf}).starts_with(std::string{"200 k8s\0\x0a\x30", 10}));
    // What the autoscaler sends.
    CHECK(scene.told("/v1beta1" + path, {{"Accept", "application/vnd.kubernetes.protobuf, */*"}})
              .starts_with(std::string{"200 k8s\0", 8}));
    CHECK(scene.told("/v1beta1" + path, {{"Accept", "application/yaml"}})
              .starts_with("200 apiVersion: custom.metrics.k8s.io/v1beta1\nitems:\n"));
}

TEST_CASE("what there is not is refused in words for who reads them in an autoscaler") {
    Queues scene;
    const std::string not_found = "404 the server could not find the metric ";
    struct Case {
        std::string path;
        std::string expected;
    };
    const Case cases[] = {
        {kAll + "queue?labelSelector=app%3Dnone", list("")},
        {kAll + "nope?labelSelector=app%3Dnone",
         not_found + "nope for pods: no running pod has the labels that are asked for"},
        {"/v1beta1/namespaces/empty/pods/%2A/nope",
         not_found + "nope for pods: no pod runs in the namespace"},
        {kAll + "queue?labelSelector=app%3Dbare",
         not_found + R"(queue for pods: 2 pods have no annotation prometheus.io/scrape: "true")"},
        {"/v1beta1/namespaces/default/pods/bare/queue",
         not_found + R"(queue for pods bare: pod bare has no annotation prometheus.io/scrape: "true")"},
        {"/v1beta1/namespaces/default/pods/db/queue?metricLabelSelector=name%3Dmail",
         not_found +
             "queue for pods db with selector name=mail: it is not known yet, scraping pod db since 0s"},
        {"/v1beta1/namespaces/default/pods/nobody/queue",
         not_found + "queue for pods nobody: no such pod runs"},
        {"/v1beta1/namespaces/empty/metrics/queue",
         not_found + "queue for namespaces empty: no pod of the namespace is annotated to be scraped"},
        {"/v1beta1/namespaces/*/metrics/queue",
         not_found + "queue for namespaces *: name one namespace: metrics of all at once are not served"},
        {"/v1beta1/namespaces/default/services/web/queue",
         not_found + "queue for services web: there is no such object"},
        {"/v1beta1/namespaces/default/services/*/queue",
         not_found + "queue for services *: name one object: of all of them only pods are served"},
        {"/v1beta1/nodes/n1/queue",
         not_found + "queue for nodes: metrics of objects outside of namespaces are not served"},
    };
    for (const Case& one : cases) {
        CAPTURE(one.path);
        CHECK(scene.told(one.path) == one.expected);
    }
}

TEST_CASE("why pods have no figure is counted by cause") {
    Queues scene;
    scene.told(kAll + "jobs");
    scene.page("default", "web-0", {{"other", 1}});
    scene.page("default", "web-1", {{"jobs", 1, {}, storage::applications::Type::counter}});
    scene.applications.fail({"default", "db"}, "uid-of-db", storage::applications::Missing::unreachable,
                            "connection refused", scene.now, 0);
    CHECK(
        scene.told(kAll + "jobs") ==
        "404 the server could not find the metric jobs for pods: a rate needs two pages, and pod web-1 sent "
        "one so far; pod db could not be scraped: connection refused; the page of pod web-0 has no such "
        R"(metric; 2 pods have no annotation prometheus.io/scrape: "true")");
    // A 404 has no details, as that of the adapters' library.
    CHECK(
        scene.ask(test::request(test::kCustom + "/v1beta1/nodes/n1/x")).body ==
        R"({"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":)"
        R"("the server could not find the metric x for nodes: metrics of objects outside of namespaces are )"
        R"(not served","reason":"NotFound","code":404})"
        "\n");
}

TEST_CASE("requests that name no metric are refused") {
    Queues scene;
    const std::string unknown = "404 the server could not find the requested resource";
    struct Case {
        std::string path;
        std::string expected;
        std::vector<test::Header> headers{};
        std::string method = "GET";
    };
    const Case cases[] = {
        {"/v1beta1/namespaces/default/x", "400 invalid request path"},
        {"/v1beta1/namespaces/default/pods", "400 invalid request path"},
        {"/v1beta1/namespaces/default/pods/web-0", unknown},
        {"/v1beta1/namespaces/default/pods/web-0/a/b", unknown},
        {"/v1beta1/namespaces/default", unknown},
        {"/v1beta1/x", unknown},
        {"/v1/namespaces/default/pods/%2A/queue", unknown},
        {kAll + "queue?labelSelector=a%3D%3D%3Db",
         "400 unable to parse requirement: found '=', expected: "
         "identifier"},
        {kAll + "queue?metricLabelSelector=a%3E1",
         "400 the metricLabelSelector must not compare with > or <"},
        {kAll + "queue?metricLabelSelector=%21",
         "400 unable to parse requirement: found '', expected: identifier"},
        {kAll + "queue?fieldSelector=metadata.name%3Dx",
         "400 fieldSelector metadata.name doesn't match requested name"},
        {kAll + "a%01b", "404 no metric has such a name"},
        {kAll + "queue",
         "406 only the following media types are accepted: application/json, application/yaml, "
         "application/vnd.kubernetes.protobuf",
         {{"Accept", "application/json;as=Table;v=v1;g=meta.k8s.io"}}},
        {kAll + "queue", "405 the server does not allow this method on the requested resource", {}, "POST"},
        {kAll + "queue", "405 the server does not allow this method on the requested resource", {}, "DELETE"},
    };
    for (const Case& one : cases) {
        CAPTURE(one.path, one.method);
        CHECK(scene.told(one.path, one.headers, one.method) == one.expected);
    }
}

TEST_CASE("nothing is in demand of a request that is refused, or of what there is not") {
    Queues scene;
    const std::size_t before = scene.applications.stats().demands;
    scene.told("/v1beta1/namespaces/empty/pods/%2A/other");
    scene.told("/v1beta1/namespaces/default/pods/nobody/other");
    scene.told("/v1beta1/namespaces/default/services/web/other");
    scene.told(kAll + "other", {}, "POST");
    scene.authorizer.result = {apiserver::Decision::Verdict::denied, ""};
    CHECK(scene.told(kAll + "other").starts_with("403 pods.custom.metrics.k8s.io \"*\" is forbidden"));
    CHECK(scene.applications.stats().demands == before);
}

TEST_CASE("the authorizer is asked for the right to exactly the metric") {
    struct Case {
        std::string path;
        std::string name_space, resource, subresource, name;
    };
    const Case cases[] = {
        {"/namespaces/default/pods/%2A/http_requests", "default", "pods", "http_requests", "*"},
        {"/namespaces/default/pods/web-0/up?watch=true", "default", "pods", "up", "web-0"},
        {"/namespaces/default/deployments.apps/web/up", "default", "deployments.apps", "up", "web"},
        {"/namespaces/default/metrics/up", "default", "metrics", "", "up"},
        {"/nodes/n1/up", "", "nodes", "up", "n1"},
    };
    for (const Case& one : cases) {
        CAPTURE(one.path);
        CustomMetricsScene scene;
        scene.told("/v1beta2" + one.path);
        REQUIRE(scene.authorizer.asked.size() == 1);
        const apiserver::RequestInfo& asked = scene.authorizer.asked[0];
        CHECK(asked.verb == "get");
        CHECK(asked.group == "custom.metrics.k8s.io");
        CHECK(asked.version == "v1beta2");
        CHECK(asked.name_space == one.name_space);
        CHECK(asked.resource == one.resource);
        CHECK(asked.subresource == one.subresource);
        CHECK(asked.name == one.name);
    }
}
