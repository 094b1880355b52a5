// SPDX-License-Identifier: Apache-2.0
// What all parts of the parser need: the next word, and to give up with a reason.
#pragma once

#include "query/language/check.hpp"
#include "query/language/lexer.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace query {

// The first fault counts: after it, all that reads gives up.
class TokenReader {
  public:
    explicit TokenReader(std::string_view text) : tokens_{lex(text)} {}

    const Token& peek(std::size_t ahead = 0) const {
        return tokens_[at_ + ahead < tokens_.size() ? at_ + ahead : tokens_.size() - 1];
    }
    const Token& take() { return tokens_[at_ + 1 < tokens_.size() ? at_++ : at_]; }
    bool take_sign(std::string_view sign) {
        if (!peek().is_sign(sign)) return false;
        take();
        return true;
    }
    bool take_word(std::string_view word) {
        if (!peek().is_word(word)) return false;
        take();
        return true;
    }

    // Always false, to be returned.
    bool fail(std::size_t at, std::string text) {
        if (!fault_) fault_ = Fault{at, std::move(text)};
        return false;
    }
    // That the next word may not stand here; in Prometheus' words.
    bool unexpected(std::string_view where = {}, std::string_view expected = {}) {
        const Token& token = peek();
        if (token.type == TokenType::error) return fail(token.begin, token.fault);
        std::string text = "unexpected " + token.description();
        if (!where.empty()) text.append(" in ").append(where);
        if (!expected.empty()) text.append(", expected ").append(expected);
        return fail(token.begin, std::move(text));
    }

    const std::optional<Fault>& fault() const { return fault_; }

  private:
    std::vector<Token> tokens_;
    std::size_t at_ = 0;
    std::optional<Fault> fault_;
};

}  // namespace query
