// SPDX-License-Identifier: Apache-2.0
// What receivers say beside yes and no, for all who read answers.
#pragma once

#include "net/http/message.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace sink {

// Nobody is waited for longer because it says so.
inline constexpr std::chrono::minutes kMostWait{5};

// Retry-After, at most kMostWait: seconds, or a date, which counts from the answer's own (RFC 9110, 10.2.3),
// so that clocks may differ. nullopt: it says nothing that can be read.
std::optional<std::chrono::milliseconds> retry_after(const net::Headers& headers);

// The first line of a body that has one, printable and at most 256 characters long.
std::string said_in(std::string_view body);

}  // namespace sink
