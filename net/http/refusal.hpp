// SPDX-License-Identifier: Apache-2.0
// Which requests the server answers itself, and how. For net's own .cpp files.
#pragma once

#include "net/http/message.hpp"

#include <optional>
#include <string_view>

namespace net {

// Text, and the end of the connection.
Response plain_answer(unsigned status, std::string_view text);

// Why a request with this head is not served, in the words of Go's net/http; nullopt: it is.
std::optional<Response> refusal(const Request& head);

// The answer to a request that could not be read; nullopt: HTTP has no word for it.
std::optional<Response> answer_to(Error why);

}  // namespace net
