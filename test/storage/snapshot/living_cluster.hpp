// SPDX-License-Identifier: Apache-2.0
// A small cluster that lives on whatever topd does: pods come, go, restart and move, pages are missed. And a
// server's memory of it, of which there may be several: one that was never restarted, one that was.
#pragma once

#include "storage/history/history.hpp"
#include "storage/snapshot/snapshot.hpp"
#include "storage/stats/stats_history.hpp"
#include "storage/store.hpp"

#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace storage::snapshot {

// What a server keeps.
struct Memory {
    explicit Memory(history::HistoryOptions options = small(),
                    stats::StatsOptions stats_options = small_stats())
        : history{options}, store{{}, &history}, stats{stats_options} {}
    static history::HistoryOptions small();
    static stats::StatsOptions small_stats();

    history::History history;
    Store store;
    stats::StatsHistory stats;
};

class LivingCluster {
  public:
    static constexpr std::int64_t kStart = 1'800'000'000;

    explicit LivingCluster(unsigned seed, int nodes = 4, int pods = 24);

    // Lets a tick pass, and all the servers see the same of it.
    void live(const std::vector<Memory*>& servers);
    // What the watches tell one that has just started.
    void introduce(Memory& server) const;

    // The present moment.
    Now now() const;
    // While no topd runs.
    void pass(std::int64_t seconds);
    void set_wall_clock(std::int64_t by) { ahead_ += by; }
    void replace_uids() { ++generation_; }

  private:
    struct Process {
        std::string name;
        double cpu = 0;
        double rate = 0;
        double started = 0;
        std::uint64_t memory = 0;
        bool swaps = false;
    };
    struct Replica {
        std::string name_space;
        std::string name;
        int node = 0;
        int uid = 0;
        double started = 0;
        std::vector<Process> processes;
    };

    bool chance(int percent) { return pick(100) < percent; }
    int pick(int bound) { return std::uniform_int_distribution<int>{0, bound - 1}(random_); }
    void start(Replica& pod);
    void churn(const std::vector<Memory*>& servers);
    void run(double seconds);
    void show_page(int node, const std::vector<Memory*>& servers);
    void show_summary(int node, const std::vector<Memory*>& servers);
    void tell(const Replica& pod, Memory& server) const;

    std::mt19937 random_;
    int nodes_;
    std::vector<Replica> pods_;
    std::vector<Process> machines_;
    int next_uid_ = 1;
    int generation_ = 0;
    double seconds_ = 1000;
    int ticks_ = 0;
    std::int64_t ahead_ = 0;
};

// All of it.
std::vector<Section> sections_of(const Memory& server, Now now);
// The complaints.
std::string load_into(Memory& server, const std::vector<Section>& sections, Now now);
// All that can be read of it, both tiers.
std::string told(const history::History& history);
std::string told(const stats::StatsHistory& stats);
// All that is served.
std::string served_by(const Store& store, Monotonic now);

}  // namespace storage::snapshot
