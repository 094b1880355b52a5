// SPDX-License-Identifier: Apache-2.0
// HTTP/1.1 messages to bytes, without a socket.
#pragma once

#include "net/http/message.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace net {

// Appends the head of a request; Host and Content-Length (for bodies, and for methods that carry one) are
// added.
void write_request_head(std::string& out, const Request& request, std::string_view authority);

// How the end of an answer's body is told.
enum class Framing { length, chunked, until_close };

// Appends the head of an answer: the status line, the fields, Date, and what framing and keep_alive call for.
void write_response_head(std::string& out, const Response& response, int version, Framing framing,
                         std::size_t length, bool keep_alive, std::string_view date);

// Turns out[from..] into one chunk of a chunked body, in place. Nothing for an empty one.
void frame_chunk(std::string& out, std::size_t from);
inline constexpr std::string_view kLastChunk = "0\r\n\r\n";

// Whether this status carries no body and no Content-Length (RFC 9110, 15).
bool without_body(unsigned status);

}  // namespace net
