// SPDX-License-Identifier: Apache-2.0
// HTTP/1.1 messages as values, and the two ends of a streamed body.
#pragma once

#include "net/error.hpp"
#include "net/task.hpp"
#include "net/tls/certificate.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/asio/ip/tcp.hpp>

namespace net {

// Header fields in the order they came. Names compare without case (RFC 9110, 5.1).
class Headers {
  public:
    using Field = std::pair<std::string, std::string>;

    void add(std::string_view name, std::string_view value);
    // Replaces every field of that name.
    void set(std::string_view name, std::string_view value);
    void remove(std::string_view name);

    // The first value; nullopt when there is none.
    std::optional<std::string_view> find(std::string_view name) const;
    std::vector<std::string_view> all(std::string_view name) const;
    bool contains(std::string_view name) const { return find(name).has_value(); }
    // Whether a comma-separated list field holds the token, without case.
    bool has_token(std::string_view name, std::string_view token) const;

    auto begin() const { return fields_.begin(); }
    auto end() const { return fields_.end(); }
    void clear() { fields_.clear(); }

  private:
    std::vector<Field> fields_;
};

bool equal_ignoring_case(std::string_view a, std::string_view b);

// A request as it came (server) or is to be sent (client: method, target, headers and body matter; Host,
// Content-Length and Connection are written for you).
struct Request {
    std::string method = "GET";
    std::string target = "/";
    // 11 or 10.
    int version = 11;
    Headers headers;
    std::string body;

    // Server only.
    PeerCertificate certificate;
    boost::asio::ip::tcp::endpoint local;
    boost::asio::ip::tcp::endpoint remote;
    Clock::time_point received_at{};
};

// Whether a streamed body goes on. (Not a bool: Result<bool> cannot be made from an error code.)
enum class Piece { more, last };

// The source of a streamed body, read piece by piece.
class BodySource {
  public:
    virtual ~BodySource() = default;
    // Appends the next piece (some tens of KiB) to `out`; the last one may be empty. An error cuts the
    // connection, so that the receiver sees an incomplete message.
    virtual Task<Result<Piece>> next(std::string& out) = 0;
};

// An answer. Content-Length or chunked framing, and Connection, are written for you; when `source` is set the
// message is `body` followed by what the source gives.
struct Response {
    unsigned status = 200;
    Headers headers;
    std::string body;
    std::unique_ptr<BodySource> source;
    // Close the connection after this answer.
    bool close = false;
    // The client has shown who it is, and may ask this: its connection is kept rather than that of others.
    bool client_proven = false;
    // A client that has not taken it by then is cut off.
    Deadline send_by = Deadline::max();
    // Destroyed when the answer has been sent, or was dropped on the way.
    std::shared_ptr<const void> held;
};

struct ResponseHead {
    unsigned status = 0;
    Headers headers;
    bool keep_alive = false;
};

// Takes a body as it arrives.
class BodySink {
  public:
    virtual ~BodySink() = default;
    // The head came. An error ends the exchange with it.
    virtual Result<> head(const ResponseHead&) { return {}; }
    // The next piece; valid during the call only. An error ends the exchange with it.
    virtual Result<> body(std::string_view piece) = 0;
};

// Keeps the whole body, up to a limit (then Errc::body_too_large).
class StringSink final : public BodySink {
  public:
    explicit StringSink(std::size_t limit) : limit_{limit} {}
    Result<> body(std::string_view piece) override;
    std::string& text() { return text_; }

  private:
    std::size_t limit_;
    std::string text_;
};

}  // namespace net
