// SPDX-License-Identifier: Apache-2.0
#include "test/apiserver/page/asking.hpp"

#include "test/net/run.hpp"

#include <array>
#include <chrono>
#include <span>
#include <utility>

namespace test::page {

apiserver::PageSources sources(const graphs::Scene& scene, const storage::WatchedObjects* objects) {
    apiserver::PageSources out{scene.store, scene.history};
    out.objects = objects;
    out.clock = [&scene] {
        const std::chrono::system_clock::time_point wall{std::chrono::seconds{scene.now}};
        return apiserver::Moments{wall, scene.options().monotonic_clock()};
    };
    return out;
}

net::Response asked_ui(apiserver::Ui& ui, const std::string& target, const std::vector<Header>& headers,
                       const std::string& method) {
    boost::asio::io_context loop{1};
    const net::Request asked = request(target, headers, method);
    const auto parsed = apiserver::parse_target(target);
    auto response = run(loop, ui.respond(asked, parsed->path, parsed->query));
    if (!response) {
        net::Response none;
        none.status = 0;
        return none;
    }
    if (response->source) {
        response->body = whole_body(*response);
        response->source.reset();
    }
    return std::move(*response);
}

std::string told(apiserver::Ui& ui, const std::string& target) {
    const net::Response response = asked_ui(ui, target);
    if (response.status == 200) return response.body;
    return std::to_string(response.status) + " " + response.body;
}

void put_objects(storage::WatchedObjects& objects) {
    const std::array<storage::Quantity, 2> capacity{{{"cpu", 2000}, {"memory", 8'388'608}}};
    const std::array<storage::Quantity, 2> allocatable{{{"cpu", 1800}, {"memory", 8'000'000}}};
    objects.put_node({"n1", capacity, allocatable});
    const std::array<storage::Quantity, 2> requests{{{"cpu", 150}, {"memory", 65536}}};
    const std::array<storage::Quantity, 2> limits{{{"cpu", 400}, {"memory", 131072}}};
    const std::array<storage::ContainerObject, 2> web{
        {{"app", "web:1", false, requests, limits}, {"proxy", "proxy:1", false, {}, {}}}};
    const std::array<std::uint32_t, 2> restarts{3, 1};
    storage::PodObject pod;
    pod.name_space = "shop";
    pod.node = "n1";
    pod.pod_ip = "10.0.0.7";
    pod.workload_kind = "StatefulSet";
    pod.workload_name = "web";
    pod.containers = web;
    pod.requests = requests;
    pod.limits = limits;
    pod.restarts = restarts;
    pod.name = "web-0";
    objects.put_pod(pod);
    pod.restarts = {};
    pod.containers = std::span{web}.first(1);
    pod.name = "web-1";
    objects.put_pod(pod);
    const std::array<storage::ContainerObject, 1> dns{{{"dns", "dns:1", false, {}, {}}}};
    storage::PodObject bare;
    bare.name_space = "system";
    bare.name = "dns";
    bare.node = "n1";
    bare.containers = dns;
    objects.put_pod(bare);
}

}  // namespace test::page
