// SPDX-License-Identifier: Apache-2.0
#include "query/language/lexer.hpp"

#include "query/language/number.hpp"
#include "query/source/labels.hpp"
#include "text/go_text.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace query {
namespace {

constexpr std::pair<std::string_view, WordKind> kWords[] = {
    {"and", WordKind::operation},
    {"or", WordKind::operation},
    {"unless", WordKind::operation},
    {"atan2", WordKind::operation},
    {"sum", WordKind::aggregation},
    {"avg", WordKind::aggregation},
    {"count", WordKind::aggregation},
    {"min", WordKind::aggregation},
    {"max", WordKind::aggregation},
    {"group", WordKind::aggregation},
    {"stddev", WordKind::aggregation},
    {"stdvar", WordKind::aggregation},
    {"topk", WordKind::aggregation},
    {"bottomk", WordKind::aggregation},
    {"count_values", WordKind::aggregation},
    {"quantile", WordKind::aggregation},
    {"limitk", WordKind::aggregation},
    {"limit_ratio", WordKind::aggregation},
    {"offset", WordKind::keyword},
    {"by", WordKind::keyword},
    {"without", WordKind::keyword},
    {"on", WordKind::keyword},
    {"ignoring", WordKind::keyword},
    {"group_left", WordKind::keyword},
    {"group_right", WordKind::keyword},
    {"bool", WordKind::keyword},
};

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

// %q of the character at the start of `text`.
std::string quoted_rune(std::string_view text) {
    if (text.empty()) return "end of input";
    const text::Rune rune = text::first_rune(text);
    std::string out = "'";
    if (text[0] == '\'')
        out += "\\'";
    else if (text[0] == '"')
        out += '"';
    else
        text::append_quoted_rune(out, rune, text);
    return out + '\'';
}

class Lexer {
  public:
    explicit Lexer(std::string_view text) : text_{text} {}

    std::vector<Token> run() && {
        do {
            next();
        } while (tokens_.back().type != TokenType::end && tokens_.back().type != TokenType::error);
        return std::move(tokens_);
    }

  private:
    std::string_view rest() const { return text_.substr(at_); }
    char peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }

    void add(TokenType type, std::size_t length) {
        Token& token = tokens_.emplace_back();
        token.type = type;
        token.begin = at_;
        token.text = text_.substr(at_, length);
        at_ += length;
    }
    void fail(std::string fault, std::size_t length = 0) {
        add(TokenType::error, length);
        tokens_.back().fault = std::move(fault);
    }

    void skip_blanks_and_comments() {
        while (at_ < text_.size()) {
            if (is_blank(text_[at_])) {
                ++at_;
            } else if (text_[at_] == '#') {
                at_ = std::min(text_.find_first_of("\r\n", at_), text_.size());
            } else {
                return;
            }
        }
    }

    void next() {
        skip_blanks_and_comments();
        if (at_ == text_.size()) return end();
        const char c = peek();
        if (c == '"' || c == '\'' || c == '`') return string(c);
        if (in_braces_) return in_braces(c);
        if (is_digit(c) || (c == '.' && is_digit(peek(1)))) return number();
        if (is_name_start(c) || (c == ':' && !in_brackets_)) return word();
        sign(c);
    }

    void end() {
        if (in_braces_) return fail("unexpected end of input inside braces");
        if (parens_ > 0) return fail("unclosed left parenthesis");
        if (in_brackets_) return fail("unclosed left bracket");
        add(TokenType::end, 0);
    }

    void in_braces(char c) {
        if (is_name_start(c)) {
            std::size_t length = 1;
            while (is_name_char(peek(length))) ++length;
            return add(TokenType::word, length);
        }
        switch (c) {
            case ',':
                return add(TokenType::sign, 1);
            case '=':
                return add(TokenType::sign, peek(1) == '~' ? 2 : 1);
            case '!':
                if (peek(1) == '~' || peek(1) == '=') return add(TokenType::sign, 2);
                return fail("unexpected character after '!' inside braces: " + quoted_rune(rest().substr(1)));
            case '}':
                in_braces_ = false;
                return add(TokenType::sign, 1);
            case '{':
                return fail("unexpected left brace '{'");
            default:
                return fail("unexpected character inside braces: " + quoted_rune(rest()));
        }
    }

    void string(char quote) {
        for (std::size_t i = at_ + 1; i < text_.size(); ++i) {
            if (text_[i] == quote) return add(TokenType::string, i + 1 - at_);
            if (quote == '`') continue;
            if (text_[i] == '\n') break;
            if (text_[i] == '\\') ++i;
        }
        fail(quote == '`' ? "unterminated raw string" : "unterminated quoted string");
    }

