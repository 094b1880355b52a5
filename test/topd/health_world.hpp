// SPDX-License-Identifier: Apache-2.0
// A cluster whose health is asked for, on a clock that only the test moves.
#pragma once

#include "kube/reflector.hpp"
#include "scraper/first_figures.hpp"
#include "scraper/options.hpp"
#include "topd/health.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

namespace test {

using namespace std::chrono_literals;

class FakeReflector final : public kube::Reflector {
  public:
    net::Task<> run() override { co_return; }
    bool synced() const override { return is_synced; }
    std::string last_error() const override { return error; }

    bool is_synced = true;
    std::string error;
};

// A cluster of one node and one pod, with two good pages of it on demand.
struct World {
    boost::asio::io_context loop;
    storage::Store store{{}};
    scraper::ScraperOptions options = [] {
        scraper::ScraperOptions plain;
        plain.completely_insecure = true;
        return plain;
    }();
    scraper::Scraper scraper{loop.get_executor(), options, store};
    FakeReflector nodes;
    FakeReflector pods;
    net::Clock::time_point now = net::Clock::now();
    topd::Health health{{store, scraper, nodes, pods, 15s, 40s, [this] { return now; }}};

    // Known, without figures.
    void show() {
        store.put_node("n1", {});
        store.put_pod("default", "web", {});
    }
    // Runs the scraper for so long.
    void scrape_for(std::chrono::milliseconds time) {
        boost::asio::cancellation_signal stop;
        boost::asio::steady_timer timer{loop, time};
        timer.async_wait(
            [&](const boost::system::error_code&) { stop.emit(boost::asio::cancellation_type::terminal); });
        boost::asio::co_spawn(loop, scraper.run(),
                              boost::asio::bind_cancellation_slot(stop.slot(), [](std::exception_ptr) {}));
        loop.restart();
        loop.run();
    }
    void fill() {
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
};

using Failing = std::map<std::string, std::string>;

// Failing checks and why.
inline Failing failing(const std::vector<apiserver::HealthCheck>& checks) {
    Failing out;
    for (const auto& check : checks)
        if (const auto why = check.failure()) out[check.name] = *why;
    return out;
}

// A node that was not asked yet.
inline void put_node(World& world, const std::string& name, bool ready = true) {
    kube::Node node;
    node.name = name;
    node.ready = ready;
    world.scraper.nodes().put(node);
}

// A node that cannot be asked, and that was found so: it has no address.
inline void put_bad_node(World& world, const std::string& name, bool ready = false) {
    put_node(world, name, ready);
    // One pass.
    world.scrape_for(600ms);
}

}  // namespace test
