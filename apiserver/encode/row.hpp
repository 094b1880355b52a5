// SPDX-License-Identifier: Apache-2.0
// What an encoder needs of one object, whatever it is of.
#pragma once

#include "storage/store.hpp"

#include <cassert>
#include <chrono>
#include <cstdint>
#include <span>
#include <string_view>

namespace apiserver {

// Views only: what a row was made from must outlive it.
struct Row {
    // Empty: the object belongs to no namespace.
    std::string_view name_space;
    std::string_view name;
    storage::LabelSetId labels = storage::kNoLabels;
    // When the figures were taken, and over how long a time.
    storage::Nanos timestamp = 0;
    std::chrono::nanoseconds window{0};
    // What the object itself used; null: what its containers used, by name.
    const storage::Usage* usage = nullptr;
    std::span<const storage::ContainerView> containers{};
};

// The node must have usage.
inline Row row_of(const storage::NodeView& node) {
    assert(node.usage);
    const storage::Usage& usage = *node.usage;
    return {{}, node.name, node.labels, usage.timestamp, usage.window, &usage, {}};
}

inline Row row_of(const storage::PodView& pod) {
    return {pod.name_space, pod.name, pod.labels, pod.timestamp, pod.window, nullptr, pod.containers};
}

// Nanoseconds since the epoch in whole seconds, rounded down.
inline std::int64_t whole_seconds(storage::Nanos nanos) {
    const std::int64_t seconds = nanos / 1'000'000'000;
    return nanos % 1'000'000'000 < 0 ? seconds - 1 : seconds;
}

}  // namespace apiserver
