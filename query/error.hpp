// SPDX-License-Identifier: Apache-2.0
// Why a query has no answer, in the words of Prometheus' HTTP API.
#pragma once

#include <string>
#include <utility>

#include <boost/system/result.hpp>

namespace query {

enum class ErrorType {
    // 400: the query cannot be read, or is not supported.
    kBadData,
    // 422: found while it was evaluated.
    kExecution,
    // 503
    kTimeout,
};

struct Error {
    ErrorType type = ErrorType::kBadData;
    // One sentence. Of what parse() refuses it begins with line:column; the API writes the parameter before
    // it.
    std::string text;
};

inline Error bad_data(std::string text) {
    return {ErrorType::kBadData, std::move(text)};
}
inline Error execution(std::string text) {
    return {ErrorType::kExecution, std::move(text)};
}

// As `errorType` of an answer has it.
constexpr const char* name_of(ErrorType type) {
    switch (type) {
        case ErrorType::kBadData:
            return "bad_data";
        case ErrorType::kExecution:
            return "execution";
        case ErrorType::kTimeout:
            return "timeout";
    }
    return "internal";
}

template <class T>
using Result = boost::system::result<T, Error>;

}  // namespace query
