// SPDX-License-Identifier: Apache-2.0
// Random histories of a cluster, which a store and the reference model live through together.
#pragma once

#include "storage/history/history.hpp"
#include "storage/store.hpp"
#include "test/storage/truth/reference_model.hpp"

#include <map>
#include <random>
#include <set>
#include <string>
#include <tuple>
#include <vector>

namespace storage::reference {

inline Monotonic at_ms(Ms ms) {
    return Monotonic{std::chrono::milliseconds{ms}};
}

inline constexpr Ms kEpoch = 1'000'000'000;

// A cluster in which all goes wrong now and then. Store and model live through the same.
class History {
  public:
    History(unsigned seed, Options options)
        : random_{seed},
          model_{options},
          history_{{std::chrono::seconds{kTick}}},
          store_{StoreOptions{std::chrono::milliseconds{options.window_bound},
                              std::chrono::milliseconds{options.least_window}, options.bridge,
                              options.unknown_pods, std::chrono::milliseconds{options.unknown_age}},
                 &history_} {}

    void step();
    void check();
    // All ticks, after the last step: what the model served then is what history tells.
    void check_history();
    std::size_t served() const { return served_; }
    std::size_t told() const { return told_; }

  private:
    // A container as one node's kubelet sees it.
    struct Process {
        Ms at = kEpoch;
        Ms cpu = 1;
        Ms started = kEpoch - 100'000;
    };

    bool chance(int percent) { return pick(100) < percent; }
    int pick(int bound) { return std::uniform_int_distribution<int>{0, bound - 1}(random_); }
    std::string any_node() { return kNodes[static_cast<std::size_t>(pick(3))]; }
    Name any_pod() {
        return {pick(2) == 0 ? "east" : "west", std::string(1, static_cast<char>('p' + pick(4)))};
    }

    // A tick of the clock that history goes by ends, and the one before is told. `sweep`: this one is, too.
    void end_tick(bool sweep);
    void check_track(const history::Subject& subject, const std::map<std::int64_t, Used>& expected);

    void put_node(const std::string& node);
    void put_pod(const Name& pod);
    void settle(const Name& pod);
    void list_nodes();
    void list_pods();
    void commit();
    Ms swap_of(const std::string& container);
    Line line_of(const std::string& node, const Name& pod, const std::string& container);
    Line node_line(const std::string& node);
    void run(const std::string& node, Process& process);
    void check_pod(const PodView& view);

    static constexpr std::int64_t kTick = 15;

    const std::vector<std::string> kNodes{"a", "b", "c"};
    std::mt19937 random_;
    Model model_;
    history::History history_;
    Store store_;
    Ms now_ = 0;
    // What nodes' clocks are ahead of ours.
    std::map<std::string, Ms> ahead_;
    // UIDs are numbers: of the present node or pod of a name.
    std::map<std::string, int> node_uids_;
    std::map<Name, int> pod_uids_;
    std::map<std::tuple<std::string, Name, std::string>, Process> processes_;
    std::size_t served_ = 0;
    // What the model served at the ends of ticks, by their times in seconds.
    Ms last_tick_ = 0;
    std::map<std::string, std::map<std::int64_t, Used>> node_ticks_;
    std::map<std::pair<Name, std::string>, std::map<std::int64_t, Used>> container_ticks_;
    std::map<Name, std::map<std::int64_t, Used>> pod_ticks_;
    std::map<std::string, std::map<std::int64_t, Used>> namespace_ticks_;
    std::map<std::int64_t, Used> cluster_ticks_;
    std::size_t told_ = 0;
};

}  // namespace storage::reference
