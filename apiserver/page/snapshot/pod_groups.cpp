// SPDX-License-Identifier: Apache-2.0
#include "apiserver/page/snapshot/pod_groups.hpp"

#include "apiserver/turns/sort_in_stints.hpp"
#include "storage/watched/watched_objects.hpp"

#include <algorithm>

namespace apiserver {
namespace {

// Of sums: nothing at all is told apart from what is small.
std::uint64_t unless_none(std::uint64_t sum) {
    return sum == 0 ? kNoFigure : sum;
}

}  // namespace

void PodGroups::add(const UsageRow& pod) {
    UsageRow& in = namespace_of(pod);
    ++in.pods;
    add_figure(in.cpu, pod.cpu);
    add_figure(in.memory, pod.memory);
    if (pod.workload == 0) return;
    UsageRow& workload = workload_of(pod);
    ++workload.pods;
    add_figure(workload.cpu, pod.cpu);
    add_figure(workload.memory, pod.memory);
    add_figure(workload.cpu_request, pod.cpu_request);
    add_figure(workload.memory_request, pod.memory_request);
    add_figure(workload.cpu_limit, pod.cpu_limit);
    add_figure(workload.memory_limit, pod.memory_limit);
}

UsageRow& PodGroups::namespace_of(const UsageRow& pod) {
    auto& rows = snapshot_.of(Kind::name_space);
    if (rows.empty() || rows.back().name != pod.name_space) rows.emplace_back().name = pod.name_space;
    return rows.back();
}

UsageRow& PodGroups::workload_of(const UsageRow& pod) {
    auto& rows = snapshot_.of(Kind::workload);
    const std::uint64_t key = std::uint64_t{pod.name_space} << 32 | pod.workload;
    const auto [found, is_new] = workloads_.try_emplace(key, static_cast<std::uint32_t>(rows.size()));
    if (is_new) {
        UsageRow& row = rows.emplace_back();
        row.name_space = pod.name_space;
        row.name = pod.workload;
    }
    return rows[found->second];
}

void PodGroups::count() {
    const auto measured = [](const UsageRow& row) { return row.cpu != kNoFigure; };
    for (const Kind kind : {Kind::name_space, Kind::workload}) {
        const auto& rows = snapshot_.of(kind);
        snapshot_.with_figures[static_cast<std::size_t>(kind)] =
            static_cast<std::size_t>(std::count_if(rows.begin(), rows.end(), measured));
    }
}

void PodGroups::set_reserved(const storage::WatchedObjects& objects) {
    for (UsageRow& row : snapshot_.of(Kind::name_space)) {
        const storage::ResourceSums sums = objects.sums_of_namespace(snapshot_.text(row.name));
        row.cpu_request = unless_none(sums.requests.cpu);
        row.memory_request = unless_none(sums.requests.memory);
        row.cpu_limit = unless_none(sums.limits.cpu);
        row.memory_limit = unless_none(sums.limits.memory);
    }
}

net::Task<> PodGroups::sort(Stint& stint) {
    const auto before = [this](const UsageRow& a, const UsageRow& b) {
        // Texts, as their numbers have no order: a container of the same name may have given one early.
        if (a.name_space != b.name_space) return snapshot_.text(a.name_space) < snapshot_.text(b.name_space);
        return snapshot_.text(a.name) < snapshot_.text(b.name);
    };
    co_await sort_in_stints(snapshot_.of(Kind::workload), before, stint);
}

}  // namespace apiserver
