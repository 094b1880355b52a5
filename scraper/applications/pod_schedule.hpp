// SPDX-License-Identifier: Apache-2.0
// When each pod in demand is scraped. Pure: time comes in as an argument.
//
// At once when something new is in demand of it, again soon when a counter has one page only, and then once
// in each interval, at a moment that follows from its name.
#pragma once

#include "net/task.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>

namespace scraper {

class PodSchedule {
  public:
    using Time = net::Clock::time_point;
    struct Options {
        std::chrono::nanoseconds interval{std::chrono::seconds{15}};
        std::chrono::nanoseconds second_page{std::chrono::seconds{10}};
        // Between two begins, whatever is in demand.
        std::chrono::nanoseconds least{std::chrono::seconds{1}};
    };

    explicit PodSchedule(Options options) : options_{options} {}

    // Something new is in demand of the pod, which may be unknown.
    void wake(const std::string& pod, Time now);
    // The next one that is due; it is under way until done() or remove(). nullopt: none is.
    std::optional<std::string> take_due(Time now);
    // soon: its next page gives what this one could not.
    void done(const std::string& pod, Time now, bool soon);
    void remove(const std::string& pod);

    // When one is due next; Time::max(): none is waiting.
    Time next() const;
    // nullopt: it is under way, or unknown.
    std::optional<Time> next_of(const std::string& pod) const;
    std::size_t size() const { return pods_.size(); }

  private:
    struct Pod {
        // nullopt: it is under way.
        std::optional<Time> due;
        Time begun{};
        // While it was under way.
        bool woken = false;
    };

    void put(const std::string& name, Pod& pod, Time due);
    Time regular(const std::string& name, Time now) const;

    Options options_;
    std::unordered_map<std::string, Pod> pods_;
    std::set<std::pair<Time, std::string>> waiting_;
};

}  // namespace scraper
