// SPDX-License-Identifier: Apache-2.0
// A cluster whose health is asked for, on a clock that only the test moves.
#pragma once

#include "kube/reflector.hpp"
#include "scraper/node/first_figures.hpp"
#include "scraper/options.hpp"
#include "topd/serving/health.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

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
    net::Clock::time_point now;
    topd::Health health{{store, scraper, nodes, pods, 15s, 40s, [this] { return now; }}};

    // Its health began so long ago.
    explicit World(std::chrono::seconds age = 0s);
    ~World();

    // Known, without figures.
    void show();
    // Runs the scraper for so long.
    void scrape_for(std::chrono::milliseconds time);
    void fill();
};

using Failing = std::map<std::string, std::string>;

// Failing checks and why.
Failing failing(const std::vector<apiserver::HealthCheck>& checks);

// A node that was not asked yet.
void put_node(World& world, const std::string& name, bool ready = true);

// A node that cannot be asked, and that was found so: it has no address.
void put_bad_node(World& world, const std::string& name, bool ready = false);

}  // namespace test
