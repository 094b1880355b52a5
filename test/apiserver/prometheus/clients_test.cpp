// SPDX-License-Identifier: Apache-2.0
// What tools send, byte for byte as they send it but for names and times, and what they look at in the
// answer.
#include "test/apiserver/fixture.hpp"
#include "test/apiserver/prometheus/scene.hpp"

#include <string>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using Json = nlohmann::json;
using test::prometheus::kBegin;
using test::prometheus::kEnd;
using test::prometheus::post;
using test::prometheus::result;
using test::prometheus::Scene;
using test::prometheus::success;

namespace {

Json data_of(const net::Response& response) {
    INFO(response.body);
    REQUIRE(response.status == 200);
    return Json::parse(response.body).at("data");
}

}  // namespace

TEST_CASE("Headlamp finds the server and draws a pod") {
    Scene scene;
    const Json up = data_of(
        scene.ask(test::request("/api/v1/query_range?query=up&start=1767521400&end=1767607800&step=300")));
    CHECK(up.at("resultType") == "matrix");
    // The last 15 minutes: two that have samples, and one that has them within the lookback.
    CHECK(up.at("result").at(0).at("values").size() == 3);
    const Json cpu = data_of(scene.ask(test::request(
        "/api/v1/query_range?query=sum(rate(container_cpu_usage_seconds_total%7Bcontainer!%3D%27%27"
        "%2Cnamespace%3D%27shop%27%2Cpod%3D%27web-0%27%7D%5B1m%5D))%20by%20(pod%2Cnamespace)"
        "&start=1767521400&end=1767607800&step=345")));
    const Json& first = cpu.at("result").at(0);
    CHECK(first.at("metric") == Json{{"namespace", "shop"}, {"pod", "web-0"}});
    const Json& point = first.at("values").back();
    // 250 steps of 345 s.
    CHECK(point.at(0) == 1767521400 + 250 * 345);
    CHECK(std::stod(point.at(1).get<std::string>()) == Approx(0.1));
}

TEST_CASE("Freelens posts a form with parameters that are not Prometheus'") {
    Scene scene;
    const net::Response response = scene.ask(post(
        "/api/v1/query_range",
        "query=sum%28container_memory_working_set_bytes%7Bcontainer%21%3D%22POD%22%2Ccontainer%21%3D%22%22%2C"
        "image%21%3D%22%22%2Cpod%3D~%22web-0%7Cweb-1%22%2Cnamespace%3D%22shop%22%7D%29+by+%28pod%2C+"
        "namespace%29&start=1767607680&end=1767607800&step=60&kubernetes_namespace=shop"));
    CHECK(response.body ==
          result("matrix", R"([{"metric":{"namespace":"shop","pod":"web-0"},"values":[[1767607680,"40960"],)"
                           R"([1767607740,"40960"],[1767607800,"40960"]]},)"
                           R"({"metric":{"namespace":"shop","pod":"web-1"},"values":[[1767607680,"4096"],)"
                           R"([1767607740,"4096"],[1767607800,"4096"]]}])"));
    // By preference it gets the same.
    CHECK(scene
              .ask(test::request("/api/v1/query_range?query=vector(1)&start=1767607800&end=1767607800&step=60"
                                 "&kubernetes_namespace=shop"))
              .status == 200);
}

TEST_CASE("vmalert posts nothing and calls it JSON") {
    Scene scene;
    const net::Response response =
        scene.ask(post("/api/v1/query?query=up+%3D%3D+1&step=300s&time=1767607800", "", "application/json"));
    CHECK(response.body == result("vector",
                                  R"([{"metric":{"__name__":"up","instance":"n1","job":"topd","node":"n1"},)"
                                  R"("value":[1767607800,"1"]}])"));
}

TEST_CASE("OpenShift's times have fractions") {
    Scene scene;
    const Json data = data_of(scene.ask(test::request(
        "/api/v1/"
        "query_range?query=sum%28up%29&start=1767604200.123&end=1767607800.123&step=61.016949152542374")));
    const Json& values = data.at("result").at(0).at("values");
    // 59 steps of 61,016 ms fit.
    CHECK(values.back().at(0) == 1767607800.067);
    CHECK(values.front().at(0) == 1767607250.923);
}

TEST_CASE("Grafana checks the health of its data source and looks for metrics") {
    Scene scene;
    CHECK(scene.ask(post("/api/v1/query", "query=1%2B1&time=4")).body == result("scalar", R"([4,"2"])"));
    CHECK(data_of(scene.ask(test::request("/api/v1/status/buildinfo"))).at("version") == "3.0.0");
    const Json metadata = data_of(scene.ask(test::request("/api/v1/metadata?limit=40000")));
    CHECK(metadata.at("up").at(0).at("type") == "gauge");
    CHECK(data_of(scene.ask(post("/api/v1/labels",
                                 "end=1767607800&match%5B%5D=%7B__name__%3D~%22.%2B%22%7D&start=1767604200")))
              .size() == 8);
    CHECK(
        scene.body("/api/v1/label/pod/values?match%5B%5D=container_memory_working_set_bytes&start=1767604200"
                   "&end=1767607800") == success(R"(["web-0","web-1"])"));
    // Where the version is not known.
    CHECK(data_of(scene.ask(
                      post("/api/v1/series",
                           "match%5B%5D=container_memory_working_set_bytes&start=1767604200&end=1767607800")))
              .size() == 2);
}

TEST_CASE("promtool asks for two years around now") {
    Scene scene;
    const Json series = data_of(
        scene.ask(test::request("/api/v1/series?end=1799143800.123&match%5B%5D=up&start=1736071800.123")));
    CHECK(series == Json::parse(R"([{"__name__":"up","instance":"n1","job":"topd","node":"n1"}])"));
    CHECK(scene.body("/api/v1/label/pod/values?end=1799143800.123&start=1736071800.123") ==
          success(R"(["web-0","web-1"])"));
    CHECK(scene.ask(post("/api/v1/query", "query=sum%28up%29&time=1767607800.123")).body ==
          result("vector", R"([{"metric":{},"value":[1767607800.123,"1"]}])"));
}
