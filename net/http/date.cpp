// SPDX-License-Identifier: Apache-2.0
#include "net/http/date.hpp"

namespace net {
namespace {

constexpr const char* kFormat = "%a, %d %b %Y %H:%M:%S GMT";

// The start of the year 2200. The clock counts nanoseconds and ends in 2262; differences must fit, too.
constexpr std::time_t kLast = 7'258'118'400;

}  // namespace

std::string http_date(std::time_t when) {
    std::tm parts{};
    gmtime_r(&when, &parts);
    char text[40];
    const std::size_t size = std::strftime(text, sizeof text, kFormat, &parts);
    return {text, size};
}

std::optional<std::chrono::system_clock::time_point> parse_http_date(std::string_view text) {
    std::tm when{};
    const std::string copy{text};
    const char* const end = ::strptime(copy.c_str(), kFormat, &when);
    if (!end || end != copy.c_str() + copy.size()) return std::nullopt;
    const std::time_t time = ::timegm(&when);
    if (time < 0 || time > kLast) return std::nullopt;
    return std::chrono::system_clock::from_time_t(time);
}

}  // namespace net
