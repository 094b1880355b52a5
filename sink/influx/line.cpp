// SPDX-License-Identifier: Apache-2.0
#include "sink/influx/line.hpp"

#include "text/utf8.hpp"

#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <variant>

namespace sink::influx {
namespace {

constexpr char kInstead = '_';

// `escaped`: what gets a backslash.
void append_escaped(std::string& out, std::string_view name, std::string_view escaped) {
    while (!name.empty()) {
        const text::Rune rune = text::first_rune(name);
        if (!rune.valid || !text::is_printable(rune.value)) {
            out.push_back(kInstead);
        } else {
            if (escaped.find(name.front()) != escaped.npos) out.push_back('\\');
            out.append(name.substr(0, rune.bytes));
        }
        if (name.size() == 1 && name.front() == '\\') out.back() = kInstead;
        name.remove_prefix(rune.bytes);
    }
}

constexpr bool is_plain(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '-' && c <= ':') || c == '_';
}

// Nearly all are: names of Kubernetes.
bool is_plain(std::string_view name) {
    for (const char c : name)
        if (!is_plain(c)) return false;
    return true;
}

void append_tag(std::string& out, std::string_view key, std::string_view value) {
    if (value.empty()) return;
    out.append(1, ',').append(key).append(1, '=');
    append_key(out, value);
}

template <typename Number>
void append_number(std::string& out, Number number) {
    char digits[32];
    out.append(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
}

bool can_be_written(heapster::Value value) {
    if (const auto* const whole = std::get_if<std::uint64_t>(&value))
        return *whole <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    return std::isfinite(std::get<double>(value));
}

}  // namespace

void append_measurement(std::string& out, std::string_view name) {
    if (is_plain(name)) {
        out.append(name);
        return;
    }
    // A comment.
    if (name.front() == '#') {
        out.push_back(kInstead);
        name.remove_prefix(1);
    }
    append_escaped(out, name, ", ");
}

void append_key(std::string& out, std::string_view name) {
    if (is_plain(name))
        out.append(name);
    else
        append_escaped(out, name, ",= ");
}

void append_tags(std::string& out, const Tags& tags) {
    append_tag(out, "cluster_name", tags.cluster_name);
    append_tag(out, "container_base_image", tags.container_base_image);
    append_tag(out, "container_name", tags.container_name);
    append_tag(out, "namespace_name", tags.namespace_name);
    append_tag(out, "nodename", tags.nodename);
    append_tag(out, "pod_name", tags.pod_name);
    append_tag(out, "resource_id", tags.resource_id);
    append_tag(out, "type", tags.type);
}

void Lines::add(std::string_view metric, heapster::Value value) {
    if (!can_be_written(value)) return;
    constexpr std::string_view kValue = "value";
    std::string_view measurement = metric;
    std::string_view field = kValue;
    const std::size_t slash = metric.find('/');
    if (schema_ == Schema::fields && slash != metric.npos) {
        measurement = metric.substr(0, slash);
        field = metric.substr(slash + 1);
    }
    std::string& fields = fields_of(measurement);
    if (!fields.empty()) fields.push_back(',');
    append_key(fields, field);
    fields.push_back('=');
    if (const auto* const whole = std::get_if<std::uint64_t>(&value)) {
        append_number(fields, *whole);
        fields.push_back('i');
    } else {
        append_number(fields, std::get<double>(value));
    }
}

std::string& Lines::fields_of(std::string_view measurement) {
    for (std::size_t i = 0; i < used_; ++i)
        if (lines_[i].measurement == measurement) return lines_[i].fields;
    if (used_ == lines_.size()) lines_.emplace_back();
    Line& line = lines_[used_++];
    line.measurement.assign(measurement);
    line.fields.clear();
    return line.fields;
}

std::size_t Lines::write(std::string& out, std::string_view tags, Seconds at) {
    for (std::size_t i = 0; i < used_; ++i) {
        append_measurement(out, lines_[i].measurement);
        out.append(tags).append(1, ' ').append(lines_[i].fields).append(1, ' ');
        append_number(out, at);
        out.push_back('\n');
    }
    const std::size_t written = used_;
    used_ = 0;
    return written;
}

}  // namespace sink::influx
