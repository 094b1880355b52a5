// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "apiserver/request/label_selector.hpp"

#include <chrono>
#include <cstddef>
#include <functional>

namespace apiserver {

// How metrics.k8s.io is served.
struct MetricsOptions {
    // Write usage.swap where the kubelet reports it.
    bool swap = true;
    // --node-selector: applied to lists of nodes.
    LabelSelector node_selector;
    // What all protobuf lists, complete before they are sent, may hold together, and how long one waits for
    // room before it is refused.
    std::size_t encoded_list_bytes = 64 * 1024 * 1024;
    std::chrono::milliseconds encoded_list_wait{5000};
    // See Compression.
    std::size_t gzip_bytes = 6 * 1024 * 1024;
    std::function<std::chrono::system_clock::time_point()> wall_clock = std::chrono::system_clock::now;
    std::function<std::chrono::steady_clock::time_point()> monotonic_clock = std::chrono::steady_clock::now;
};

}  // namespace apiserver
