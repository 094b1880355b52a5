// SPDX-License-Identifier: Apache-2.0
#include "test/storage/pages.hpp"

#include <chrono>
#include <cmath>
#include <utility>

namespace storage {

Nanos nanos(double seconds) {
    return std::llround(seconds * 1e9);
}

Monotonic at(double seconds) {
    return Monotonic{std::chrono::nanoseconds{nanos(seconds)}};
}

PageRow row(std::string_view name_space, std::string_view pod, std::string_view container, double sampled,
            double cpu_seconds, double started, std::uint64_t memory) {
    PageRow out;
    out.name_space = name_space;
    out.pod = pod;
    out.container = container;
    out.cpu = Reading{static_cast<std::uint64_t>(nanos(cpu_seconds)), nanos(sampled)};
    out.memory = Reading{memory, nanos(sampled)};
    out.started = nanos(started);
    return out;
}

PageRow node_row(double sampled, double cpu_seconds, std::uint64_t memory) {
    return row({}, {}, {}, sampled, cpu_seconds, 0, memory);
}

NodePage page(std::vector<PageRow> containers, PageRow node) {
    NodePage out;
    out.containers = std::move(containers);
    out.node = node;
    return out;
}

NodePage partial(std::vector<PageRow> containers) {
    NodePage out = page(std::move(containers));
    out.complete = false;
    return out;
}

std::string served(const Store& store, std::string_view name_space, std::string_view name, double now) {
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
