// SPDX-License-Identifier: Apache-2.0
// Reading files.
#pragma once

#include <cstddef>
#include <string>

#include <boost/system/result.hpp>

namespace files {

// What read() takes: configuration and credentials are far smaller.
inline constexpr std::size_t kLargest = 4 * 1024 * 1024;

// The whole file. errc::file_too_large: it holds more than kLargest.
boost::system::result<std::string> read(const std::string& path);

}  // namespace files
