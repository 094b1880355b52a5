// SPDX-License-Identifier: Apache-2.0
// Reads InfluxDB's line protocol as its reference describes it: nothing of ours is used.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace test::influx {

struct ReadLine {
    std::string measurement;
    std::map<std::string, std::string> tags;
    // In their order on the line.
    std::vector<std::string> tag_keys;
    std::map<std::string, std::variant<std::int64_t, double>> fields;
    std::int64_t time = 0;
};

// Without its end. nullopt: it is no line of the protocol.
std::optional<ReadLine> read_line(std::string_view line);

// What a body compressed by gzip holds; and its lines, nullopt if one is none.
std::string uncompressed(const std::string& body);
std::optional<std::vector<ReadLine>> read_text(std::string_view text);

}  // namespace test::influx
