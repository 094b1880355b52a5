// SPDX-License-Identifier: Apache-2.0
// A query as a tree.
#pragma once

#include "query/language/functions.hpp"
#include "query/source/matcher.hpp"
#include "query/source/series.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace query {

struct Expression;
using ExpressionPtr = std::unique_ptr<Expression>;

struct NumberLiteral {
    double value = 0;
};

struct StringLiteral {
    std::string value;
};

struct Selector {
    // As written before the braces; also among the matchers.
    std::string name;
    std::vector<Matcher> matchers;
    // 0: an instant selector.
    Millis range = 0;
    Millis offset = 0;
};

struct Call {
    const Function* function = nullptr;
    std::vector<ExpressionPtr> arguments;
};

enum class AggregationOp { sum, avg, min, max, count, topk, bottomk };

struct Aggregation {
    AggregationOp op{};
    bool without = false;
    // Sorted, each once.
    std::vector<std::string> labels;
    // Of topk and bottomk.
    ExpressionPtr parameter;
    ExpressionPtr operand;
};

enum class BinaryOp {
    set_or,
    set_and,
    set_unless,
    equal,
    not_equal,
    less_equal,
    less,
    greater_equal,
    greater,
    add,
    subtract,
    multiply,
    divide,
    modulo,
    power
};
constexpr bool is_set(BinaryOp op) {
    return op <= BinaryOp::set_unless;
}
constexpr bool is_comparison(BinaryOp op) {
    return op >= BinaryOp::equal && op <= BinaryOp::greater;
}
std::string_view name_of(BinaryOp op);

enum class Cardinality { one_to_one, many_to_one, one_to_many };

// Which series of both sides belong together.
struct Matching {
    Cardinality cardinality = Cardinality::one_to_one;
    // The labels are those that count, else those that do not.
    bool on = false;
    // Sorted, each once.
    std::vector<std::string> labels;
    // Of group_left and group_right: labels of the "one" side that results get.
    std::vector<std::string> include;
};

struct Binary {
    BinaryOp op{};
    bool returns_bool = false;
    Matching matching;
    // Where the operator stands.
    std::size_t at = 0;
    ExpressionPtr left;
    ExpressionPtr right;
};

struct Negation {
    ExpressionPtr operand;
};

struct Expression {
    std::variant<NumberLiteral, StringLiteral, Selector, Call, Aggregation, Binary, Negation> node;
    // Where it begins in the text.
    std::size_t begin = 0;
    // In parentheses: a range or an offset may not follow.
    bool enclosed = false;
    unsigned depth = 1;

    ValueType type() const;
};

}  // namespace query
