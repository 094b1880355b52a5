// SPDX-License-Identifier: Apache-2.0
// One TCP connection, with TLS unless asked otherwise: the only code that touches a socket.
//
// TLS is raw (SSL_set_fd on a non-blocking socket, readiness waits, SSL_MODE_RELEASE_BUFFERS): 24 to 27 KiB a
// connection where asio::ssl::stream keeps 94. Deadlines of all connections share one timer, which runs to
// the earliest: a wait ends at most kDeadlineTick late, and costs no timer of its own.
#pragma once

#include "net/error.hpp"
#include "net/stages.hpp"
#include "net/task.hpp"
#include "net/tls/certificate.hpp"
#include "net/tls/tls.hpp"

#include <chrono>
#include <memory>
#include <span>
#include <string_view>

#include <boost/asio/ip/tcp.hpp>

namespace net {

inline constexpr std::chrono::milliseconds kDeadlineTick{50};

// The process must ignore SIGPIPE: OpenSSL writes with plain write(2).
// Not thread safe: used from its executor's thread, by at most one reader and one writer, never both at a
// time. Destroying it closes the socket at once; close() says goodbye first.
class Connection {
  public:
    struct Impl;

    // Connects, and for TLS shakes hands and verifies the server's chain and its name: `peer_name` is a DNS
    // name or an IP address, which must stand in the certificate. With a judge that one decides instead, and
    // the name only goes along. Nothing is sent before that succeeded. tls == nullptr: plain TCP.
    // TimedOut::connect or TimedOut::handshake when it takes too long.
    static Task<Result<Connection>> connect(boost::asio::ip::tcp::endpoint to, const TlsClient* tls,
                                            std::string peer_name, Deadline deadline,
                                            ServerJudge* judge = nullptr, StageLimits limits = {});

    // Takes a connection that a listener accepted.
    static Connection adopt(boost::asio::ip::tcp::socket socket);

    // What a handshake needs before its next step.
    enum class Handshake { done, reads, writes };
    // A step of the server's side of a TLS handshake, without waiting. A client that speaks plain HTTP is
    // answered as Go's server does and gives Errc::not_tls.
    Result<Handshake> shake_hands(const TlsServer& tls);
    // Waits for what the next step needs.
    Task<Result<>> wait_for(Handshake wants, Deadline deadline);

    Connection(Connection&&) noexcept;
    Connection& operator=(Connection&&) noexcept;
    ~Connection();

    // At least one byte, at most into.size(). Errc::closed at the end of the stream.
    Task<Result<std::size_t>> read_some(std::span<char> into, Deadline deadline);

    // What has already arrived, without waiting; 0: nothing. Errc::closed at the end of the stream.
    Result<std::size_t> try_read(std::span<char> into);

    // All of it.
    Task<Result<>> write(std::string_view bytes, Deadline deadline);

    // Waits until the peer has sent something or closed; reads nothing.
    Task<Result<>> wait_readable(Deadline deadline);

    // Sends close_notify without waiting for an answer, and closes.
    void close();

    // Ends a wait of the reader or writer with Errc::stopped. The connection is good for closing only.
    void interrupt();

    // For an adopted connection: what the client showed in the handshake, if anything.
    PeerCertificate peer_certificate() const;
    boost::asio::ip::tcp::endpoint local() const;
    boost::asio::ip::tcp::endpoint remote() const;

  private:
    static Task<Result<Connection>> judged(Connection connection, ServerJudge& judge, Deadline deadline);

    explicit Connection(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace net
