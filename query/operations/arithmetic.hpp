// SPDX-License-Identifier: Apache-2.0
// What operators make of two numbers.
#pragma once

#include "query/language/expression.hpp"
#include "query/operations/row.hpp"

#include <cmath>
#include <limits>

namespace query {

constexpr bool holds(BinaryOp op, double left, double right) {
    switch (op) {
        case BinaryOp::equal:
            return left == right;
        case BinaryOp::not_equal:
            return left != right;
        case BinaryOp::less_equal:
            return left <= right;
        case BinaryOp::less:
            return left < right;
        case BinaryOp::greater_equal:
            return left >= right;
        case BinaryOp::greater:
            return left > right;
        default:
            return false;
    }
}

inline double calculated(BinaryOp op, double left, double right) {
    switch (op) {
        case BinaryOp::add:
            return left + right;
        case BinaryOp::subtract:
            return left - right;
        case BinaryOp::multiply:
            return left * right;
        case BinaryOp::divide:
            return left / right;
        case BinaryOp::modulo:
            return std::fmod(left, right);
        case BinaryOp::power:
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
