// SPDX-License-Identifier: Apache-2.0
#include "scraper/applications/pod_schedule.hpp"

#include "scraper/schedule.hpp"

#include <algorithm>

namespace scraper {

void PodSchedule::put(const std::string& name, Pod& pod, Time due) {
    if (pod.due) waiting_.erase({*pod.due, name});
    pod.due = due;
    waiting_.emplace(due, name);
}

void PodSchedule::wake(const std::string& name, Time now) {
    const auto [at, is_new] = pods_.try_emplace(name);
    Pod& pod = at->second;
    if (is_new) return put(name, pod, now);
    if (!pod.due) {
        pod.woken = true;
        return;
    }
    const Time wanted = std::max(now, pod.begun + options_.least);
    if (wanted < *pod.due) put(name, pod, wanted);
}

std::optional<std::string> PodSchedule::take_due(Time now) {
    if (waiting_.empty() || waiting_.begin()->first > now) return std::nullopt;
    std::string name = waiting_.begin()->second;
    waiting_.erase(waiting_.begin());
    Pod& pod = pods_.find(name)->second;
    pod.due.reset();
    pod.begun = now;
    pod.woken = false;
    return name;
}

// The moment of the pod in the interval that is at least half an interval away.
PodSchedule::Time PodSchedule::regular(const std::string& name, Time now) const {
    const auto interval = static_cast<std::uint64_t>(options_.interval.count());
    const std::uint64_t place = name_hash(name) % interval;
    const auto earliest = static_cast<std::uint64_t>(
        std::chrono::nanoseconds{(now + options_.interval / 2).time_since_epoch()}.count());
    const std::uint64_t to_place = (place + interval - earliest % interval) % interval;
    return Time{std::chrono::nanoseconds{earliest + to_place}};
}

void PodSchedule::done(const std::string& name, Time now, bool soon) {
    const auto at = pods_.find(name);
    if (at == pods_.end() || at->second.due) return;
    Pod& pod = at->second;
    Time due = regular(name, pod.begun);
    if (soon) due = std::min(due, pod.begun + options_.second_page);
    if (pod.woken) due = pod.begun + options_.least;
    put(name, pod, std::max(now, due));
}

void PodSchedule::remove(const std::string& name) {
    const auto at = pods_.find(name);
    if (at == pods_.end()) return;
    if (at->second.due) waiting_.erase({*at->second.due, name});
    pods_.erase(at);
}

PodSchedule::Time PodSchedule::next() const {
    return waiting_.empty() ? Time::max() : waiting_.begin()->first;
}

std::optional<PodSchedule::Time> PodSchedule::next_of(const std::string& name) const {
    const auto at = pods_.find(name);
    return at == pods_.end() ? std::nullopt : at->second.due;
}

}  // namespace scraper
