// SPDX-License-Identifier: Apache-2.0
#include "test/query/language/shape.hpp"

#include "query/language/number.hpp"
#include "query/language/parser.hpp"
#include "text/go_text.hpp"

namespace query_test {
namespace {

using query::Expression;

std::string list(const std::vector<std::string>& names) {
    std::string out = "(";
    for (const std::string& name : names) out += (out.size() > 1 ? "," : "") + name;
    return out + ')';
}

std::string of(const query::NumberLiteral& number) {
    std::string out;
    query::append_value(out, number.value);
    // In parentheses -1 ^ 2 is not -(1 ^ 2).
    return out[0] == '-' ? '(' + out + ')' : out;
}

std::string of(const query::StringLiteral& text) {
    return text::quoted(text.value);
}

std::string of(const query::Selector& selector) {
    constexpr const char* kOps[] = {"=", "!=", "=~", "!~"};
    std::string out = selector.name;
    std::string matchers;
    for (const query::Matcher& matcher : selector.matchers) {
        if (!selector.name.empty() && &matcher == &selector.matchers.back()) break;
        matchers += (matchers.empty() ? "" : ",") + matcher.label() + kOps[static_cast<int>(matcher.op())] +
                    text::quoted(matcher.value());
    }
    if (!matchers.empty()) out += '{' + matchers + '}';
    if (selector.range > 0) out += '[' + std::to_string(selector.range) + "ms]";
    if (selector.offset != 0) out += " offset " + std::to_string(selector.offset) + "ms";
    return out;
}

std::string of(const query::Call& call) {
    std::string out{call.function->name};
    out += '(';
    for (const auto& argument : call.arguments)
        out += (&argument == &call.arguments.front() ? "" : ", ") + shape(*argument);
    return out + ')';
}

std::string of(const query::Aggregation& aggregation) {
    constexpr const char* kNames[] = {"sum", "avg", "min", "max", "count", "topk", "bottomk"};
    std::string out = kNames[static_cast<int>(aggregation.op)];
    out += aggregation.without ? " without" : " by";
    out += list(aggregation.labels) + '(';
    if (aggregation.parameter) out += shape(*aggregation.parameter) + ", ";
    return out + shape(*aggregation.operand) + ')';
}

std::string of(const query::Binary& binary) {
    std::string out = '(' + shape(*binary.left) + ' ' + std::string{name_of(binary.op)};
    if (binary.returns_bool) out += " bool";
    if (binary.matching.on) out += " on" + list(binary.matching.labels);
    if (!binary.matching.on && !binary.matching.labels.empty())
        out += " ignoring" + list(binary.matching.labels);
    if (binary.matching.cardinality == query::Cardinality::many_to_one)
        out += " group_left" + list(binary.matching.include);
    if (binary.matching.cardinality == query::Cardinality::one_to_many)
        out += " group_right" + list(binary.matching.include);
    return out + ' ' + shape(*binary.right) + ')';
}

std::string of(const query::Negation& negation) {
    return "-(" + shape(*negation.operand) + ')';
}

}  // namespace

std::string shape(const Expression& expression) {
    return std::visit([](const auto& node) { return of(node); }, expression.node);
}

std::string parsed(std::string_view text) {
    const auto expression = query::parse(text);
    return expression ? shape(**expression) : expression.error().text;
}

}  // namespace query_test
