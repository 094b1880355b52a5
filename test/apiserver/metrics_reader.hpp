// SPDX-License-Identifier: Apache-2.0
// Reads NodeMetrics and PodMetrics, single or in lists, from protobuf and from JSON into the same plain
// values: what a client would see. Written from the field table, apart from the encoders it is to check.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace test {

using Texts = std::map<std::string, std::string>;

struct Row {
    std::string name_space, name;
    Texts labels;
    std::int64_t created = 0, timestamp = 0, window = 0;
    // Of a node under the name "".
    std::vector<std::pair<std::string, Texts>> usage;
    bool operator==(const Row&) const = default;
};

struct Document {
    std::string api_version, kind;
    std::vector<Row> rows;
    bool operator==(const Document&) const = default;
};

Document read_protobuf(std::string_view body);
Document read_json(std::string_view body);

}  // namespace test
