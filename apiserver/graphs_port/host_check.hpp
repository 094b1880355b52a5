// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace apiserver {

// Whether a Host header names this machine's loopback, or `bound`, the address that is listened on:
// localhost, 127.0.0.0/8 or ::1, with any port. A web page that has its own name point to 127.0.0.1 is found
// out by it.
bool is_local_host(std::string_view host, std::string_view bound);

}  // namespace apiserver
