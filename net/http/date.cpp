// SPDX-License-Identifier: Apache-2.0
#include "net/http/date.hpp"

#include <ctime>
#include <string>

namespace net {

std::optional<std::chrono::system_clock::time_point> parse_http_date(std::string_view text) {
    std::tm when{};
    const std::string copy{text};
    const char* const end = ::strptime(copy.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &when);
    if (!end || end != copy.c_str() + copy.size()) return std::nullopt;
    return std::chrono::system_clock::from_time_t(timegm(&when));
}

}  // namespace net
