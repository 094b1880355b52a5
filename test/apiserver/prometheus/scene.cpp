// SPDX-License-Identifier: Apache-2.0
#include "test/apiserver/prometheus/scene.hpp"

#include "apiserver/request/query.hpp"
#include "test/apiserver/fixture.hpp"

#include <utility>

namespace test::prometheus {

Scene::Scene() {
    constexpr int kSamples = 41;
    std::vector<double> ones(kSamples, 1);
    source.add(R"(up{instance="n1",job="topd",node="n1"})", 15, ones, kBegin);
    const std::pair<const char*, double> pods[] = {{"web-0", 40960}, {"web-1", 4096}};
    double cores = 0;
    for (const auto& [pod, memory] : pods) {
        cores += 0.1;
        const std::string labels =
            R"({container="app",image="-",instance="n1",job="topd",namespace="shop",node="n1",pod=")" +
            std::string{pod} + "\"}";
        std::vector<double> used;
        for (int i = 0; i < kSamples; ++i) used.push_back(100 + cores * 15 * i);
        source.add("container_cpu_usage_seconds_total" + labels, 15, used, kBegin);
        source.add("container_memory_working_set_bytes" + labels, 15, std::vector<double>(kSamples, memory),
                   kBegin);
    }
}

apiserver::PrometheusOptions Scene::options() const {
    apiserver::PrometheusOptions out;
    out.wall_clock = [this] { return now; };
    out.metadata = {{"up", "gauge", "Whether the last scrape worked.", ""},
                    {"container_cpu_usage_seconds_total", "counter", "CPU time.", "seconds"}};
    out.revision = "abc";
    return out;
}

net::Task<net::Response> respond(apiserver::Prometheus& api, const net::Request& asked) {
    const auto target = apiserver::parse_target(asked.target);
    std::optional<net::Response> response = co_await api.respond(asked, target->path, target->query);
    if (response) co_return std::move(*response);
    net::Response none;
    none.status = 0;
    co_return none;
}

net::Response Scene::ask(const net::Request& asked, apiserver::PrometheusOptions by) {
    apiserver::Prometheus api{source, std::move(by)};
    boost::asio::io_context loop{1};
    net::Response response = test::run(loop, respond(api, asked));
    response.body = whole_body(response);
    response.source.reset();
    return response;
}

net::Response Scene::ask(const net::Request& asked) {
    return ask(asked, options());
}

std::string Scene::body(std::string target) {
    return ask(request(std::move(target))).body;
}

net::Request post(std::string target, std::string body, std::string type) {
    net::Request out = request(std::move(target), {{"Content-Type", std::move(type)}}, "POST");
    out.body = std::move(body);
    return out;
}

std::string success(const std::string& data) {
    return R"({"status":"success","data":)" + data + "}";
}

std::string result(const std::string& type, const std::string& data) {
    return success(R"({"resultType":")" + type + R"(","result":)" + data + "}");
}

std::string error(const std::string& type, const std::string& text) {
    std::string escaped;
    for (const char c : text) {
        if (c == '"') escaped += '\\';
        escaped += c;
    }
    return R"({"status":"error","errorType":")" + type + R"(","error":")" + escaped + "\"}";
}

}  // namespace test::prometheus
