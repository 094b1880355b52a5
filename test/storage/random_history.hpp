// SPDX-License-Identifier: Apache-2.0
// Random histories of a cluster, which a store and the reference model live through together.
#pragma once

#include "storage/store.hpp"
#include "test/storage/reference_model.hpp"

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
          store_{StoreOptions{std::chrono::milliseconds{options.window_bound},
                              std::chrono::milliseconds{options.least_window}, options.bridge,
                              options.unknown_pods, std::chrono::milliseconds{options.unknown_age}}} {}

    void step();
    void check();
    std::size_t served() const { return served_; }

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

    void put_node(const std::string& node);
    void put_pod(const Name& pod);
    void settle(const Name& pod);
    void list_nodes();
    void list_pods();
    void commit();
    Line line_of(const std::string& node, const Name& pod, const std::string& container);
    Line node_line(const std::string& node);
    void run(const std::string& node, Process& process);
    void check_pod(const PodView& view);

    const std::vector<std::string> kNodes{"a", "b", "c"};
    std::mt19937 random_;
    Model model_;
    Store store_;
    Ms now_ = 0;
    // What nodes' clocks are ahead of ours.
    std::map<std::string, Ms> ahead_;
    // UIDs are numbers: of the present node or pod of a name.
    std::map<std::string, int> node_uids_;
    std::map<Name, int> pod_uids_;
    std::map<std::tuple<std::string, Name, std::string>, Process> processes_;
    std::size_t served_ = 0;
};

}  // namespace storage::reference
