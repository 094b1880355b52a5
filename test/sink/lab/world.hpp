// SPDX-License-Identifier: Apache-2.0
// A cluster that is told to history tick by tick, the same for the same seed: pods come and go, containers
// restart, nodes are silent for a while. What was told is written down, for who compares it with what
// arrived.
#pragma once

#include "storage/history/feed.hpp"
#include "storage/history/history.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace sink_lab {

struct WorldOptions {
    std::uint32_t seed = 1;
    unsigned nodes = 4;
    unsigned pods = 30;
};

class World {
  public:
    World(WorldOptions options, storage::history::History& history);

    // The tick that ends at `now`. Returns what was served then, a line of JSON.
    std::string tick(std::int64_t now);

  private:
    struct Container {
        std::string name;
        std::uint64_t cpu = 0;
        std::uint64_t memory = 0;
        std::optional<std::uint64_t> swap;
        std::uint8_t life = 1;
        std::uint64_t started = 0;
    };
    struct Pod {
        std::string name_space;
        std::string name;
        unsigned node = 0;
        storage::history::Link link{};
        std::vector<Container> containers;
    };

    unsigned below(unsigned bound) { return bound == 0 ? 0 : static_cast<unsigned>(random_()) % bound; }
    void add_pod(std::int64_t now);
    void change(std::int64_t now);
    void walk(Container& container);

    WorldOptions options_;
    storage::history::History& history_;
    std::mt19937 random_;
    std::vector<storage::history::Link> nodes_;
    // Until when a node is silent.
    std::vector<unsigned> silent_;
    std::vector<Pod> pods_;
    unsigned made_ = 0;
    unsigned ticks_ = 0;
};

}  // namespace sink_lab
