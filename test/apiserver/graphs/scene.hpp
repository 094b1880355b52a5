// SPDX-License-Identifier: Apache-2.0
// A cluster whose pods use the same every 15 s, its history, and requests for graphs.
#pragma once

#include "apiserver/graphs/graphs.hpp"
#include "storage/history/history.hpp"
#include "storage/store.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace test::graphs {

// 2026-01-05T10:00:00Z: the first tick.
inline constexpr std::int64_t kStart = 1'767'607'200;
inline constexpr std::int64_t kTick = 15;

// One container on n1.
struct Load {
    std::string name_space;
    std::string pod;
    std::string container;
    double millicores = 0;
    std::uint64_t memory = 0;
    // Unix time; 0: the kubelet does not tell it.
    std::int64_t started = 0;
    // CPU seconds until now.
    double used = 0;

    // Another life, of which there was nothing before.
    void restart(std::int64_t at) {
        started = at;
        used = 0;
    }
};

struct Scene {
    // objects: null for none; must outlive it.
    explicit Scene(const storage::WatchedObjects* objects = nullptr);

    // A page of n1 and the end of a tick, so many times.
    void run(int ticks);
    // The pod is gone for the watch and from the pages.
    void remove(std::string_view name_space, std::string_view pod);

    apiserver::GraphsOptions options(const storage::WatchedObjects* objects = nullptr) const;
    net::Response ask(const net::Request& asked);
    std::string body(std::string target);

    std::vector<Load> loads{
        {"shop", "web-0", "app", 100.4, 40960},
        {"shop", "web-0", "proxy", 0.3, 8192},
        {"shop", "web-1", "app", 20, 4096},
        {"system", "dns", "dns", 3, 4096},
    };
    storage::history::History history{{}};
    storage::Store store{storage::StoreOptions{}, &history};
    // Unix time.
    std::int64_t now = kStart;
    apiserver::Graphs graphs;
};

// {"timestamp":"2026-01-05T10:MM:00Z","value":V}, with commas between, for the minutes.
std::string points(int first, int last, std::uint64_t value);

}  // namespace test::graphs
