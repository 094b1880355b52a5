// SPDX-License-Identifier: Apache-2.0
#include "query/language/check.hpp"

#include "text/go_text.hpp"

#include <algorithm>

namespace query {
namespace {

using Found = std::optional<Fault>;

Found wrong_type(const Expression& found, ValueType wanted, const std::string& where) {
    if (found.type() == wanted) return std::nullopt;
    return Fault{found.begin, "expected type " + std::string{name_of(wanted)} + " in " + where + ", got " +
                                  std::string{name_of(found.type())}};
}

Found check(const Expression&, const NumberLiteral&) {
    return std::nullopt;
}
Found check(const Expression&, const StringLiteral&) {
    return std::nullopt;
}

Found check(const Expression& expression, const Selector& selector) {
    if (!selector.name.empty()) {
        for (std::size_t i = 0; i + 1 < selector.matchers.size(); ++i) {
            const Matcher& matcher = selector.matchers[i];
            if (matcher.label() == kMetricName)
                return Fault{expression.begin,
                             "metric name must not be set twice: " + text::quoted(selector.name) + " or " +
                                 text::quoted(matcher.value())};
        }
        return std::nullopt;
    }
    if (std::all_of(selector.matchers.begin(), selector.matchers.end(),
                    [](const Matcher& matcher) { return matcher.matches({}); }))
        return Fault{expression.begin, "vector selector must contain at least one non-empty matcher"};
    return std::nullopt;
}

Found check(const Expression& expression, const Call& call) {
    const Function& function = *call.function;
    if (call.arguments.size() != function.arguments)
        return Fault{expression.begin, "expected " + std::to_string(function.arguments) +
                                           " argument(s) in call to " + text::quoted(function.name) +
                                           ", got " + std::to_string(call.arguments.size())};
    for (std::size_t i = 0; i < call.arguments.size(); ++i) {
        if (auto fault = find_fault(*call.arguments[i])) return fault;
        if (auto fault = wrong_type(*call.arguments[i], function.types[i],
                                    "call to function " + text::quoted(function.name)))
            return fault;
    }
    return std::nullopt;
}

Found check(const Expression&, const Aggregation& aggregation) {
    if (auto fault = find_fault(*aggregation.operand)) return fault;
    if (auto fault = wrong_type(*aggregation.operand, ValueType::vector, "aggregation expression"))
        return fault;
    if (!aggregation.parameter) return std::nullopt;
    if (auto fault = find_fault(*aggregation.parameter)) return fault;
    return wrong_type(*aggregation.parameter, ValueType::scalar, "aggregation parameter");
}

bool is_operand(ValueType type) {
    return type == ValueType::scalar || type == ValueType::vector;
}

Found check_matching(const Expression& expression, const Binary& binary) {
    const Matching& matching = binary.matching;
    const bool vectors =
        binary.left->type() == ValueType::vector && binary.right->type() == ValueType::vector;
    const std::string op = text::quoted(name_of(binary.op));
    if (!vectors && !matching.labels.empty())
        return Fault{expression.begin, "vector matching only allowed between instant vectors"};
    if (!is_set(binary.op)) return std::nullopt;
    if (vectors && matching.cardinality != Cardinality::one_to_one)
        return Fault{expression.begin, "no grouping allowed for " + op + " operation"};
    if (!vectors)
        return Fault{expression.begin, "set operator " + op + " not allowed in binary scalar expression"};
    return std::nullopt;
}

Found check(const Expression& expression, const Binary& binary) {
    for (const auto* side : {&binary.left, &binary.right})
        if (auto fault = find_fault(**side)) return fault;
    const ValueType left = binary.left->type();
    const ValueType right = binary.right->type();
    if (binary.returns_bool && !is_comparison(binary.op))
        return Fault{binary.at, "bool modifier can only be used on comparison operators"};
    if (is_comparison(binary.op) && !binary.returns_bool && left == ValueType::scalar &&
        right == ValueType::scalar)
        return Fault{binary.at, "comparisons between scalars must use BOOL modifier"};
    if (binary.matching.on)
        for (const std::string& label : binary.matching.labels)
            if (std::binary_search(binary.matching.include.begin(), binary.matching.include.end(), label))
                return Fault{binary.at, "label " + text::quoted(label) +
                                            " must not occur in ON and GROUP clause at once"};
    for (const auto* side : {&binary.left, &binary.right})
        if (!is_operand((*side)->type()))
            return Fault{(*side)->begin,
                         "binary expression must contain only scalar and instant vector types"};
    return check_matching(expression, binary);
}

Found check(const Expression& expression, const Negation& negation) {
    return find_unary_fault(*negation.operand, expression.begin);
}

}  // namespace

std::optional<Fault> find_unary_fault(const Expression& operand, std::size_t begin) {
    if (auto fault = find_fault(operand)) return fault;
    if (is_operand(operand.type())) return std::nullopt;
    return Fault{begin,
                 "unary expression only allowed on expressions of type scalar or instant vector, got " +
                     text::quoted(name_of(operand.type()))};
}

std::optional<Fault> find_fault(const Expression& expression) {
    return std::visit([&](const auto& node) { return check(expression, node); }, expression.node);
}

}  // namespace query