    // Digits, and what may belong to a number or a duration; what it is is told by those who read it.
    void number() {
        std::size_t length = 0;
        const bool hex = peek() == '0' && (peek(1) == 'x' || peek(1) == 'X');
        while (is_name_char(peek(length)) || peek(length) == '.' ||
               (!hex && length > 0 && (peek(length) == '+' || peek(length) == '-') &&
                (peek(length - 1) == 'e' || peek(length - 1) == 'E')))
            ++length;
        const std::string_view found = rest().substr(0, length);
        if (parse_number(found)) return add(TokenType::number, length);
        if (is_digit(found[0]) && parse_duration(found)) return add(TokenType::duration, length);
        fail("bad number or duration syntax: " + text::quoted(found));
    }

    void word() {
        std::size_t length = 1;
        while (is_name_char(peek(length)) || peek(length) == ':') ++length;
        add(TokenType::word, length);
        Token& token = tokens_.back();
        std::string lower{token.text};
        for (char& c : lower)
            if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
        if (lower == "inf" || lower == "nan") {
            token.type = TokenType::number;
            return;
        }
        const auto* const known = std::find_if(std::begin(kWords), std::end(kWords),
                                               [&](const auto& entry) { return entry.first == lower; });
        if (known == std::end(kWords)) return;
        token.word = std::move(lower);
        token.kind = known->second;
    }

    void sign(char c) {
        switch (c) {
            case '=':
                if (peek(1) == '~') return fail("unexpected character after '=': '~'");
                return add(TokenType::sign, peek(1) == '=' ? 2 : 1);
            case '!':
                if (peek(1) != '=')
                    return fail("unexpected character after '!': " + quoted_rune(rest().substr(1)));
                return add(TokenType::sign, 2);
            case '<':
            case '>':
                return add(TokenType::sign, peek(1) == '=' ? 2 : 1);
            case '(':
                ++parens_;
                break;
            case ')':
                if (parens_ == 0) return fail("unexpected right parenthesis ')'");
                --parens_;
                break;
            case '{':
                in_braces_ = true;
                break;
            case '[':
                if (in_brackets_) return fail("unexpected left bracket '['");
                in_brackets_ = true;
                break;
            case ']':
                if (!in_brackets_) return fail("unexpected right bracket ']'");
                in_brackets_ = false;
                break;
            case ',':
            case ':':
            case '@':
            case '+':
            case '-':
            case '*':
            case '/':
            case '%':
            case '^':
                break;
            default:
                return fail("unexpected character: " + quoted_rune(rest()));
        }
        add(TokenType::sign, 1);
    }

    std::string_view text_;
    std::size_t at_ = 0;
    std::size_t parens_ = 0;
    bool in_braces_ = false;
    bool in_brackets_ = false;
    std::vector<Token> tokens_;
};

bool is_operator_sign(std::string_view sign) {
    constexpr std::array<std::string_view, 14> kOperators = {"==", "!=", "<=", ">=", "<", ">",  "+",
                                                             "-",  "*",  "/",  "%",  "^", "=~", "!~"};
    return std::find(kOperators.begin(), kOperators.end(), sign) != kOperators.end();
}

}  // namespace

std::string Token::description() const {
    // %.10q of longer ones.
    const auto short_quoted = [&] {
        return text.size() > 10 ? text::quoted(text.substr(0, 10)) + "..." : text::quoted(text);
    };
    switch (type) {
        case TokenType::end:
            return "end of input";
        case TokenType::error:
            return fault;
        case TokenType::number:
            return "number " + short_quoted();
        case TokenType::duration:
            return "duration " + short_quoted();
        case TokenType::string:
            return "string " + short_quoted();
        case TokenType::sign:
            return is_operator_sign(text) ? "<op:" + std::string{text} + '>' : text::quoted(text);
        case TokenType::word:
            break;
    }
    switch (kind) {
        case WordKind::operation:
            return "<op:" + std::string{text} + '>';
        case WordKind::aggregation:
            return "<aggr:" + std::string{text} + '>';
        case WordKind::keyword:
            return '<' + std::string{text} + '>';
        case WordKind::name:
            break;
    }
    return (text.find(':') == text.npos ? "identifier " : "metric identifier ") + text::quoted(text);
}

std::vector<Token> lex(std::string_view text) {
    return Lexer{text}.run();
}

}  // namespace query
