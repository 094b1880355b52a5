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

// The last token is Kind::end. A zero byte is a part of a word, which is then no key and no value: Go's lexer
// takes it for the end of a word, and in front of one for the end of all, so that what follows would not
// count.
std::vector<LabelToken> lex_labels(std::string_view text);

}  // namespace apiserver
