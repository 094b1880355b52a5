// SPDX-License-Identifier: Apache-2.0
// The text of a kubelet's /metrics/resource, byte for byte as real ones print it (test/fixtures): families by
// name, series by their label values, each line with the time of its own sample.
#pragma once

#include "test/sim/cluster/model.hpp"
#include "test/sim/kubelet/pages/sampling.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sim {

// What follows the labels: "value timestamp\n".
struct PageEnding {
    std::array<char, 46> text{};
    // 0: the series has no such line.
    std::uint8_t size = 0;
    std::string_view view() const { return {text.data(), size}; }
};

// The samples that a line showed: for those who compare what was served with the truth.
struct SampleRecord {
    const Pod* pod = nullptr;
    // nullptr: the pod's own.
    const Container* container = nullptr;
    std::array<Millis, SampleClock::kRecent> taken{};
};

// The page of one node. Text is kept until its sample changes, so building a page is mostly copying. Not
// thread safe. The node must outlive it.
class Page {
  public:
    Page(const Node& node, Sampling sampling, std::uint64_t seed, Nanos running_since);

    // Appends the page as it stands at `now`, which never goes back. Counters are shown without what they
    // held at `counters_since` (0: all of it), as after a reset that left the start time alone.
    void append(std::string& out, Nanos now, Nanos counters_since = 0);

    // Of the last page, for those who make room.
    std::size_t last_size() const { return last_size_; }
    // Of the node's line on the last page; 0: no page yet.
    Millis node_sample() const { return node_clock_.last(); }
    const SampleClock& node_clock() const { return node_clock_; }
    // Of the lines on the last page.
    std::vector<SampleRecord> samples() const;

  private:
    struct Series {
        std::shared_ptr<const Pod> pod;
        // An index into the pod's containers; -1: the pod itself.
        int container = -1;
        SampleClock clock;
        // Of the life that the clock belongs to.
        Nanos born = 0;
        bool shown = false;
        // Braces and a space.
        std::string labels{};
        PageEnding cpu{}, memory{}, start{}, swap_limit{}, swap{};
    };

    void collect();
    void refresh(Series& series, Nanos now);
    void write_endings(Series& series);
    void refresh_node(Nanos now);
    void append_containers(std::string& out) const;
    void append_node(std::string& out) const;
    void append_pods(std::string& out) const;
    // A counter as shown: without what `hidden` says when the sample is of after the reset.
    double cpu_seconds(std::uint64_t nanos, std::uint64_t hidden, Nanos at) const;
    SampleClock make_clock(Sampled what, std::uint64_t key, Nanos born) const;

    const Node& node_;
    Sampling sampling_;
    std::uint64_t seed_;
    Nanos running_since_;
    SampleClock node_clock_;
    PageEnding node_cpu_, node_memory_, node_swap_;
    std::uint64_t generation_ = 0;
    std::size_t last_size_ = 0;
    Nanos counters_since_ = 0;
    // The endings were written for another counters_since_.
    bool stale_ = false;
    // Sorted by (container, namespace, pod) and by (namespace, pod).
    std::vector<Series> containers_;
    std::vector<Series> pods_;
};

}  // namespace sim
