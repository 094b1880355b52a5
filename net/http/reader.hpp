// SPDX-License-Identifier: Apache-2.0
// HTTP/1.1 messages from bytes, without a socket: fed any split of the bytes, the readers give the same
// message.
#pragma once

#include "net/http/message.hpp"

#include <cstddef>
#include <memory>
#include <string_view>

namespace net {

// A field of a few bytes takes many times that in memory. (Users may be in a thousand groups, each a field.)
inline constexpr std::size_t kMaxFields = 4096;

// Reads one request. For the next one on the same connection make another.
class RequestReader {
  public:
    RequestReader(std::size_t head_bytes, std::size_t body_bytes);
    RequestReader(RequestReader&&) noexcept;
    ~RequestReader();

    // Takes bytes of the connection and says how many of them were used; the rest must be offered again,
    // followed by more. Errors: Errc::bad_message, head_too_large, body_too_large.
    Result<std::size_t> feed(std::string_view bytes);
    bool begun() const;
    bool head_done() const;
    bool done() const;
    // About how many bytes the request takes so far.
    std::size_t bytes() const;
    // After the head: the client waits for "100 Continue" before it sends the body.
    bool expects_continue() const;
    // After the head: the client lets the connection be kept.
    bool keep_alive() const;
    // Once the head is done; without its body.
    const Request& request() const;
    // Once done (or, without its body, once the head is).
    Request take();

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

// Reads one response and hands its body to the sink as it comes. No byte of the body is copied or kept.
class ResponseReader {
  public:
    // head_request: the answer has no body whatever its head says.
    ResponseReader(std::size_t head_bytes, std::uint64_t body_bytes, BodySink& sink, bool head_request);
    ResponseReader(ResponseReader&&) noexcept;
    ~ResponseReader();

    // As RequestReader::feed. An error of the sink comes back as it is.
    Result<std::size_t> feed(std::string_view bytes);
    // The peer closed: the end of a body without length, else Errc::cut_short (or closed, when nothing came).
    Result<> end_of_stream();
    bool begun() const;
    bool head_done() const;
    bool done() const;
    // Once the head is done.
    const ResponseHead& head() const;
    ResponseHead take_head();

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace net
