// SPDX-License-Identifier: Apache-2.0
#include "apiserver/request/label_lexer.hpp"

#include <optional>

namespace apiserver {
namespace {

using Kind = LabelToken::Kind;

bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}
bool is_symbol(char c) {
    return std::string_view{"=!(),><"}.find(c) != std::string_view::npos;
}

std::optional<Kind> known(std::string_view text) {
    struct Word {
        std::string_view text;
        Kind kind;
    };
    constexpr Word kWords[] = {
        {")", Kind::close}, {",", Kind::comma},      {"!", Kind::exclamation}, {"==", Kind::equal},
        {"=", Kind::equal}, {">", Kind::greater},    {"in", Kind::in},         {"<", Kind::less},
        {"(", Kind::open},  {"!=", Kind::not_equal}, {"notin", Kind::not_in},
    };
    for (const Word& word : kWords)
        if (word.text == text) return word.kind;
    return std::nullopt;
}

// How much of the symbols in front makes one token. Each symbol is one on its own; only = may follow = or !.
std::size_t symbol_length(std::string_view text) {
    return text.size() > 1 && known(text.substr(0, 2)) ? 2 : 1;
}

std::size_t word_length(std::string_view text) {
    std::size_t size = 0;
    while (size < text.size() && !is_space(text[size]) && !is_symbol(text[size])) ++size;
    return size;
}

}  // namespace

std::vector<LabelToken> lex_labels(std::string_view text) {
    std::vector<LabelToken> tokens;
    for (;;) {
        while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
        if (text.empty()) break;
        const std::size_t size = is_symbol(text.front()) ? symbol_length(text) : word_length(text);
        const std::string_view word = text.substr(0, size);
        tokens.push_back({known(word).value_or(Kind::identifier), word});
        text.remove_prefix(size);
    }
    tokens.push_back({Kind::end, {}});
    return tokens;
}

}  // namespace apiserver
