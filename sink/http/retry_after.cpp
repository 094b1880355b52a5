// SPDX-License-Identifier: Apache-2.0
#include "sink/http/retry_after.hpp"

#include "net/http/date.hpp"
#include "text/printable.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace sink {
namespace {

constexpr std::size_t kMostSaid = 256;

std::optional<std::chrono::milliseconds> bounded(std::chrono::seconds wait) {
    return std::clamp<std::chrono::milliseconds>(wait, std::chrono::seconds{0}, kMostWait);
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

}  // namespace

std::optional<std::chrono::milliseconds> retry_after(const net::Headers& headers) {
    const auto value = headers.find("Retry-After");
    if (!value || value->empty()) return std::nullopt;
    if (std::all_of(value->begin(), value->end(), is_digit)) {
        std::uint32_t seconds = 0;
        const auto read = std::from_chars(value->data(), value->data() + value->size(), seconds);
        // More digits than a number has: it is a long time.
        return bounded(read.ec == std::errc{} ? std::chrono::seconds{seconds} : kMostWait);
    }
    const auto date = headers.find("Date");
    const auto now = date ? net::parse_http_date(*date) : std::nullopt;
    const auto until = net::parse_http_date(*value);
    if (!now || !until) return std::nullopt;
    return bounded(std::chrono::duration_cast<std::chrono::seconds>(*until - *now));
}

std::string said_in(std::string_view body) {
    constexpr std::string_view kBetween = "\r\n\t ";
    body.remove_prefix(std::min(body.find_first_not_of(kBetween), body.size()));
    body = body.substr(0, body.find_first_of("\r\n"));
    body = body.substr(0, kMostSaid);
    return text::printable(body.substr(0, body.find_last_not_of(kBetween) + 1));
}

}  // namespace sink
