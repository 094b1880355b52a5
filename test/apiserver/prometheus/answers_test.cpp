// SPDX-License-Identifier: Apache-2.0
// What the endpoints answer, to the byte.
#include "test/apiserver/fixture.hpp"
#include "test/apiserver/prometheus/scene.hpp"

#include <string>

#include <catch2/catch.hpp>

using test::header;
using test::prometheus::post;
using test::prometheus::result;
using test::prometheus::Scene;
using test::prometheus::success;

namespace {

const std::string kUp = R"({"__name__":"up","instance":"n1","job":"topd","node":"n1"})";
const std::string kPodLabels = R"("container":"app","image":"-","instance":"n1","job":"topd",)"
                               R"("namespace":"shop","node":"n1","pod":"web-)";
const std::string kMemory = R"({"__name__":"container_memory_working_set_bytes",)" + kPodLabels;
const std::string kCpu = R"({"__name__":"container_cpu_usage_seconds_total",)" + kPodLabels;

}  // namespace

TEST_CASE("a path of Prometheus' API takes its methods, and another is none of its paths") {
    Scene scene;
    struct Case {
        const char* method;
        const char* target;
        unsigned status;
        const char* allow = "<none>";
    };
    constexpr const char* kReads = "GET, HEAD";
    constexpr const char* kForms = "GET, HEAD, POST";
    const Case cases[] = {
        {"GET", "/api/v1/query?query=1", 200},
        {"HEAD", "/api/v1/query?query=1", 200},
        {"POST", "/api/v1/query?query=1", 200},
        {"PUT", "/api/v1/query?query=1", 405, kForms},
        {"get", "/api/v1/query?query=1", 405, kForms},
        {"POST", "/api/v1/query_range?query=1&start=0&end=1&step=1", 200},
        {"DELETE", "/api/v1/query_range", 405, kForms},
        {"POST", "/api/v1/series?match[]=up", 200},
        {"DELETE", "/api/v1/series?match[]=up", 405, kForms},
        {"POST", "/api/v1/labels", 200},
        {"GET", "/api/v1/label/node/values", 200},
        {"POST", "/api/v1/label/node/values", 405, kReads},
        {"GET", "/api/v1/label//values", 0},
        {"GET", "/api/v1/label/a/b/values", 0},
        {"GET", "/api/v1/label/values", 0},
        {"GET", "/api/v1/label/node", 0},
        {"GET", "/api/v1/metadata", 200},
        {"POST", "/api/v1/metadata", 405, kReads},
        {"GET", "/api/v1/status/buildinfo", 200},
        {"POST", "/api/v1/status/buildinfo", 405, kReads},
        {"GET", "/api/v1/status/config", 0},
        {"GET", "/api/v1/query/", 0},
        {"GET", "/api/v1/query_exemplars", 0},
        {"GET", "/api/v1/rules", 0},
        {"POST", "/api/v1/write", 0},
        {"GET", "/prometheus/api/v1/query?query=1", 0},
        {"GET", "/-/healthy", 200},
        {"GET", "/-/ready", 200},
        {"POST", "/-/ready", 405, kReads},
        {"POST", "/-/reload", 0},
        {"GET", "/api/v1", 0},
    };
    for (const Case& c : cases) {
        CAPTURE(c.method, c.target);
        const net::Response response = scene.ask(test::request(c.target, {}, c.method));
        CHECK(response.status == c.status);
        CHECK(header(response, "Allow") == c.allow);
    }
    CHECK(scene.body("/-/healthy") == "topd is healthy.\n");
    CHECK(scene.body("/-/ready") == "topd is ready.\n");
}

TEST_CASE("each type of result is written as Prometheus writes it") {
    Scene scene;
    const std::string instant = "/api/v1/query?time=1767607800&query=";
    CHECK(header(scene.ask(test::request(instant + "up")), "Content-Type") == "application/json");
    CHECK(scene.body(instant + "up") ==
          result("vector", R"([{"metric":)" + kUp + R"(,"value":[1767607800,"1"]}])"));
    CHECK(scene.body(instant + "sort(container_memory_working_set_bytes)") ==
          result("vector", "[{\"metric\":" + kMemory + R"(1"},"value":[1767607800,"4096"]},{"metric":)" +
                               kMemory + R"(0"},"value":[1767607800,"40960"]}])"));
    CHECK(scene.body(instant + "sum(up)") == result("vector", R"([{"metric":{},"value":[1767607800,"1"]}])"));
    CHECK(scene.body(instant + "nothing") == result("vector", "[]"));
    CHECK(scene.body(instant + "nothing[5m]") == result("matrix", "[]"));
    CHECK(scene.body("/api/v1/query?query=1%2B1&time=4") == result("scalar", R"([4,"2"])"));
    CHECK(scene.body("/api/v1/query?query=1/0&time=4.5") == result("scalar", R"([4.500,"+Inf"])"));
    CHECK(scene.body("/api/v1/query?query=1e-7&time=-0.25") == result("scalar", R"([-0.250,"1e-07"])"));
    CHECK(scene.body("/api/v1/query?query=%22te%5C%22xt%22&time=4") == result("string", R"([4,"te\"xt"])"));
    CHECK(scene.body("/api/v1/query?query=up[30s]&time=1767607231.007") ==
          result("matrix", "[{\"metric\":" + kUp + R"(,"values":[[1767607215,"1"],[1767607230,"1"]]}])"));
    CHECK(scene.body("/api/v1/query_range?query=up&start=1767607170&end=1767607231&step=30.5") ==
          result("matrix", "[{\"metric\":" + kUp + R"(,"values":[[1767607200.500,"1"],[1767607231,"1"]]}])"));
    // Between, steps without a value.
    CHECK(scene.body("/api/v1/query_range?query=container_memory_working_set_bytes*1000<5000000"
                     "&start=1767607185&end=1767607200&step=15") ==
          result("matrix", "[{\"metric\":{" + kPodLabels + R"(1"},"values":[[1767607200,"4096000"]]}])"));
    CHECK(scene.body("/api/v1/query_range?query=7&start=1&end=2&step=1") ==
          result("matrix", R"([{"metric":{},"values":[[1,"7"],[2,"7"]]}])"));
    // Without a time: now.
    CHECK(scene.body("/api/v1/query?query=time()") == result("scalar", R"([1767607800,"1767607800"])"));
}

