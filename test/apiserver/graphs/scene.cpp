// SPDX-License-Identifier: Apache-2.0
#include "test/apiserver/graphs/scene.hpp"

#include "test/apiserver/fixture.hpp"
#include "test/storage/pages.hpp"

#include <cstddef>
#include <limits>
#include <utility>

namespace test::graphs {
namespace {

// Our clock and the kubelet's go alike.
storage::Monotonic monotonic(std::int64_t now) {
    return storage::at(static_cast<double>(now - kStart + 1000));
}

}  // namespace

Scene::Scene(const storage::WatchedObjects* objects) : graphs{store, history, options(objects)} {
    store.put_node("n1", {});
    store.put_node("idle", {});
    for (const Load& load : loads) store.put_pod(load.name_space, load.pod, {});
    now -= kTick;
}

void Scene::run(int ticks) {
    for (; ticks > 0; --ticks) {
        now += kTick;
        const auto time = static_cast<double>(now);
        const auto age = static_cast<double>(now - kStart + kTick);
        std::vector<storage::PageRow> rows;
        for (Load& load : loads) {
            load.used += static_cast<double>(kTick) * load.millicores / 1000;
            rows.push_back(storage::row(load.name_space, load.pod, load.container, time, load.used,
                                        static_cast<double>(load.started), load.memory));
        }
        store.commit("n1", storage::page(std::move(rows), storage::node_row(time, age * 0.25, 1'048'576)),
                     monotonic(now));
        store.end_tick(now, monotonic(now));
        while (store.sweep_tick(std::numeric_limits<std::size_t>::max())) {
        }
    }
}

void Scene::remove(std::string_view name_space, std::string_view pod) {
    std::erase_if(loads, [&](const Load& load) { return load.name_space == name_space && load.pod == pod; });
    store.remove_pod(name_space, pod);
}

apiserver::GraphsOptions Scene::options(const storage::WatchedObjects* objects) const {
    apiserver::GraphsOptions out;
    out.wall_clock = [this] { return now; };
    out.monotonic_clock = [this] { return monotonic(now); };
    out.objects = objects;
    return out;
}

net::Response Scene::ask(const net::Request& asked) {
    boost::asio::io_context loop{1};
    const auto target = apiserver::parse_target(asked.target);
    auto response = test::run(loop, graphs.respond(asked, target->path, target->query));
    if (!response) {
        net::Response none;
        none.status = 0;
        return none;
    }
    response->body = whole_body(*response);
    response->source.reset();
    return std::move(*response);
}

std::string Scene::body(std::string target) {
    return ask(request(std::move(target))).body;
}

std::string points(int first, int last, std::uint64_t value) {
    std::string out;
    for (int minute = first; minute <= last; ++minute) {
        if (!out.empty()) out += ',';
        out += R"({"timestamp":"2026-01-05T10:)";
        out += static_cast<char>('0' + minute / 10);
        out += static_cast<char>('0' + minute % 10);
        out += R"(:00Z","value":)" + std::to_string(value) + "}";
    }
    return out;
}

}  // namespace test::graphs
