// SPDX-License-Identifier: Apache-2.0
// A second reader of remote write's bodies, by the formats' own pages alone: snappy's format_description.txt
// and protobuf's encoding. It shares nothing with who writes them, and takes nothing that is not exact.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sink_test {

struct DecodedSeries {
    // In their order on the wire.
    std::vector<std::pair<std::string, std::string>> labels;
    double value = 0;
    std::int64_t at = 0;

    std::string label(std::string_view name) const;
    // name{a="b",c="d"} 1.5 @1800000000000, the value "stale" if it is that NaN.
    std::string text() const;
};

std::optional<std::string> unsnapped(std::string_view body);
// nullopt: it is none, or a series has not exactly one sample.
std::optional<std::vector<DecodedSeries>> read_request(std::string_view bytes);
std::optional<std::vector<DecodedSeries>> read_body(std::string_view body);

}  // namespace sink_test
