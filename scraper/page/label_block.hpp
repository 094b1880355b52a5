// SPDX-License-Identifier: Apache-2.0
// The `{name="value",...}` of a sample line.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace scraper {

// The labels that say which container a line is about. Views into the line.
struct LabelBlock {
    std::optional<std::string_view> name_space;
    std::optional<std::string_view> pod;
    std::optional<std::string_view> container;
    // From '{' to '}', both counted. No other well-formed block begins with the same bytes.
    std::size_t length = 0;
};

// Reads the block that `text` begins with. nullopt: malformed, or one of the three labels is there twice or
// can be no name (storage/names/name_limits.hpp). Blanks may stand around names, values, '=' and ','; a ','
// may stand before the '}'; a name may be quoted; others are ignored.
std::optional<LabelBlock> read_label_block(std::string_view text);

// Names, and values as they are written: with their escapes.
using WrittenLabels = std::vector<std::pair<std::string_view, std::string_view>>;

// The same for a block of any labels: its length. `into` has them as they come, and none of an earlier call.
std::optional<std::size_t> read_labels(std::string_view text, WrittenLabels& into);

}  // namespace scraper
