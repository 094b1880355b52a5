// SPDX-License-Identifier: Apache-2.0
#include "query/expression.hpp"

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
                return ValueType::kScalar;
            } else if constexpr (std::is_same_v<Node, StringLiteral>) {
                return ValueType::kString;
            } else if constexpr (std::is_same_v<Node, Selector>) {
                return each.range > 0 ? ValueType::kRange : ValueType::kVector;
            } else if constexpr (std::is_same_v<Node, Call>) {
                return each.function->returns;
            } else if constexpr (std::is_same_v<Node, Binary>) {
                const bool scalars =
                    each.left->type() == ValueType::kScalar && each.right->type() == ValueType::kScalar;
                return scalars ? ValueType::kScalar : ValueType::kVector;
            } else if constexpr (std::is_same_v<Node, Negation>) {
                return each.operand->type();
            } else {
                return ValueType::kVector;
            }
        },
        node);
}

}  // namespace query
