// SPDX-License-Identifier: Apache-2.0
// A history that is told tick by tick, and what queries see of it.
#pragma once

#include "series/source.hpp"
#include "storage/applications/figure_history.hpp"
#include "storage/history/feed.hpp"
#include "storage/history/history.hpp"
#include "storage/stats/stats_history.hpp"
#include "storage/store.hpp"
#include "storage/watched/watched_objects.hpp"
#include "test/query/ask.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace series_test {

inline constexpr std::int64_t kStart = 1'800'000'000;

struct Told {
    std::string name;
    std::uint64_t millicores = 0;
    std::uint64_t mebibytes = 0;
    // Changes with each life.
    std::uint8_t life = 1;
    // Bytes.
    std::optional<std::uint64_t> swap{};
};

class Cluster {
  public:
    explicit Cluster(storage::history::HistoryOptions options = {}) : history{options}, store{{}} {}

    void put_node(const std::string& name) {
        nodes_[name] = history.feed().link_node(name);
        store.put_node(name, {});
    }
    void put_pod(const std::string& name_space, const std::string& name) {
        pods_[name_space + "/" + name] = history.feed().link_pod(name_space, name);
    }
    // A tick: begin(), what is served in it, end().
    void begin(std::int64_t second) { history.feed().begin_tick(kStart + second); }
    void pod(const std::string& node, const std::string& name_space, const std::string& name,
             const std::vector<Told>& containers) {
        std::vector<storage::history::ContainerFigures> told;
        for (const Told& each : containers)
            told.push_back({each.name,
                            {each.millicores * 1'000'000, each.mebibytes << 20, each.swap},
                            {each.life, (kStart + each.life) * 1'000'000'000ULL}});
        history.feed().put_pod(pods_.at(name_space + "/" + name), name_space, nodes_.at(node), told);
    }
    void node(const std::string& name, std::uint64_t millicores, std::uint64_t mebibytes) {
        history.feed().put_node(nodes_.at(name), {millicores * 1'000'000, mebibytes << 20, std::nullopt}, {});
    }
    void end() {
        history.feed().end_tick();
        history.tend();
    }

    // At a second behind the start.
    std::string ask(const std::string& query, double second, bool with_objects = false) {
        const series::Source source{
            history,
            store,
            {stats_on ? &stats : nullptr, with_objects ? &objects : nullptr, node_exporter, shown_figures()}};
        return query_test::Asked{source, {}, 1000, {}}.instant(query, static_cast<double>(kStart) + second);
    }
    std::string range(const std::string& query, double from, double to, double step) {
        const series::Source source{history, store, {nullptr, nullptr, false, shown_figures()}};
        const auto start = static_cast<double>(kStart);
        return query_test::Asked{source, {}, 1000, {}}.range(query, start + from, start + to, step);
    }

    storage::history::History history;
    storage::Store store;
    storage::WatchedObjects objects;
    storage::stats::StatsHistory stats{{}};
    bool stats_on = false;
    // --node-exporter-series
    bool node_exporter = false;
    storage::applications::FigureHistory figures{{}};
    bool figures_on = false;

  private:
    const storage::applications::FigureHistory* shown_figures() const {
        return figures_on ? &figures : nullptr;
    }

    std::map<std::string, storage::history::Link> nodes_;
    std::map<std::string, storage::history::Link> pods_;
};

}  // namespace series_test
