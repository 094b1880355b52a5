// SPDX-License-Identifier: Apache-2.0
// A value that was read from a client's text, or the sentence that tells the client what is wrong with it.
#pragma once

#include <string>

#include <boost/system/result.hpp>

namespace text {

struct ParseError {
    std::string text;
};

template <class T>
using Parsed = boost::system::result<T, ParseError>;

}  // namespace text
