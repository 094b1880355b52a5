// SPDX-License-Identifier: Apache-2.0
#include "query/language/parser.hpp"

#include "query/language/check.hpp"
#include "query/language/number.hpp"
#include "query/language/quoted.hpp"
#include "query/language/selector_parser.hpp"
#include "query/language/token_reader.hpp"
#include "query/limits.hpp"
#include "text/go_text.hpp"

#include <algorithm>
#include <utility>

namespace query {
namespace {

struct Operator {
    std::string_view text;
    BinaryOp op;
    int precedence;
};
constexpr int kPowerPrecedence = 6;
constexpr Operator kOperators[] = {{"or", BinaryOp::set_or, 1},
                                   {"and", BinaryOp::set_and, 2},
                                   {"unless", BinaryOp::set_unless, 2},
                                   {"==", BinaryOp::equal, 3},
                                   {"!=", BinaryOp::not_equal, 3},
                                   {"<=", BinaryOp::less_equal, 3},
                                   {"<", BinaryOp::less, 3},
                                   {">=", BinaryOp::greater_equal, 3},
                                   {">", BinaryOp::greater, 3},
                                   {"+", BinaryOp::add, 4},
                                   {"-", BinaryOp::subtract, 4},
                                   {"*", BinaryOp::multiply, 5},
                                   {"/", BinaryOp::divide, 5},
                                   {"%", BinaryOp::modulo, 5},
                                   {"^", BinaryOp::power, kPowerPrecedence}};

constexpr std::pair<std::string_view, AggregationOp> kAggregations[] = {
    {"sum", AggregationOp::sum},        {"avg", AggregationOp::avg},     {"min", AggregationOp::min},
    {"max", AggregationOp::max},        {"count", AggregationOp::count}, {"topk", AggregationOp::topk},
    {"bottomk", AggregationOp::bottomk}};

const Operator* operator_at(const Token& token) {
    const bool is_word = token.type == TokenType::word;
    if (!is_word && token.type != TokenType::sign) return nullptr;
    const std::string_view text = is_word ? std::string_view{token.word} : token.text;
    for (const Operator& each : kOperators)
        if (each.text == text) return &each;
    return nullptr;
}

class Parser {
  public:
    explicit Parser(TokenReader& reader) : reader_{reader} {}

    // Null: the reader has the fault.
    ExpressionPtr expression(int lowest) {
        if (++nested_ > kDepth) return too_deep();
        ExpressionPtr left = operand();
        while (left) {
            const Token& token = reader_.peek();
            if (token.is_word("atan2")) return refuse("the operator atan2");
            const Operator* const found = operator_at(token);
            if (found == nullptr || found->precedence < lowest) break;
            left = binary(std::move(left), *found);
        }
        --nested_;
        return left;
    }

  private:
    // These give null.
    ExpressionPtr fail(std::size_t at, std::string text) {
        reader_.fail(at, std::move(text));
        return nullptr;
    }
    ExpressionPtr unexpected() {
        reader_.unexpected();
        return nullptr;
    }
    ExpressionPtr too_deep() {
        return fail(reader_.peek().begin, "the expression is nested too deeply: " + std::to_string(kDepth) +
                                              " levels are supported");
    }
    ExpressionPtr refuse(const std::string& what) {
        return fail(reader_.peek().begin, what + " is not supported");
    }

    template <class Node>
    ExpressionPtr make(Node node, std::size_t begin, unsigned depth = 1) {
        auto expression = std::make_unique<Expression>();
        expression->node = std::move(node);
        expression->begin = begin;
        expression->depth = depth;
        if (depth > kDepth) return too_deep();
        return expression;
    }

    // What stands between two operators, its signs and what follows it included.
    ExpressionPtr operand() {
        const Token& token = reader_.peek();
        if (!token.is_sign("+") && !token.is_sign("-")) return postfix(primary());
        const bool negative = reader_.take().is_sign("-");
        const std::size_t begin = token.begin;
        ExpressionPtr inner = expression(kPowerPrecedence);
        if (!inner) return nullptr;
        if (auto* number = std::get_if<NumberLiteral>(&inner->node); number && !inner->enclosed) {
            if (negative) number->value = -number->value;
            inner->begin = begin;
            return inner;
        }
        const unsigned depth = inner->depth + 1;
        if (negative) return make(Negation{std::move(inner)}, begin, depth);
        return positive(std::move(inner), begin);
    }

    // +x is x, but only where -x could stand.
    ExpressionPtr positive(ExpressionPtr inner, std::size_t begin) {
        const ValueType type = inner->type();
        if (type != ValueType::scalar && type != ValueType::vector) {
            const auto fault = find_unary_fault(*inner, begin);
            return fail(fault->at, fault->text);
        }
        inner->begin = begin;
        inner->enclosed = true;
        return inner;
    }

