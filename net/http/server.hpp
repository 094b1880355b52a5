// SPDX-License-Identifier: Apache-2.0
// An HTTP/1.1 server: listens, keeps connections, hands whole requests to a handler and sends its answers.
#pragma once

#include "net/http/message.hpp"
#include "net/task.hpp"
#include "net/tls/tls.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/ip/tcp.hpp>

namespace net {

// Whether it is this machine's alone, also as IPv6 writes an address of IPv4.
bool is_loopback(const boost::asio::ip::address& address);

class RequestHandler {
  public:
    virtual ~RequestHandler() = default;
    // An exception is logged and answered with a bare 500. Called for requests that were read whole.
    virtual Task<Response> respond(Request request) = 0;
};

struct ServerOptions {
    // An IP address; "0.0.0.0" and "::" listen on all addresses of both families (as --bind-address does).
    std::string address = "0.0.0.0";
    // 0: any free port, see HttpServer::port().
    std::uint16_t port = 0;
    // Go's http.Server as k8s.io/apiserver sets it up (pkg/server/secure_serving.go): 32 s, 90 s, 1 MiB.
    std::chrono::milliseconds handshake_timeout{10'000};
    std::chrono::milliseconds head_timeout{32'000};
    std::chrono::milliseconds body_timeout{60'000};
    std::chrono::milliseconds idle_timeout{90'000};
    // How long a client may take to read an answer: longer than this no request to a kube-apiserver lasts.
    std::chrono::milliseconds write_timeout{60'000};
    std::size_t head_bytes = 1024 * 1024;
    std::size_t body_bytes = 3 * 1024 * 1024;
    // Open connections. A further one takes the place of that which is worth least, see Admission.
    std::size_t connections = 4096;
    // What requests on their way may hold together, beside RequestMemory::kFree for each.
    std::size_t request_bytes = 16 * 1024 * 1024;
    // What the certificates of clients that proved nothing may take together, beside 4 KiB for each.
    std::size_t certificate_bytes = 2 * 1024 * 1024;
    // The share of a core's CPU time that TLS handshakes may take.
    double handshake_share = 0.25;
    int backlog = 1024;
    // Further servers may bind the same address and port: SO_REUSEPORT (--permit-port-sharing).
    bool share_port = false;
    // Refuse (close) clients whose address is not in 127.0.0.0/8 or ::1.
    bool loopback_only = false;
};

// Since the start.
struct ServerCounts {
    // Clients that did not get through the TLS handshake, or did not try.
    std::uint64_t handshake_errors = 0;
    // Connections that were closed to make room for others.
    std::uint64_t dropped_connections = 0;
};

// Uses the executor's one thread. The handler must outlive run().
class HttpServer {
  public:
    // tls unset: plain HTTP.
    HttpServer(const Executor& executor, ServerOptions options, std::optional<TlsServer> tls,
               RequestHandler& handler);
    ~HttpServer();

    // Binds and listens; the error names what failed. Call before run().
    Result<> listen();
    // The port that is listened on.
    std::uint16_t port() const;

    // Accepts and serves until stop(); then closes idle connections, lets the requests in flight end within
    // `grace`, cuts the rest, and returns with no child left.
    Task<> run();
    void stop(std::chrono::milliseconds grace = std::chrono::seconds{5});

    // For connections accepted from now on.
    void replace_tls(TlsServer tls);

    std::size_t open_connections() const;
    ServerCounts counts() const;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace net
