// SPDX-License-Identifier: Apache-2.0
// Says in the log what the process may use, and when that is too little for its work.
#pragma once

#include "net/task.hpp"
#include "topd/limits/cgroup.hpp"
#include "topd/limits/descriptors.hpp"
#include "topd/limits/memory_plan.hpp"

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <limits>
#include <optional>

namespace topd {

// Decides when to speak of a memory limit that the work does not fit into.
class MemoryShortage {
  public:
    // The bytes needed, when they are over the limit and that is news: not said yet, said for a quarter less,
    // or for another limit.
    std::optional<std::uint64_t> look(const Inventory& inventory, std::optional<std::uint64_t> limit);

  private:
    // What was said; 0: nothing.
    std::uint64_t said_need_ = 0;
    std::uint64_t said_limit_ = 0;
};

// Decides when to speak of CPU time that was withheld.
class CpuShortage {
  public:
    static constexpr std::chrono::seconds kSpan{60};
    static constexpr std::chrono::minutes kPause{10};
    // This share of the span is much.
    static constexpr double kMuch = 0.05;

    struct Withheld {
        std::chrono::nanoseconds time{0};
        std::chrono::nanoseconds of{0};
        std::uint64_t periods = 0;
    };
    // What was withheld in the last kSpan, when it is over kMuch of it and the last word is kPause ago. Call
    // it every some seconds.
    std::optional<Withheld> look(net::Clock::time_point now, const Throttling& since_start);

  private:
    struct Look {
        net::Clock::time_point at;
        Throttling since_start;
    };
    std::deque<Look> looks_;
    std::optional<net::Clock::time_point> said_;
};

class ResourceWatch {
  public:
    static constexpr std::chrono::seconds kEvery{10};

    // What there is to keep in memory; nullopt: the watches have not told yet.
    using Count = std::function<std::optional<Inventory>()>;
    ResourceWatch(Cgroup cgroup, Count count,
                  DescriptorShortage descriptors = {std::numeric_limits<std::uint64_t>::max(), 0});

    // One line about the limits.
    void introduce() const;
    // Looks every kEvery, until cancelled.
    net::Task<> run();
    void look(net::Clock::time_point now);

  private:
    void look_at_memory(const Inventory& inventory, const CgroupLimits& limits);
    void look_at_descriptors(const Inventory& inventory);
    void look_at_cpu(const CgroupLimits& limits, net::Clock::time_point now);

    Cgroup cgroup_;
    Count count_;
    DescriptorShortage descriptors_;
    MemoryShortage memory_;
    CpuShortage cpu_;
};

}  // namespace topd
