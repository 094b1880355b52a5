// SPDX-License-Identifier: Apache-2.0
// An HTTP/1.1 client of one server over one kept connection.
#pragma once

#include "net/connection.hpp"
#include "net/http/message.hpp"
#include "net/task.hpp"
#include "net/tls/tls.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace net {

struct Origin {
    // A DNS name or an IP address (without brackets).
    std::string host;
    std::uint16_t port = 443;
    // Unset: plain HTTP.
    std::optional<TlsClient> tls;
    // The name that the certificate must hold; empty: host.
    std::string server_name;

    // host:port, brackets around IPv6.
    std::string authority() const;
};

// Makes the connections of an HttpClient where a host and a port are not enough.
class Connector {
  public:
    virtual ~Connector() = default;
    virtual Task<Result<Connection>> connect(Deadline deadline, StageLimits limits) = 0;
    // The Host field for what connect() gave.
    virtual std::string authority() const = 0;
    // Once this is not what it was at connect(), the connection is not used any more.
    virtual std::uint64_t generation() const = 0;
};

struct ExchangeLimits {
    // The whole exchange, connecting included, ends by then.
    Deadline deadline = Deadline::max();
    StageLimits stages;
    std::size_t head_bytes = 64 * 1024;
    std::uint64_t body_bytes = 16 * 1024 * 1024;
};

// One exchange at a time. The connection is kept when both sides allow it; a kept connection that turns out
// to be closed before a byte of the answer came is replaced once, silently (GET is all we send on kept ones,
// or requests that are safe to repeat). Redirects are not followed. Bodies are handed on as they arrive,
// never inflated.
class HttpClient {
  public:
    HttpClient(Executor executor, Origin origin);
    // The connector must outlive it.
    HttpClient(Executor executor, Connector& connector);
    HttpClient(HttpClient&&) noexcept;
    HttpClient& operator=(HttpClient&&) noexcept;
    ~HttpClient();

    // Sends the request and writes the answer's body to the sink. `request` and `sink` must outlive the task.
    // A wait that was too long ends with the error of its stage (net/stages.hpp).
    Task<Result<ResponseHead>> exchange(const Request& request, BodySink& sink, ExchangeLimits limits);

    // host:port of the server, as its connector has it.
    std::string authority() const;
    // True while a connection is open.
    bool connected() const;
    // Drops the connection. Not during an exchange.
    void disconnect();

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace net
