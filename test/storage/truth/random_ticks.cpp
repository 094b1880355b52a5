// SPDX-License-Identifier: Apache-2.0
// What history must tell of a random history: at each tick what the model serves, and the sums of it.
#include "test/storage/rounding.hpp"
#include "test/storage/truth/random_history.hpp"

#include <algorithm>

#include <catch2/catch.hpp>

namespace storage::reference {
namespace {

// The clock of the world, in seconds, when the monotonic one says 0.
constexpr std::int64_t kWorld = 1'800'000'000;

void add(Used& sum, const Used& more) {
    sum.nanocores += more.nanocores;
    sum.memory += more.memory;
    if (more.swap >= 0) sum.swap = std::max<Ms>(sum.swap, 0) + more.swap;
}

void add(std::map<std::int64_t, Used>& ticks, std::int64_t at, const Used& more) {
    const auto [place, is_new] = ticks.try_emplace(at, more);
    if (!is_new) add(place->second, more);
}

struct Bucket {
    std::uint64_t rows = 0;
    Ms memory = 0;
    Ms memory_max = 0;
    Ms swap_rows = 0;
    Ms swap = 0;
    Ms swap_max = 0;
    std::int64_t cpu_max = 0;
    std::int64_t last = 0;
};

}  // namespace

void History::end_tick(bool sweep) {
    last_tick_ = now_;
    const std::int64_t world = kWorld + now_ / 1000;
    store_.end_tick(world, at_ms(now_));
    const std::int64_t at = (world + kTick / 2) / kTick * kTick;
    for (const std::string& node : model_.nodes())
        if (const auto used = model_.node(node, now_)) node_ticks_[node][at] = *used;
    for (const Name& pod : model_.pods()) {
        for (const auto& [container, used] : model_.pod(pod, now_)) {
            container_ticks_[{pod, container}][at] = used;
            add(pod_ticks_[pod], at, used);
            add(namespace_ticks_[pod.first], at, used);
            add(cluster_ticks_, at, used);
        }
    }
    if (sweep) store_.sweep_tick(SIZE_MAX);
}

void History::check_track(const history::Subject& subject, const std::map<std::int64_t, Used>& expected) {
    std::vector<history::RecentPoint> points;
    history_.read(subject, {}, points);
    REQUIRE(points.size() == expected.size());
    std::map<std::int64_t, Bucket> buckets;
    std::map<std::int64_t, double> totals;
    auto at = expected.begin();
    for (const history::RecentPoint& point : points) {
        const Used& used = at->second;
        CAPTURE(point.at, point.cpu, used.nanocores, point.memory, used.memory);
        REQUIRE(point.at == at->first);
        // Of a pod each container may be off.
        REQUIRE((is_cpu(point.cpu, used.nanocores) || std::holds_alternative<history::OfPod>(subject)));
        REQUIRE((is_memory(point.memory, used.memory) || std::holds_alternative<history::OfPod>(subject)));
        REQUIRE(point.swap.has_value() == (used.swap >= 0));
        if (used.swap >= 0 && !std::holds_alternative<history::OfPod>(subject))
            REQUIRE(is_memory(*point.swap, used.swap));
        Bucket& bucket = buckets[(point.at + 299) / 300 * 300];
        ++bucket.rows;
        bucket.memory += used.memory;
        bucket.memory_max = std::max(bucket.memory_max, used.memory);
        if (used.swap >= 0) {
            ++bucket.swap_rows;
            bucket.swap += used.swap;
            bucket.swap_max = std::max(bucket.swap_max, used.swap);
        }
        bucket.cpu_max = std::max(bucket.cpu_max, used.nanocores);
        bucket.last = point.at;
        totals[point.at] = point.cpu_seconds;
        ++at;
        ++told_;
    }
    if (std::holds_alternative<history::OfPod>(subject)) return;
    std::vector<history::LongPoint> longer;
    history_.read(subject, {}, longer);
    // The last may not be over.
    REQUIRE(longer.size() <= buckets.size());
    REQUIRE(longer.size() + 1 >= buckets.size());
    for (const history::LongPoint& point : longer) {
        CAPTURE(point.at);
        REQUIRE(buckets.contains(point.at));
        const Bucket& bucket = buckets[point.at];
        REQUIRE(is_memory(point.memory, bucket.memory / static_cast<Ms>(bucket.rows)));
        REQUIRE(is_memory(point.memory_max, bucket.memory_max));
        REQUIRE(is_cpu(point.cpu_max, bucket.cpu_max));
        REQUIRE(point.swap.has_value() == (bucket.swap_rows > 0));
        REQUIRE(point.swap_max.has_value() == (bucket.swap_rows > 0));
        if (bucket.swap_rows > 0) {
            REQUIRE(is_memory(*point.swap, bucket.swap / bucket.swap_rows));
            REQUIRE(is_memory(*point.swap_max, bucket.swap_max));
        }
        REQUIRE(point.cpu <= point.cpu_max);
        REQUIRE(point.cpu_seconds == totals[bucket.last]);
    }
}

void History::check_history() {
    store_.sweep_tick(SIZE_MAX);
    for (const auto& [node, ticks] : node_ticks_) check_track(history::OfNode{node}, ticks);
    for (const auto& [key, ticks] : container_ticks_) {
        const auto& [pod, container] = key;
        check_track(history::OfContainer{pod.first, pod.second, container}, ticks);
    }
    for (const auto& [pod, ticks] : pod_ticks_) check_track(history::OfPod{pod.first, pod.second}, ticks);
    for (const auto& [name, ticks] : namespace_ticks_) check_track(history::OfNamespace{name}, ticks);
    check_track(history::OfCluster{}, cluster_ticks_);
}

}  // namespace storage::reference
