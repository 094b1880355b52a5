// SPDX-License-Identifier: Apache-2.0
// The functions that are supported, and the names of those that Prometheus has beside them.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>

namespace query {

enum class ValueType { scalar, string, vector, range };

// As Prometheus' messages have it.
constexpr std::string_view name_of(ValueType type) {
    switch (type) {
        case ValueType::scalar:
            return "scalar";
        case ValueType::string:
            return "string";
        case ValueType::vector:
            return "instant vector";
        case ValueType::range:
            return "range vector";
    }
    return {};
}

enum class FunctionId {
    rate,
    increase,
    irate,
    avg_over_time,
    min_over_time,
    max_over_time,
    scalar,
    vector,
    time,
    sort,
    sort_desc,
    label_replace,
};

struct Function {
    FunctionId id;
    std::string_view name;
    std::size_t arguments;
    // Of the first `arguments`.
    std::array<ValueType, 5> types;
    ValueType returns;
};

// Null: it is not supported.
const Function* find_function(std::string_view name);
// Whether Prometheus has it.
bool is_known_function(std::string_view name);

}  // namespace query
