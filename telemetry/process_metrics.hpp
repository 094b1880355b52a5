// SPDX-License-Identifier: Apache-2.0
// What this process uses: the process_* families of client_golang (prometheus/process_collector.go).
#pragma once

#include "telemetry/metrics_text.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace telemetry {

struct ProcessUse {
    double cpu_seconds = 0;
    std::uint64_t open_files = 0;
    std::uint64_t max_files = 0;
    std::uint64_t virtual_bytes = 0;
    // The limit of the address space; the greatest number: none.
    std::uint64_t max_virtual_bytes = 0;
    std::uint64_t resident_bytes = 0;
    // Unix time.
    double started = 0;
};

// From /proc/PID/stat (proc(5)): ticks and pages.
struct ProcessStat {
    std::uint64_t user_ticks = 0;
    std::uint64_t system_ticks = 0;
    std::uint64_t start_ticks = 0;
    std::uint64_t virtual_bytes = 0;
    std::uint64_t resident_pages = 0;
};
std::optional<ProcessStat> parse_process_stat(std::string_view text);

// What this process uses now. What the system does not tell is 0. Takes some tens of microseconds.
ProcessUse process_use();

void write_process_metrics(MetricsText& text, const ProcessUse& use);

}  // namespace telemetry
