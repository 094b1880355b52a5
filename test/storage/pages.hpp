// SPDX-License-Identifier: Apache-2.0
// Pages and times for the storage tests, in seconds where a reader counts in seconds.
#pragma once

#include "storage/store.hpp"

#include <chrono>
#include <cmath>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace storage {

// A kubelet's clock, or a counter of CPU seconds.
inline Nanos nanos(double seconds) {
    return std::llround(seconds * 1e9);
}

// Our clock.
inline Monotonic at(double seconds) {
    return Monotonic{std::chrono::nanoseconds{nanos(seconds)}};
}

inline PageRow row(std::string_view name_space, std::string_view pod, std::string_view container,
                   double sampled, double cpu_seconds, double started = 0, std::uint64_t memory = 1000) {
    PageRow out;
    out.name_space = name_space;
    out.pod = pod;
    out.container = container;
    out.cpu = Reading{static_cast<std::uint64_t>(nanos(cpu_seconds)), nanos(sampled)};
    out.memory = Reading{memory, nanos(sampled)};
    out.started = nanos(started);
    return out;
}

inline PageRow node_row(double sampled, double cpu_seconds, std::uint64_t memory = 5000) {
    return row({}, {}, {}, sampled, cpu_seconds, 0, memory);
}

inline NodePage page(std::vector<PageRow> containers, PageRow node = {}) {
    NodePage out;
    out.containers = std::move(containers);
    out.node = node;
    return out;
}

inline NodePage partial(std::vector<PageRow> containers) {
    NodePage out = page(std::move(containers));
    out.complete = false;
    return out;
}

// What is served of a pod, written shortly: "main=250m/10s@1010 " for each container, the window and time
// being the container's; "-" for a known pod without usage, "?" for an unknown one.
inline std::string served(const Store& store, std::string_view name_space, std::string_view name,
                          double now) {
    PodView view;
    if (!store.pod(name_space, name, at(now), view)) return "?";
    if (view.containers.empty()) return "-";
    std::string out;
    for (const ContainerView& container : view.containers) {
        const Usage& usage = container.usage;
        const auto seconds = [](double value) {
            std::string text = std::to_string(value);
            text.erase(text.find_last_not_of('0') + 1);
            if (text.back() == '.') text.pop_back();
            return text;
        };
        if (!out.empty()) out += ' ';
        out += std::string{container.name} + "=" + std::to_string(usage.cpu / 1'000'000) + "m/" +
               seconds(static_cast<double>(usage.window.count()) / 1e9) + "s@" +
               seconds(static_cast<double>(usage.timestamp) / 1e9);
    }
    return out;
}

}  // namespace storage
