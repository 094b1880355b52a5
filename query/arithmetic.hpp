// SPDX-License-Identifier: Apache-2.0
// What operators make of two numbers.
#pragma once

#include "query/expression.hpp"
#include "query/row.hpp"

#include <cmath>
#include <limits>

namespace query {

constexpr bool holds(BinaryOp op, double left, double right) {
    switch (op) {
        case BinaryOp::kEqual:
            return left == right;
        case BinaryOp::kNotEqual:
            return left != right;
        case BinaryOp::kLessEqual:
            return left <= right;
        case BinaryOp::kLess:
            return left < right;
        case BinaryOp::kGreaterEqual:
            return left >= right;
        case BinaryOp::kGreater:
            return left > right;
        default:
            return false;
    }
}

inline double calculated(BinaryOp op, double left, double right) {
    switch (op) {
        case BinaryOp::kAdd:
            return left + right;
        case BinaryOp::kSubtract:
            return left - right;
        case BinaryOp::kMultiply:
            return left * right;
        case BinaryOp::kDivide:
            return left / right;
        case BinaryOp::kModulo:
            return std::fmod(left, right);
        case BinaryOp::kPower:
            return std::pow(left, right);
        default:
            return std::numeric_limits<double>::quiet_NaN();
    }
}

// Of two values that are there. A comparison keeps `kept`, or gives kAbsent; with bool it gives 1 or 0.
inline double combined(const Binary& binary, double left, double right, double kept) {
    if (!is_comparison(binary.op)) return calculated(binary.op, left, right);
    const bool does = holds(binary.op, left, right);
    if (binary.returns_bool) return does ? 1 : 0;
    return does ? kept : kAbsent;
}

// Whether results have no metric name.
constexpr bool drops_name(const Binary& binary) {
    return binary.returns_bool || !(is_comparison(binary.op) || is_set(binary.op));
}

}  // namespace query
