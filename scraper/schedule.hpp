// SPDX-License-Identifier: Apache-2.0
// When each node is scraped. Pure: time comes in as an argument.
//
// The resolution interval is cut into slots of about kGrid; what is due in one slot is sent together, since
// wake-ups are most of what a scrape costs (architecture.md, decision 3). A node's slot follows from its name
// alone. What is sent beside the regular scrape of each round falls on a finer grid, kTicksPerSlot in a slot:
//  - a node's start. First in the next tick after add(), of many nodes at most kFirstPerTick a tick: each
//    connects, which is most of the work of a start. Then as soon as the kubelet can have a new sample, for
//    two are needed and a resolution need not pass between them, and once more every kSoon until the node has
//    all its figures: kStartPages in all. One that failed is asked once more. Meanwhile its place in the
//    round is left out, as it is within a third of the resolution after its start;
//  - while containers are too young for figures: kSoon after a scrape that showed them, unless the regular
//    one is not much later. These are at most a tenth of the regular scrapes: each of those earns kEarned, up
//    to a tenth of the nodes (or kSavedAtLeast).
// Nothing is queued: a node whose scrape is still running when it is due is skipped and counted, and a stall
// of the loop costs rounds, it does not double them.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace scraper {

// FNV-1a, 64 bits, with the final mix of MurmurHash3: names that differ in one digit spread evenly.
std::uint64_t name_hash(std::string_view name);

class Schedule {
  public:
    using Time = std::chrono::steady_clock::time_point;
    using Duration = std::chrono::steady_clock::duration;

    static constexpr std::chrono::milliseconds kGrid{1'000};
    static constexpr std::int64_t kTicksPerSlot = 4;
    // A handshake costs some 0.8 ms: 640 a second are half a core.
    static constexpr std::size_t kFirstPerTick = 160;
    // A kubelet samples every 10 s or more: what a page shows is at most this far from the next sample.
    static constexpr std::chrono::milliseconds kSampleApart{10'250};
    static constexpr std::chrono::milliseconds kSoonest{1'000};
    static constexpr int kStartPages = 7;
    static constexpr std::chrono::milliseconds kSoon{4'000};
    static constexpr double kEarned = 0.1;
    static constexpr double kSavedAtLeast = 4;
    // How long a node without the page is left alone.
    static constexpr std::chrono::minutes kUnsupportedPause{5};
    static constexpr std::chrono::milliseconds kLate{100};

    struct Due {
        // Valid until the node is removed.
        std::string_view name;
        Time at;
    };

    // What came of a scrape. page: something on it has no figures for want of a second sample. young: all
    // has, but for containers that are too young.
    enum class Result { usage, young, page, failed, unsupported };

    struct Counts {
        // Sent more than kLate after they were due.
        std::uint64_t late = 0;
        // Sent beside the regular ones, to nodes with young containers.
        std::uint64_t extra = 0;
        // Not sent because the one before was still running.
        std::uint64_t skipped = 0;
        Duration worst{0};
    };

    // `epoch`: a moment at which a round begins; processes that agree on it scrape a node at the same time.
    Schedule(Duration resolution, Time now, Time epoch);
    Schedule(const Schedule&) = delete;
    Schedule& operator=(const Schedule&) = delete;

    // Does nothing when the node is there.
    void add(std::string_view name, Time now);
    void remove(std::string_view name);

    // Appends what is to be sent now, and takes it as running until done(). Slots in order; at most once a
    // node.
    void due(Time now, std::vector<Due>& out);
    // The scrape that was due at `at` is being sent at `now`.
    void sent(Time at, Time now);
    // The node's scrape has ended. `to_next_sample`: of a page, how long until the kubelet can have a new
    // one; it may be wrong, for it compares clocks.
    void done(std::string_view name, Result result, Time now, Duration to_next_sample = kSampleApart);

    // When due() can have something next; Time::max() when never.
    Time next() const;

    // When the node is to be scraped next, as things stand, seen from `now`. REQUIRES: it is there.
    Time next_of(std::string_view name, Time now) const;

    std::size_t size() const { return nodes_.size(); }
    std::size_t slots() const { return slots_.size(); }
    // 0 to slots() - 1: the node's place in the round.
    std::size_t slot_of(std::string_view name) const { return name_hash(name) % slots_.size(); }
    const Counts& counts() const { return counts_; }

  private:
    // Fractions of a slot since the epoch; slots begin at multiples of kTicksPerSlot.
    using Tick = std::int64_t;
    static constexpr Tick kNone = -1;

    struct Node {
        std::string_view name;
        // Its place in slots_[slot].
        std::size_t slot = 0;
        std::size_t index = 0;
        // The tick of its extra scrape.
        Tick extra = kNone;
        // No regular scrape is sent before.
        Time not_before{};
        // It has an extra scrape, or one is running.
        bool starting = true;
        // How many scrapes of its start brought a page.
        int pages = 0;
        bool asked_again = false;
        bool running = false;
    };
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view name) const { return name_hash(name); }
    };

    Tick tick_of(Time t) const { return (t - epoch_) / tick_length_; }
    Time time_of(Tick tick) const { return epoch_ + tick * tick_length_; }
    Tick ticks() const { return static_cast<Tick>(slots_.size()) * kTicksPerSlot; }
    // What is regularly due at the tick; nullptr: it is not the beginning of a slot.
    const std::vector<Node*>* slot_at(Tick tick) const;
    // The first from `tick` on in which another node can connect.
    Tick tick_with_room(Tick tick) const;
    // The first tick of the node's place in the round, from `tick` on.
    Tick regular_tick(const Node& node, Tick tick) const;
    // Not before the node takes part in the rounds again.
    Tick next_regular(const Node& node, Time now) const;
    void go_on_starting(Node& node, Result result, Time now, Duration to_next_sample);
    void end_start(Node& node, Time now);
    void come_back_soon(Node& node, Time now);
    void set_extra(Node& node, Tick tick);
    void clear_extra(Node& node);
    void take(Node& node, Tick tick, std::vector<Due>& out);

    Duration resolution_;
    Duration tick_length_;
    Time epoch_;
    // due() has dealt with all ticks up to this one.
    Tick dealt_;
    // Scrapes that may be sent beside the regular ones.
    double saved_ = kSavedAtLeast;
    std::unordered_map<std::string, Node, Hash, std::equal_to<>> nodes_;
    std::vector<std::vector<Node*>> slots_;
    std::map<Tick, std::vector<Node*>> extras_;
    Counts counts_;
};

}  // namespace scraper
