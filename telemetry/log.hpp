// SPDX-License-Identifier: Apache-2.0
// Log lines as Kubernetes components write them (k8s.io/klog/v2, structured): a fixed message and key=value
// pairs.
//
//   I1123 05:58:12.123456    1234 server.cpp:42] "Serving securely on" address="[::]:10250"
//
// Lines are queued and written by a thread of their own. The queue is bounded: when it is full the oldest
// line goes, and the number of lost lines is logged later. Safe to use from any thread.
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <source_location>
#include <string>
#include <string_view>
#include <type_traits>

namespace telemetry {

struct LogOptions {
    enum class Format { text, json };
    Format format = Format::text;
    // -v: lines of verbosity(n) are written when n <= this.
    int verbosity = 0;
};

// One key=value pair. Text is quoted (Go's %q), numbers and bools are not.
struct Field {
    template <class T>
    requires std::integral<T> || std::floating_point<T> Field(std::string_view k, T v)
        : key{k}, quoted{false} {
        if constexpr (std::is_same_v<T, bool>)
            value = v ? "true" : "false";
        else
            value = std::to_string(v);
    }
    Field(std::string_view k, std::string_view v) : key{k}, value{v} {}
    Field(std::string_view k, const char* v) : key{k}, value{v} {}
    Field(std::string_view k, const std::string& v) : key{k}, value{v} {}

    std::string_view key;
    std::string value;
    bool quoted = true;
};

// Where the calls below write to. Before init() lines go to stderr as text, at once.
void init(const LogOptions& options);
// Writes what is queued and joins the writer. Call once, last.
void shutdown();
// Whether lines of this -v level are written: ask before doing work for one.
bool verbose(int level);
// Lines lost because the queue was full.
std::uint64_t dropped_lines();

void info(std::string_view message, std::initializer_list<Field> fields = {},
          std::source_location where = std::source_location::current());
void warning(std::string_view message, std::initializer_list<Field> fields = {},
             std::source_location where = std::source_location::current());
// klog's ErrorS: the error is the field err, the first.
void error(std::string_view message, std::initializer_list<Field> fields = {},
           std::source_location where = std::source_location::current());

// The same for what clients bring about, whoever they are: ten lines a second of all kinds together, then the
// number of those that were left out.
void paced_info(std::string_view message, std::initializer_list<Field> fields = {},
                std::source_location where = std::source_location::current());
void paced_error(std::string_view message, std::initializer_list<Field> fields = {},
                 std::source_location where = std::source_location::current());

}  // namespace telemetry
