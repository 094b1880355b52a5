// SPDX-License-Identifier: Apache-2.0
#include "topd/limits/resource_watch.hpp"

#include "net/task_group.hpp"
#include "telemetry/log.hpp"

#include <string>
#include <utility>

#include <fmt/format.h>

namespace topd {
namespace {

std::string cores(double cpus) {
    return fmt::format("{:g}", cpus);
}

double seconds(std::chrono::nanoseconds time) {
    return std::chrono::duration<double>{time}.count();
}

}  // namespace

std::optional<std::uint64_t> MemoryShortage::look(const Inventory& inventory,
                                                  std::optional<std::uint64_t> limit) {
    const std::uint64_t need = needed_bytes(inventory);
    // Well below: the next shortage is another one.
    if (need < said_need_ / 5 * 4) said_need_ = 0;
    if (!limit || need <= *limit) return std::nullopt;
    if (said_need_ != 0 && said_limit_ == *limit && need <= said_need_ / 4 * 5) return std::nullopt;
    said_need_ = need;
    said_limit_ = *limit;
    return need;
}

std::optional<CpuShortage::Withheld> CpuShortage::look(net::Clock::time_point now,
                                                       const Throttling& since_start) {
    looks_.push_back({now, since_start});
    while (looks_.size() > 1 && looks_[1].at <= now - kSpan) looks_.pop_front();
    const Look& first = looks_.front();
    Withheld withheld;
    withheld.of = now - first.at;
    if (withheld.of < kSpan) return std::nullopt;
    withheld.time = since_start.time - first.since_start.time;
    withheld.periods = since_start.periods - first.since_start.periods;
    if (seconds(withheld.time) <= kMuch * seconds(withheld.of)) return std::nullopt;
    if (said_ && now < *said_ + kPause) return std::nullopt;
    said_ = now;
    return withheld;
}

ResourceWatch::ResourceWatch(Cgroup cgroup, Count count, DescriptorShortage descriptors)
    : cgroup_{std::move(cgroup)}, count_{std::move(count)}, descriptors_{descriptors} {}

void ResourceWatch::introduce() const {
    const CgroupLimits limits = cgroup_.limits();
    telemetry::info("Resource limits",
                    {{"memory", limits.memory_bytes ? mebibytes(*limits.memory_bytes) : "none"},
                     {"cpu", limits.cpus ? cores(*limits.cpus) : "none"}});
}

net::Task<> ResourceWatch::run() {
    for (;;) {
        look(net::Clock::now());
        co_await net::sleep_until(net::Clock::now() + kEvery);
    }
}

void ResourceWatch::look(net::Clock::time_point now) {
    const CgroupLimits limits = cgroup_.limits();
    if (const std::optional<Inventory> inventory = count_()) {
        look_at_memory(*inventory, limits);
        look_at_descriptors(*inventory);
    }
    look_at_cpu(limits, now);
}

void ResourceWatch::look_at_memory(const Inventory& inventory, const CgroupLimits& limits) {
    const auto need = memory_.look(inventory, limits.memory_bytes);
    if (!need) return;
    telemetry::warning(
        "The memory limit is too low for this cluster: set resources.limits.memory to at least "
        "what is needed, or the kernel may end the process",
        {{"needed", mebibytes(*need)},
         {"limit", mebibytes(*limits.memory_bytes)},
         {"nodes", inventory.nodes},
         {"pods", inventory.pods},
         {"containers", inventory.containers}});
}

void ResourceWatch::look_at_descriptors(const Inventory& inventory) {
    const auto need = descriptors_.look(inventory.nodes);
    if (!need) return;
    telemetry::warning(
        "The limit of open files is too low for this cluster: raise the hard limit (ulimit -Hn, or "
        "LimitNOFILE of the container runtime), or nodes may not be scraped",
        {{"needed", *need}, {"limit", descriptors_.limit()}, {"nodes", inventory.nodes}});
}

void ResourceWatch::look_at_cpu(const CgroupLimits& limits, net::Clock::time_point now) {
    const auto throttling = cgroup_.throttling();
    if (!limits.cpus || !throttling) return;
    const auto withheld = cpu_.look(now, *throttling);
    if (!withheld) return;
    telemetry::warning("CPU throttled: scrapes and answers may be late; raise or remove resources.limits.cpu",
                       {{"throttled", fmt::format("{:.1f}s", seconds(withheld->time))},
                        {"of", fmt::format("{:.0f}s", seconds(withheld->of))},
                        {"periods", withheld->periods},
                        {"limit", cores(*limits.cpus)}});
}

}  // namespace topd
