// SPDX-License-Identifier: Apache-2.0
// What a reader of lists or watches makes of a stream, however that is split.
#pragma once

#include "net/error.hpp"

#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch.hpp>

namespace kube::test {

using Pieces = std::vector<std::string>;

struct Taken {
    Pieces items;
    net::Error error;
    // finish() was content.
    bool whole = false;
};

// Each piece stands in memory of its own, so that a view kept too long is found by the sanitizer.
template <class Reader>
Taken take(Reader&& reader, const Pieces& pieces) {
    Taken taken;
    for (const std::string& piece : pieces) {
        const std::vector<char> memory{piece.begin(), piece.end()};
        std::string_view input{memory.data(), memory.size()};
        for (;;) {
            const auto item = reader.next(input);
            if (!item) {
                taken.error = item.error();
                return taken;
            }
            if (!*item) break;
            taken.items.emplace_back(**item);
        }
        CHECK(input.empty());
    }
    taken.whole = reader.finish().has_value();
    return taken;
}

// The text in three pieces, split in each way; is_right(pieces) tells of each.
template <class IsRight>
void check_splits(const std::string& text, IsRight is_right) {
    for (std::size_t first = 0; first <= text.size(); ++first)
        for (std::size_t second = first; second <= text.size(); ++second)
            if (!is_right(
                    Pieces{text.substr(0, first), text.substr(first, second - first), text.substr(second)}))
                FAIL("split at " << first << " and " << second);
}

}  // namespace kube::test
