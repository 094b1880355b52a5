// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/http/message.hpp"

#include <string_view>

namespace apiserver {

// {"error":"..."}; with 503, when to come again.
net::Response page_error(unsigned status, std::string_view what);

}  // namespace apiserver
