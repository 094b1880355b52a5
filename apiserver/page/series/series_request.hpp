// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/history/time.hpp"

#include <cstdint>
#include <string_view>

namespace apiserver {

enum class SeriesOf : std::uint8_t { cluster, name_space, node, workload, pod, container };
inline constexpr std::string_view kSeriesNames[] = {"cluster",  "namespace", "node",
                                                    "workload", "pod",       "container"};

// What is asked of one thing. Views are into the query.
struct SeriesRequest {
    SeriesOf of = SeriesOf::cluster;
    std::string_view name_space;
    std::string_view pod;
    std::string_view name;
    // Unix time; 0: not asked for.
    storage::history::Seconds from = 0;
    storage::history::Seconds to = 0;
    // As far back from `to` where no `from` is asked for.
    storage::history::Seconds range = 3600;
    bool parts = true;
};

}  // namespace apiserver
