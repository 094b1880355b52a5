// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/error.hpp"

#include <cstdint>
#include <string>

namespace topd {

// As Go shows a listener's address: "[::]:10250" for all of them.
std::string shown_address(const std::string& bind_address, std::uint16_t port);

// Why it cannot be listened on, with the flag that helps.
std::string listen_failure(const std::string& bind_address, std::uint16_t port, const net::Error& why);

}  // namespace topd
