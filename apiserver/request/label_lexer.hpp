// SPDX-License-Identifier: Apache-2.0
// The tokens of a label selector.
#pragma once

#include <string_view>
#include <vector>

namespace apiserver {

struct LabelToken {
    enum class Kind {
        end,
        identifier,
        in,
        not_in,
        exclamation,
        equal,  // = and ==
        not_equal,
        greater,
        less,
        comma,
        open,
        close
    };
    Kind kind = Kind::end;
    // A part of the lexed text.
    std::string_view text;
};

// The last token is Kind::end.
std::vector<LabelToken> lex_labels(std::string_view text);

}  // namespace apiserver
