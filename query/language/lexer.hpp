// SPDX-License-Identifier: Apache-2.0
// The words of a query.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace query {

enum class TokenType {
    end,
    // What is wrong is in Token::fault.
    error,
    // Any word: what it is to be depends on where it stands.
    word,
    number,
    duration,
    string,
    // ( ) { } [ ] , : @ = and the operators
    sign,
};

// What a word is by itself; matched without case.
enum class WordKind { name, operation, aggregation, keyword };

struct Token {
    TokenType type = TokenType::end;
    // Bytes from `begin`.
    std::size_t begin = 0;
    std::string_view text;
    // Of a word in lower case, unless it is only a name. In braces all words are names.
    std::string word;
    WordKind kind = WordKind::name;
    std::string fault;

    bool is_sign(std::string_view sign) const { return type == TokenType::sign && text == sign; }
    bool is_word(std::string_view wanted) const { return type == TokenType::word && word == wanted; }
    // As Prometheus names it behind "unexpected".
    std::string description() const;
};

// The last is end or error. Views are into `text`.
std::vector<Token> lex(std::string_view text);

}  // namespace query
