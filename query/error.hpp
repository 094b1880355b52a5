// SPDX-License-Identifier: Apache-2.0
// Why a query has no answer, in the words of Prometheus' HTTP API.
#pragma once

#include <string>
#include <utility>

#include <boost/system/result.hpp>

namespace query {

enum class ErrorType {
    // 400: the query cannot be read, or is not supported.
    bad_data,
    // 422: found while it was evaluated.
    execution,
    // 503
    timeout,
};

struct Error {
    ErrorType type = ErrorType::bad_data;
    // One sentence. Of what parse() refuses it begins with line:column; the API writes the parameter before
    // it.
    std::string text;
};

inline Error bad_data(std::string text) {
    return {ErrorType::bad_data, std::move(text)};
}
inline Error execution(std::string text) {
    return {ErrorType::execution, std::move(text)};
}

// As `errorType` of an answer has it.
constexpr const char* name_of(ErrorType type) {
    switch (type) {
        case ErrorType::bad_data:
            return "bad_data";
        case ErrorType::execution:
            return "execution";
        case ErrorType::timeout:
            return "timeout";
    }
    return "internal";
}

template <class T>
using Result = boost::system::result<T, Error>;

}  // namespace query
