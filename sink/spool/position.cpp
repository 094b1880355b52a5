// SPDX-License-Identifier: Apache-2.0
#include "sink/spool/position.hpp"

#include "files/checked.hpp"

#include <charconv>

namespace sink::spool {
namespace {

constexpr std::string_view kMagic = "topd-spool-done 1";

}  // namespace

std::string done_text(Position position) {
    std::string text{kMagic};
    text += ' ' + std::to_string(position.tick) + ' ' + std::to_string(position.number);
    return text + ' ' + std::to_string(files::checksum(text)) + '\n';
}

std::optional<Position> parse_done(std::string_view text) {
    if (!text.starts_with(kMagic)) return std::nullopt;
    Position position;
    const char* const end = text.data() + text.size();
    const char* at = text.data() + kMagic.size();
    const auto read = [&](auto& number) {
        if (at == end || *at != ' ') return false;
        const auto [rest, error] = std::from_chars(at + 1, end, number);
        at = rest;
        return error == std::errc{};
    };
    if (!read(position.tick) || !read(position.number) || position.tick < 0) return std::nullopt;
    // As it was written, to the byte: the checksum with it.
    if (text != done_text(position)) return std::nullopt;
    return position;
}

}  // namespace sink::spool