TEST_CASE("series, names and values of labels are listed in order") {
    Scene scene;
    CHECK(scene.body("/api/v1/series?match[]=up&match[]={pod=~\"web-.\",__name__=~\".*_total\"}") ==
          success("[" + kCpu + R"(0"},)" + kCpu + R"(1"},)" + kUp + "]"));
    CHECK(scene.body("/api/v1/series?match[]=nothing") == success("[]"));
    CHECK(scene.body("/api/v1/labels") ==
          success(R"(["__name__","container","image","instance","job","namespace","node","pod"])"));
    CHECK(scene.body("/api/v1/labels?match[]=up") == success(R"(["__name__","instance","job","node"])"));
    CHECK(scene.body("/api/v1/label/pod/values") == success(R"(["web-0","web-1"])"));
    CHECK(scene.body("/api/v1/label/pod/values?match[]=up") == success("[]"));
    CHECK(scene.body("/api/v1/label/no-label/values") == success("[]"));
    CHECK(scene.body("/api/v1/label/__name__/values") ==
          success(R"(["container_cpu_usage_seconds_total","container_memory_working_set_bytes","up"])"));
}

TEST_CASE("times of a listing bound what the source is asked for") {
    Scene scene;
    scene.body("/api/v1/series?match[]=up&start=1767607200&end=2026-01-05T10:00:10.5Z");
    CHECK(scene.source.asked.from == 1'767'607'200'000);
    CHECK(scene.source.asked.to == 1'767'607'210'500);
    scene.body("/api/v1/labels");
    CHECK(scene.source.asked.from < -(1LL << 52));
    CHECK(scene.source.asked.to > 1LL << 52);
}

TEST_CASE("a limit cuts the answer and says so") {
    Scene scene;
    const std::string warning = R"(,"warnings":["results truncated due to limit"]})";
    const auto cut = [&](std::string whole) {
        whole.pop_back();
        return whole + warning;
    };
    const std::string query = "/api/v1/query?query=container_memory_working_set_bytes&limit=";
    CHECK(scene.body(query + "1").ends_with("]}" + warning));
    CHECK(scene.body(query + "2").ends_with("]}}"));
    CHECK(scene.body(query + "0").ends_with("]}}"));
    CHECK(scene.body("/api/v1/query?query=topk(2,container_memory_working_set_bytes)&limit=1") ==
          cut(result("vector", "[{\"metric\":" + kMemory + R"(0"},"value":[1767607800,"40960"]}])")));
    CHECK(scene.body("/api/v1/query_range?query=container_memory_working_set_bytes&limit=1&start=1767607200"
                     "&end=1767607200&step=1") ==
          cut(result("matrix", "[{\"metric\":" + kMemory + R"(0"},"values":[[1767607200,"40960"]]}])")));
    CHECK(scene.body("/api/v1/query?query=container_memory_working_set_bytes[10s]&time=1767607200&limit=1") ==
          cut(result("matrix", "[{\"metric\":" + kMemory + R"(0"},"values":[[1767607200,"40960"]]}])")));
    CHECK(scene.body("/api/v1/query?query=1&limit=1&time=1") == result("scalar", R"([1,"1"])"));
    CHECK(scene.body("/api/v1/label/pod/values?limit=1") == cut(success(R"(["web-0"])")));
    CHECK(scene.body("/api/v1/label/pod/values?limit=2") == success(R"(["web-0","web-1"])"));
    CHECK(scene.body("/api/v1/labels?limit=1") == cut(success(R"(["__name__"])")));
    CHECK(scene.body("/api/v1/series?match[]={pod!=\"\"}&limit=1") == cut(success("[" + kCpu + "0\"}]")));
}

TEST_CASE("metadata and the build are told as they were given") {
    Scene scene;
    const std::string up = R"("up":[{"type":"gauge","help":"Whether the last scrape worked.","unit":""}])";
    const std::string cpu = R"("container_cpu_usage_seconds_total":)"
                            R"([{"type":"counter","help":"CPU time.","unit":"seconds"}])";
    CHECK(scene.body("/api/v1/metadata") == success("{" + up + "," + cpu + "}"));
    CHECK(scene.body("/api/v1/metadata?limit=1&limit_per_metric=1") == success("{" + up + "}"));
    CHECK(scene.body("/api/v1/metadata?limit=0") == success("{}"));
    CHECK(scene.body("/api/v1/metadata?metric=container_cpu_usage_seconds_total") ==
          success("{" + cpu + "}"));
    CHECK(scene.body("/api/v1/metadata?metric=no") == success("{}"));
    CHECK(scene.body("/api/v1/status/buildinfo") ==
          success(R"({"version":"3.0.0","revision":"abc","branch":"","buildUser":"","buildDate":"",)"
                  R"("goVersion":""})"));
}
