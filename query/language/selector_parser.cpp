// SPDX-License-Identifier: Apache-2.0
#include "query/language/selector_parser.hpp"

#include "query/language/number.hpp"
#include "query/language/quoted.hpp"
#include "text/go_text.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace query {
namespace {

bool read_op(TokenReader& reader, MatchOp& op) {
    constexpr std::pair<std::string_view, MatchOp> kOps[] = {{"=", MatchOp::equal},
                                                             {"!=", MatchOp::not_equal},
                                                             {"=~", MatchOp::matches},
                                                             {"!~", MatchOp::not_matches}};
    for (const auto& [sign, meant] : kOps) {
        if (!reader.take_sign(sign)) continue;
        op = meant;
        return true;
    }
    return reader.unexpected("label matching", "label matching operator");
}

bool read_matcher(TokenReader& reader, std::vector<Matcher>& out) {
    if (reader.peek().type == TokenType::string)
        return reader.fail(reader.peek().begin, "names in quotes are not supported");
    if (reader.peek().type != TokenType::word)
        return reader.unexpected("label matching", "identifier or \"}\"");
    const Token name = reader.take();
    MatchOp op{};
    if (!read_op(reader, op)) return false;
    if (reader.peek().type != TokenType::string) return reader.unexpected("label matching", "string");
    const Token& literal = reader.take();
    auto value = unquoted(literal.text);
    if (!value)
        return reader.fail(literal.begin,
                           "error unquoting string " + text::quoted(literal.text) + ": invalid syntax");
    auto matcher = Matcher::make(std::string{name.text}, op, std::move(*value));
    if (!matcher) return reader.fail(name.begin, matcher.error().text);
    out.push_back(std::move(*matcher));
    return true;
}

bool read_braces(TokenReader& reader, std::vector<Matcher>& out) {
    while (!reader.take_sign("}")) {
        if (!read_matcher(reader, out)) return false;
        if (reader.take_sign(",")) continue;
        if (!reader.peek().is_sign("}")) return reader.unexpected("label matching", "\",\" or \"}\"");
    }
    return true;
}

std::optional<Millis> read_duration(TokenReader& reader, std::string_view where) {
    const Token& token = reader.peek();
    std::optional<Millis> found;
    if (token.type == TokenType::number) {
        reader.fail(token.begin, "a duration without unit is not supported, write " +
                                     std::string{token.text} + "s for seconds");
    } else if (token.type != TokenType::duration) {
        reader.unexpected(where, "duration");
    } else if (found = parse_duration(reader.take().text); *found <= 0) {
        reader.fail(token.begin, "duration must be greater than 0");
        found.reset();
    }
    return found;
}

// Null: it is none, or in parentheses.
Selector* bare_selector(Expression& expression) {
    return expression.enclosed ? nullptr : std::get_if<Selector>(&expression.node);
}

}  // namespace

bool read_selector(TokenReader& reader, Selector& out) {
    if (reader.peek().type == TokenType::word) out.name = reader.take().text;
    if (reader.take_sign("{") && !read_braces(reader, out.matchers)) return false;
    if (!out.name.empty()) out.matchers.push_back(Matcher::equal(std::string{kMetricName}, out.name));
    return true;
}

bool read_range(TokenReader& reader, Expression& of) {
    const Token& bracket = reader.take();
    const auto length = read_duration(reader, "subquery or range selector");
    if (!length) return false;
    if (reader.peek().is_sign(":")) return reader.fail(bracket.begin, "subqueries are not supported");
    if (!reader.take_sign("]")) return reader.unexpected("subquery or range", "\":\" or \"]\"");
    Selector* const selector = bare_selector(of);
    if (selector == nullptr || selector->range > 0)
        return reader.fail(bracket.begin, "ranges only allowed for vector selectors");
    if (selector->offset != 0) return reader.fail(bracket.begin, "no offset modifiers allowed before range");
    selector->range = *length;
    return true;
}

bool read_offset(TokenReader& reader, Expression& of) {
    reader.take();
    const bool negative = reader.take_sign("-");
    if (!negative) reader.take_sign("+");
    const auto length = read_duration(reader, "offset");
    if (!length) return false;
    Selector* const selector = bare_selector(of);
    if (selector == nullptr)
        return reader.fail(of.begin,
                           "offset modifier must be preceded by an instant vector selector or range vector "
                           "selector or a subquery");
    if (selector->offset != 0) return reader.fail(of.begin, "offset may not be set multiple times");
    selector->offset = negative ? -*length : *length;
    return true;
}

bool read_label_list(TokenReader& reader, std::vector<std::string>& out) {
    if (!reader.take_sign("(")) return reader.unexpected("grouping opts", "\"(\"");
    while (!reader.take_sign(")")) {
        const Token& token = reader.peek();
        if (token.type == TokenType::string)
            return reader.fail(token.begin, "names in quotes are not supported");
        // Inf and NaN are numbers wherever they stand.
        if (token.type != TokenType::word) return reader.unexpected("grouping opts", "label");
        if (!is_label_name(token.text)) return reader.unexpected("grouping opts", "label");
        out.emplace_back(reader.take().text);
        if (reader.take_sign(",")) continue;
        if (!reader.peek().is_sign(")")) return reader.unexpected("grouping opts", "\",\" or \")\"");
    }
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return true;
}

}  // namespace query
