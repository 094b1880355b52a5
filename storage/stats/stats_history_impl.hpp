// SPDX-License-Identifier: Apache-2.0
// The parts of StatsHistory. Only its own .cpp files use it, and those of its snapshots.
#pragma once

#include "storage/history/share.hpp"
#include "storage/stats/stats_catalog.hpp"
#include "storage/stats/stats_clock.hpp"
#include "storage/stats/stats_history.hpp"

#include <string>

namespace storage::stats {

struct StatsHistory::Impl {
    explicit Impl(StatsOptions given);

    // About the page that is being taken.
    struct Moment {
        // By the clock.
        Seconds now = 0;
        // What a kubelet's time is later than the clock's.
        Seconds ahead = 0;
    };

    void take_node(std::string_view name, const Node& node, const Moment& moment);
    void take_pod(std::string_view node, const Pod& pod, const Moment& moment);
    void take_container(PodEntry& pod, const Container& container, const Moment& moment);

    template <std::size_t N>
    void put_figures(Series<N>& series, const Columns<N>& columns, Seconds told, Seconds started,
                     const std::array<Number, N>& values, const Moment& moment);
    void put_network(Series<5>& series, const Network& network, Seconds started, const Moment& moment);
    void put_memory(Series<5>& series, const Columns<5>& columns, const Memory& memory, Number last,
                    Seconds started, const Moment& moment);
    void put_filesystem(Series<5>& series, const Filesystem& filesystem, const Moment& moment);

    // Whether there is room for one thing more; counts those for which there is not.
    bool has_room();
    void set_limit();
    // How many blocks there may be when all else takes so much.
    std::size_t most_blocks(std::size_t others) const;
    // Moves the first ticks that are kept on.
    void move_windows();
    void begin_tick();
    // Looks after the next of all things: forgets what has fallen out. `count`: of pods and of nodes.
    void tend(std::size_t count);
    bool tend_pod(PodEntry& pod);
    bool tend_node(NodeEntry& node);
    template <std::size_t N>
    void tend_series(Series<N>& series);
    template <std::size_t N>
    bool is_idle(const Series<N>& series) const;

    Tick ticks_of(std::chrono::seconds window) const;
    void read(const Subject& subject, Part part, Tier tier, TimeRange range, std::vector<Point>& out);

    const StatsOptions options;
    const Pace pace;
    StatsClock clock;
    Blocks blocks;
    Catalog catalog;

    // The tick that runs, the first that ever did (0: none yet), and the first that are kept, the long tier's
    // in its own numbers: what was dropped does not come back.
    Tick tick = 0;
    Tick first_ever = 0;
    Tick first_recent = 0;
    Tick first_longer = 0;
    // How much of the windows fits; and how many pods are yet to be seen since it was cut.
    history::Share share;
    std::size_t unseen = 0;
    // Those that were tended last.
    Catalog::PodName tended_pod;
    std::string tended_node;
    std::uint64_t refused_points = 0;
    std::uint64_t refused_things = 0;
    // A snapshot is being taken in.
    bool is_loading = false;
};

}  // namespace storage::stats
