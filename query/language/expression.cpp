// SPDX-License-Identifier: Apache-2.0
#include "query/language/expression.hpp"

#include <type_traits>

namespace query {

std::string_view name_of(BinaryOp op) {
    constexpr std::string_view kNames[] = {
        "or", "and", "unless", "==", "!=", "<=", "<", ">=", ">", "+", "-", "*", "/", "%", "^"};
    return kNames[static_cast<std::size_t>(op)];
}

ValueType Expression::type() const {
    return std::visit(
        [](const auto& each) {
            using Node = std::decay_t<decltype(each)>;
            if constexpr (std::is_same_v<Node, NumberLiteral>) {
                return ValueType::scalar;
            } else if constexpr (std::is_same_v<Node, StringLiteral>) {
                return ValueType::string;
            } else if constexpr (std::is_same_v<Node, Selector>) {
                return each.range > 0 ? ValueType::range : ValueType::vector;
            } else if constexpr (std::is_same_v<Node, Call>) {
                return each.function->returns;
            } else if constexpr (std::is_same_v<Node, Binary>) {
                const bool scalars =
                    each.left->type() == ValueType::scalar && each.right->type() == ValueType::scalar;
                return scalars ? ValueType::scalar : ValueType::vector;
            } else if constexpr (std::is_same_v<Node, Negation>) {
                return each.operand->type();
            } else {
                return ValueType::vector;
            }
        },
        node);
}

}  // namespace query