    ExpressionPtr primary() {
        const Token& token = reader_.peek();
        switch (token.type) {
            case TokenType::number:
                reader_.take();
                return make(NumberLiteral{*parse_number(token.text)}, token.begin);
            case TokenType::string:
                return string();
            case TokenType::duration:
                return refuse("a duration as a number");
            case TokenType::word:
                return word();
            case TokenType::sign:
                if (token.text == "(") return enclosed();
                if (token.text == "{") return selector();
                break;
            case TokenType::end:
            case TokenType::error:
                break;
        }
        return unexpected();
    }

    ExpressionPtr string() {
        const Token& token = reader_.take();
        auto value = unquoted(token.text);
        if (value) return make(StringLiteral{std::move(*value)}, token.begin);
        return fail(token.begin, "error unquoting string " + text::quoted(token.text) + ": invalid syntax");
    }

    ExpressionPtr enclosed() {
        const std::size_t begin = reader_.take().begin;
        ExpressionPtr inner = expression(0);
        if (!inner) return nullptr;
        if (!reader_.take_sign(")")) return unexpected();
        inner->begin = begin;
        inner->enclosed = true;
        return inner;
    }

    ExpressionPtr selector() {
        const std::size_t begin = reader_.peek().begin;
        Selector found;
        if (!read_selector(reader_, found)) return nullptr;
        regexes_ += static_cast<std::size_t>(
            std::count_if(found.matchers.begin(), found.matchers.end(),
                          [](const Matcher& matcher) { return matcher.is_pattern(); }));
        if (regexes_ > kRegexes)
            return fail(begin,
                        "more than " + std::to_string(kRegexes) + " regular expressions are not supported");
        return make(std::move(found), begin);
    }

    ExpressionPtr word() {
        const Token& token = reader_.peek();
        const Token& next = reader_.peek(1);
        switch (token.kind) {
            case WordKind::name:
                if (next.is_sign("(") && token.text.find(':') == token.text.npos) return call();
                return selector();
            case WordKind::aggregation:
                if (next.is_sign("(") || next.is_word("by") || next.is_word("without")) return aggregation();
                return selector();
            case WordKind::operation:
                return selector();
            case WordKind::keyword:
                // Those may name a metric, too.
                if (token.word == "by" || token.word == "without" || token.word == "offset")
                    return selector();
                break;
        }
        return unexpected();
    }

    // ( ... ) with its commas.
    bool arguments(std::vector<ExpressionPtr>& out) {
        if (!reader_.take_sign("(")) return reader_.unexpected();
        if (reader_.take_sign(")")) return true;
        for (;;) {
            ExpressionPtr argument = expression(0);
            if (!argument) return false;
            out.push_back(std::move(argument));
            if (reader_.take_sign(")")) return true;
            const std::size_t comma = reader_.peek().begin;
            if (!reader_.take_sign(",")) return reader_.unexpected();
            if (reader_.peek().is_sign(")"))
                return reader_.fail(comma, "trailing commas not allowed in function call args");
        }
    }

    static unsigned deepest(const std::vector<ExpressionPtr>& arguments) {
        unsigned depth = 0;
        for (const ExpressionPtr& argument : arguments) depth = std::max(depth, argument->depth);
        return depth;
    }

    ExpressionPtr call() {
        const Token& name = reader_.peek();
        const Function* const function = find_function(name.text);
        if (function == nullptr) {
            if (is_known_function(name.text)) return refuse("the function " + std::string{name.text} + "()");
            return fail(name.begin, "unknown function with name " + text::quoted(name.text));
        }
        reader_.take();
        Call found{function, {}};
        if (!arguments(found.arguments)) return nullptr;
        const unsigned depth = deepest(found.arguments) + 1;
        return make(std::move(found), name.begin, depth);
    }

    bool grouping(Aggregation& out) {
        if (!reader_.peek().is_word("by") && !reader_.peek().is_word("without")) return true;
        out.without = reader_.take().is_word("without");
        return read_label_list(reader_, out.labels);
    }

