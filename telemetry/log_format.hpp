// SPDX-License-Identifier: Apache-2.0
// One log line as text (klog/v2 klog.go, internal/serialize/keyvalues.go) or JSON
// (k8s.io/component-base/logs/json).
#pragma once

#include "telemetry/log.hpp"

#include <chrono>
#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>

namespace telemetry {

enum class Severity { info, warning, error };

// What a line says. Views are valid during the call that formats it.
struct Line {
    Severity severity = Severity::info;
    std::chrono::system_clock::time_point at;
    int process = 0;
    // With or without folders; only the last part is printed.
    std::string_view file;
    unsigned line = 0;
    std::string_view message;
    std::initializer_list<Field> fields;
};

// How long a message or a value may become in a line; the rest is counted. One of strangers is one value, so
// a line is some 2 KiB.
inline constexpr std::size_t kLongestValue = 1024;

// With the newline. The time is local, as klog's is; text of several lines becomes an indented block.
// Whatever a value holds, it makes no other line: what is not printable is escaped.
std::string to_text(const Line& line);

// With the newline. The time is in milliseconds since the epoch; errors have no "v", as zapr's have none.
std::string to_json(const Line& line);

}  // namespace telemetry
