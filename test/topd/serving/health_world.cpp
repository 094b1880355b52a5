// SPDX-License-Identifier: Apache-2.0
#include "test/topd/serving/health_world.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>

namespace test {

World::World(std::chrono::seconds age) : now{net::Clock::now() - age} {}

World::~World() = default;

void World::show() {
    store.put_node("n1", {});
    store.put_pod("default", "web", {});
}

void World::scrape_for(std::chrono::milliseconds time) {
    boost::asio::cancellation_signal stop;
    boost::asio::steady_timer timer{loop, time};
    timer.async_wait(
        [&](const boost::system::error_code&) { stop.emit(boost::asio::cancellation_type::terminal); });
    boost::asio::co_spawn(loop, scraper.run(),
                          boost::asio::bind_cancellation_slot(stop.slot(), [](std::exception_ptr) {}));
    loop.restart();
    loop.run();
}

void World::fill() {
    show();
    for (std::int64_t i = 1; i <= 2; ++i) {
        const storage::Nanos at = i * 15'000'000'000;
        storage::NodePage page;
        page.node.cpu = {static_cast<std::uint64_t>(i), at};
        page.node.memory = {1, at};
        storage::PageRow row;
        row.name_space = "default";
        row.pod = "web";
        row.container = "main";
        row.cpu = page.node.cpu;
        row.memory = page.node.memory;
        row.started = 1;
        page.containers.push_back(row);
        store.commit("n1", page, now);
    }
}

Failing failing(const std::vector<apiserver::HealthCheck>& checks) {
    Failing out;
    for (const auto& check : checks)
        if (const auto why = check.failure()) out[check.name] = *why;
    return out;
}

void put_node(World& world, const std::string& name, bool ready) {
    kube::Node node;
    node.name = name;
    node.ready = ready;
    world.scraper.nodes().put(node);
}

void put_bad_node(World& world, const std::string& name, bool ready) {
    put_node(world, name, ready);
    // One pass.
    world.scrape_for(600ms);
}

}  // namespace test
