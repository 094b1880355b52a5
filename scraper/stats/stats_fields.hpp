// SPDX-License-Identifier: Apache-2.0
// The fields of one pod, or of the node, in /stats/summary. For StatsParser.
#pragma once

#include "storage/stats/stats_page.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace scraper {

struct StatsFields {
    // Containers and volumes that may yet be taken; less those that were.
    std::size_t room = 0;
    // What was left out.
    std::uint32_t bad_fields = 0;
    std::uint32_t bad_things = 0;

    // False: it is not JSON, or too deep, or a pod without a usable name; what it is read into is of no use.
    bool read(std::string_view text, storage::stats::Pod& pod);
    bool read(std::string_view text, storage::stats::Node& node);
};

}  // namespace scraper
