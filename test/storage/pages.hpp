// SPDX-License-Identifier: Apache-2.0
// Pages and times for the storage tests, in seconds where a reader counts in seconds.
#pragma once

#include "storage/store.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace storage {

// A kubelet's clock, or a counter of CPU seconds.
Nanos nanos(double seconds);

// Our clock.
Monotonic at(double seconds);

PageRow row(std::string_view name_space, std::string_view pod, std::string_view container, double sampled,
            double cpu_seconds, double started = 0, std::uint64_t memory = 1000);
PageRow node_row(double sampled, double cpu_seconds, std::uint64_t memory = 5000);
NodePage page(std::vector<PageRow> containers, PageRow node = {});
NodePage partial(std::vector<PageRow> containers);

// What is served of a pod, written shortly: "main=250m/10s@1010 " for each container, the window and time
// being the container's; "-" for a known pod without usage, "?" for an unknown one.
std::string served(const Store& store, std::string_view name_space, std::string_view name, double now);

}  // namespace storage
