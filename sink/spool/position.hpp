// SPDX-License-Identifier: Apache-2.0
// How far a spool was sent. Pure.
#pragma once

#include "sink/row.hpp"

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sink::spool {

// Of a batch in the order of the queue.
struct Position {
    Seconds tick = 0;
    std::uint32_t number = 0;
    friend auto operator<=>(const Position&, const Position&) = default;
};

// The file that says so: one line with a checksum. And the other way round; nullopt: it is not that.
std::string done_text(Position position);
std::optional<Position> parse_done(std::string_view text);

}  // namespace sink::spool
