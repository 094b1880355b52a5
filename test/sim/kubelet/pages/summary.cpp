// SPDX-License-Identifier: Apache-2.0
#include "test/sim/kubelet/pages/summary.hpp"

#include "test/sim/cluster/names.hpp"

#include <nlohmann/json.hpp>

namespace sim {
namespace {

using nlohmann::ordered_json;

// Kubelets tell whole seconds here.
std::string time_text(Nanos at) {
    return rfc3339(at / kSecond * kSecond);
}

std::uint64_t grown(std::uint64_t a_second, Nanos since, Nanos now) {
    const Nanos seconds = now / kSecond - since / kSecond;
    return seconds > 0 ? a_second * static_cast<std::uint64_t>(seconds) : 0;
}

ordered_json memory(std::uint64_t usage, std::uint64_t rss, Nanos since, Nanos now) {
    return {{"time", time_text(now)},
            {"usageBytes", usage},
            {"workingSetBytes", usage},
            {"rssBytes", rss},
            {"pageFaults", grown(kPageFaults, since, now)},
            {"majorPageFaults", 0}};
}

ordered_json filesystem(std::uint64_t used, std::uint64_t capacity, Nanos now) {
    return {{"time", time_text(now)},    {"availableBytes", capacity - used},
            {"capacityBytes", capacity}, {"usedBytes", used},
            {"inodesFree", 60'000},      {"inodes", 65'536},
            {"inodesUsed", 5'536}};
}

ordered_json interface(const char* name, std::uint64_t rx, std::uint64_t tx) {
    return {{"name", name}, {"rxBytes", rx}, {"rxErrors", 0}, {"txBytes", tx}, {"txErrors", 0}};
}

// The default interface's figures stand beside the list, where it is too.
ordered_json network(const ordered_json& standard, const ordered_json& other, Nanos now) {
    ordered_json out{{"time", time_text(now)}};
    out.update(standard);
    out["interfaces"] = {standard, other};
    return out;
}

ordered_json container(const Container& of, const Life& life, Nanos now) {
    return {
        {"name", of.name},
        {"startTime", time_text(life.start)},
        {"cpu",
         {{"time", time_text(now)}, {"usageNanoCores", 0}, {"usageCoreNanoSeconds", life.cpu_nanos(now)}}},
        {"memory", memory(kContainerUsage, kContainerRss, life.start, now)},
        {"rootfs", filesystem(kRootfsUsed, kNodeFsCapacity, now)},
        {"logs", filesystem(kLogsUsed, kNodeFsCapacity, now)}};
}

ordered_json pod(const Pod& of, Nanos now) {
    ordered_json containers = ordered_json::array();
    for (const Container& each : of.containers)
        if (const Life* life = each.life_at(now)) containers.push_back(container(each, *life, now));
    ordered_json volume = filesystem(kVolumeUsed, kVolumeCapacity, now);
    volume["name"] = "data";
    volume["pvcRef"] = {{"name", "data-" + of.name}, {"namespace", of.name_space}};
    const std::uint64_t count = of.containers.size();
    return {
        {"podRef", {{"name", of.name}, {"namespace", of.name_space}, {"uid", of.uid}}},
        {"startTime", time_text(of.started)},
        {"containers", std::move(containers)},
        {"memory", memory(count * kContainerUsage, count * kContainerRss, of.started, now)},
        {"network", network(interface("eth0", grown(kPodRx, of.started, now), grown(kPodTx, of.started, now)),
                            interface("net1", grown(kPodOtherRx, of.started, now), 0), now)},
        {"volume", {std::move(volume)}},
        {"ephemeral-storage", filesystem(count * (kRootfsUsed + kLogsUsed), kNodeFsCapacity, now)}};
}

}  // namespace

std::string summary_text(const Node& node, Nanos now) {
    const ordered_json image = filesystem(kNodeFsUsed / 2, kNodeFsCapacity, now);
    const ordered_json kubelet{{"name", "kubelet"},
                               {"startTime", time_text(node.booted)},
                               {"cpu",
                                {{"time", time_text(now)},
                                 {"usageNanoCores", kKubeletCpu},
                                 {"usageCoreNanoSeconds", grown(kKubeletCpu, node.booted, now)}}},
                               {"memory", memory(kContainerUsage, kContainerRss, node.booted, now)}};
    ordered_json out{{"node",
                      {{"nodeName", node.name},
                       {"systemContainers", {kubelet}},
                       {"startTime", time_text(node.booted)},
                       {"memory", memory(4 * kContainerUsage, 2 * kContainerRss, node.booted, now)},
                       {"network", network(interface("eth0", grown(kNodeRx, node.booted, now),
                                                     grown(kNodeTx, node.booted, now)),
                                           interface("cni0", grown(kNodeRx, node.booted, now), 0), now)},
                       {"fs", filesystem(kNodeFsUsed, kNodeFsCapacity, now)},
                       {"runtime", {{"imageFs", image}, {"containerFs", image}}}}},
                     {"pods", ordered_json::array()}};
    for (const auto& each : node.pods)
        if (each->started <= now && now < each->removed) out["pods"].push_back(pod(*each, now));
    return out.dump();
}

}  // namespace sim
