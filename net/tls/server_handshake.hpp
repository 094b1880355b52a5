// SPDX-License-Identifier: Apache-2.0
// The server's side of one TLS handshake.
#pragma once

#include "net/connection.hpp"
#include "net/event.hpp"
#include "net/limits/admission.hpp"
#include "net/limits/handshake_pace.hpp"

namespace net {

class ServerHandshake final : HandshakePace::Step {
  public:
    // All must outlive it; `guest`: whose connection this is.
    ServerHandshake(Connection& connection, TlsServer tls, HandshakePace& pace,
                    const Admission::Guest& guest);

    // Until it is done, or failed, or the deadline is over.
    Task<Result<>> run(Deadline deadline);
    // Ends it with Errc::stopped; the connection has to be interrupted as well.
    void stop();

  private:
    void take() override;
    std::size_t crowd() const override { return guest_.crowd(); }

    Connection& connection_;
    TlsServer tls_;
    HandshakePace& pace_;
    const Admission::Guest& guest_;
    Result<Connection::Handshake> outcome_ = Connection::Handshake::reads;
    bool taken_ = false;
    bool stopped_ = false;
    // The step was taken, or this is stopped.
    Event changed_;
};

}  // namespace net
