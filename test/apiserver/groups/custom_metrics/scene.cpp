// SPDX-License-Identifier: Apache-2.0
#include "test/apiserver/groups/custom_metrics/scene.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

namespace test {

net::Task<text::Parsed<apiserver::ObjectPods>> FixedObjects::find(apiserver::ObjectName object,
                                                                  net::Deadline) {
    const auto at = known.find(object);
    if (at == known.end()) co_return text::ParseError{"there is no such object"};
    co_return at->second;
}

CustomMetricsScene::CustomMetricsScene() {
    apiserver::CustomMetricsOptions of_group;
    of_group.wall_clock = options.metrics.wall_clock;
    of_group.monotonic_clock = options.metrics.monotonic_clock;
    group = std::make_shared<apiserver::CustomMetricsGroup>(applications, store, objects, of_group);
    options.groups.push_back(group);
}

void CustomMetricsScene::put(const std::string& name_space, const std::string& pod,
                             const storage::Labels& labels) {
    store.put_pod(name_space, pod, labels, "uid-of-" + pod);
}

void CustomMetricsScene::put_annotated(const std::string& name_space, const std::string& pod,
                                       const storage::Labels& labels) {
    put(name_space, pod, labels);
    applications.put_pod({name_space, pod}, "uid-of-" + pod, {});
}

void CustomMetricsScene::page(const std::string& name_space, const std::string& pod,
                              const std::vector<Line>& lines) {
    const storage::Nanos at = std::chrono::nanoseconds{std::chrono::seconds{kNow}}.count();
    auto wanted = applications.wanted({name_space, pod}, now, at);
    REQUIRE(wanted.has_value());
    for (const Line& line : lines) wanted->reading.sample({line.name, line.type, line.labels, line.value, 0});
    applications.commit({name_space, pod}, wanted->uid, std::move(wanted->reading));
}

std::string CustomMetricsScene::told(const std::string& path, const std::vector<Header>& headers,
                                     const std::string& method) {
    const net::Response response = ask(request(kCustom + path, headers, method));
    const std::string code = std::to_string(response.status) + " ";
    if (response.status == 200) return code + response.body;
    return code + nlohmann::json::parse(response.body)["message"].get<std::string>();
}

}  // namespace test
