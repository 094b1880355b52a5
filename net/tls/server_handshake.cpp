// SPDX-License-Identifier: Apache-2.0
#include "net/tls/server_handshake.hpp"

namespace net {

ServerHandshake::ServerHandshake(Connection& connection, TlsServer tls, HandshakePace& pace,
                                 const Admission::Guest& guest)
    : connection_{connection}, tls_{std::move(tls)}, pace_{pace}, guest_{guest} {}

// The client speaks first: before it does there is nothing to do, and nothing to keep.
Task<Result<>> ServerHandshake::run(Deadline deadline) {
    while (outcome_ && *outcome_ != Connection::Handshake::done) {
        Result<> ready = co_await connection_.wait_for(*outcome_, deadline);
        if (!ready) co_return ready.error();
        taken_ = false;
        pace_.ask(*this);
        while (!taken_ && !stopped_ && Clock::now() < deadline) co_await changed_.wait_until(deadline);
        if (stopped_) co_return make_error_code(Errc::stopped);
        if (!taken_) co_return make_error_code(Errc::timeout);
    }
    if (!outcome_) co_return outcome_.error();
    co_return Result<>{};
}

void ServerHandshake::stop() {
    stopped_ = true;
    changed_.notify();
}

void ServerHandshake::take() {
    outcome_ = connection_.shake_hands(tls_);
    taken_ = true;
    changed_.notify();
}

}  // namespace net