    ExpressionPtr aggregation() {
        const Token& name = reader_.peek();
        const auto* const known = std::find_if(std::begin(kAggregations), std::end(kAggregations),
                                               [&](const auto& each) { return each.first == name.word; });
        if (known == std::end(kAggregations)) return refuse("the aggregation " + name.word + "()");
        reader_.take();
        Aggregation found;
        found.op = known->second;
        const bool grouped = reader_.peek().type == TokenType::word;
        std::vector<ExpressionPtr> given;
        if (!grouping(found) || !arguments(given) || (!grouped && !grouping(found))) return nullptr;
        const std::size_t wanted =
            found.op == AggregationOp::topk || found.op == AggregationOp::bottomk ? 2 : 1;
        if (given.empty()) return fail(name.begin, "no arguments for aggregate expression provided");
        if (given.size() != wanted)
            return fail(name.begin, "wrong number of arguments for aggregate expression provided, expected " +
                                        std::to_string(wanted) + ", got " + std::to_string(given.size()));
        const unsigned depth = deepest(given) + 1;
        found.operand = std::move(given.back());
        if (wanted == 2) found.parameter = std::move(given.front());
        return make(std::move(found), name.begin, depth);
    }

    // What may follow a selector.
    ExpressionPtr postfix(ExpressionPtr expression) {
        while (expression) {
            const Token& token = reader_.peek();
            if (token.is_sign("@")) return refuse("the modifier @");
            if (token.type == TokenType::word && (token.text == "smoothed" || token.text == "anchored"))
                return refuse("the modifier " + std::string{token.text});
            const bool is_range = token.is_sign("[");
            if (!is_range && !token.is_word("offset")) break;
            if (!(is_range ? read_range(reader_, *expression) : read_offset(reader_, *expression)))
                return nullptr;
        }
        return expression;
    }

    bool matching(Binary& out) {
        out.returns_bool = reader_.take_word("bool");
        Matching& matching = out.matching;
        if (!reader_.peek().is_word("on") && !reader_.peek().is_word("ignoring")) return no_fill();
        matching.on = reader_.take().is_word("on");
        if (!read_label_list(reader_, matching.labels)) return false;
        if (reader_.peek().is_word("group_left") || reader_.peek().is_word("group_right")) {
            matching.cardinality =
                reader_.take().is_word("group_left") ? Cardinality::many_to_one : Cardinality::one_to_many;
            if (reader_.peek().is_sign("(") && !read_label_list(reader_, matching.include)) return false;
        }
        return no_fill();
    }

    bool no_fill() {
        const Token& token = reader_.peek();
        const bool fills = token.type == TokenType::word && reader_.peek(1).is_sign("(") &&
                           (token.text == "fill" || token.text == "fill_left" || token.text == "fill_right");
        return !fills ||
               reader_.fail(token.begin, "the modifier " + std::string{token.text} + "() is not supported");
    }

    ExpressionPtr binary(ExpressionPtr left, const Operator& op) {
        Binary found;
        found.op = op.op;
        found.at = reader_.take().begin;
        if (!matching(found)) return nullptr;
        found.left = std::move(left);
        // ^ is right-associative, the others are not.
        found.right = expression(op.op == BinaryOp::power ? op.precedence : op.precedence + 1);
        if (!found.right) return nullptr;
        const unsigned depth = std::max(found.left->depth, found.right->depth) + 1;
        const std::size_t begin = found.left->begin;
        return make(std::move(found), begin, depth);
    }

    TokenReader& reader_;
    unsigned nested_ = 0;
    std::size_t regexes_ = 0;
};

Error parse_error(std::string_view text, const Fault& fault) {
    const std::string_view before = text.substr(0, fault.at);
    const auto line = 1 + std::count(before.begin(), before.end(), '\n');
    const std::size_t line_begin = before.rfind('\n') + 1;
    return bad_data(std::to_string(line) + ':' + std::to_string(fault.at - line_begin + 1) +
                    ": parse error: " + fault.text);
}

}  // namespace

Result<ExpressionPtr> parse(std::string_view text) {
    if (text.size() > kTextBytes)
        return bad_data("1:1: parse error: queries of more than " + std::to_string(kTextBytes) +
                        " bytes are not supported");
    TokenReader reader{text};
    if (reader.peek().type == TokenType::end)
        return bad_data("1:1: parse error: no expression found in input");
    ExpressionPtr root = Parser{reader}.expression(0);
    if (root && reader.peek().type != TokenType::end) reader.unexpected();
    if (!reader.fault() && root) {
        if (const auto fault = find_fault(*root)) return parse_error(text, *fault);
        return root;
    }
    return parse_error(text, *reader.fault());
}

Result<std::vector<Matcher>> parse_selector(std::string_view text) {
    auto parsed = parse(text);
    if (!parsed) return parsed.error();
    auto* const selector = std::get_if<Selector>(&(*parsed)->node);
    if (selector != nullptr && !(*parsed)->enclosed && selector->range == 0 && selector->offset == 0)
        return std::move(selector->matchers);
    return parse_error(text, Fault{(*parsed)->begin, "a selector is expected, without range and offset"});
}

}  // namespace query
