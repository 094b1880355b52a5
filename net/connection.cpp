// SPDX-License-Identifier: Apache-2.0
#include "net/connection.hpp"

#include "net/limits/deadline_sweep.hpp"
#include "net/tls/client_chain.hpp"
#include "net/tls/handshake.hpp"
#include "net/tls/openssl.hpp"

#include <cerrno>

#include <boost/asio/error.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <openssl/err.h>

#include <sys/socket.h>

namespace net {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;

// What a step of the connection needs before it can be repeated.
enum class Wants { nothing, readable, writable };

struct Connection::Impl final : DeadlineSweep::Entry {
    explicit Impl(tcp::socket s) : socket{std::move(s)} { socket.non_blocking(true); }

    void on_deadline() override {
        timed_out = true;
        boost::system::error_code ignored;
        socket.cancel(ignored);
    }

    Task<Result<>> wait(Wants wants, Deadline deadline);

    // One attempt each: a count, or what to wait for, or the error.
    struct Step {
        std::size_t done = 0;
        Wants wants = Wants::nothing;
        Error error;
    };
    Step read_step(std::span<char> into);
    Step write_step(std::string_view bytes);
    Step handshake_step();
    Step tls_outcome(int returned);
    Step socket_outcome(ssize_t returned);
    Task<Result<>> handshake(Deadline deadline);

    tcp::socket socket;
    SslPtr ssl;
    PeerCertificate client;
    bool timed_out = false;
    bool interrupted = false;
};

Task<Result<>> Connection::Impl::wait(Wants wants, Deadline deadline) {
    if (interrupted) co_return make_error_code(Errc::stopped);
    if (deadline <= Clock::now()) co_return make_error_code(Errc::timeout);
    timed_out = false;
    if (deadline != Deadline::max()) DeadlineSweep::of(socket.get_executor()).add(*this, deadline);
    boost::system::error_code error;
    const auto kind = wants == Wants::writable ? tcp::socket::wait_write : tcp::socket::wait_read;
    co_await socket.async_wait(kind, asio::redirect_error(asio::use_awaitable, error));
    DeadlineSweep::remove(*this);
    if (interrupted) co_return make_error_code(Errc::stopped);
    if (timed_out) co_return make_error_code(Errc::timeout);
    if (error) co_return error;
    co_return Result<>{};
}

Connection::Impl::Step Connection::Impl::tls_outcome(int returned) {
    switch (SSL_get_error(ssl.get(), returned)) {
        case SSL_ERROR_WANT_READ:
            return {0, Wants::readable, {}};
        case SSL_ERROR_WANT_WRITE:
            return {0, Wants::writable, {}};
        case SSL_ERROR_ZERO_RETURN:
            return {0, Wants::nothing, make_error_code(Errc::closed)};
        case SSL_ERROR_SYSCALL:
            // Reset, or closed without close_notify: message framing tells whether anything is missing.
            return {
                0, Wants::nothing,
                errno != 0 ? Error{errno, boost::system::system_category()} : make_error_code(Errc::closed)};
        default:
            break;
    }
    const unsigned long code = ERR_get_error();
    ERR_clear_error();
    if (ERR_GET_REASON(code) == SSL_R_UNEXPECTED_EOF_WHILE_READING)
        return {0, Wants::nothing, make_error_code(Errc::closed)};
    if (ERR_GET_REASON(code) == SSL_R_WRONG_VERSION_NUMBER || ERR_GET_REASON(code) == SSL_R_HTTP_REQUEST)
        return {0, Wants::nothing, make_error_code(Errc::not_tls)};
    return {0, Wants::nothing, Error{static_cast<int>(code), tls_category()}};
}

Connection::Impl::Step Connection::Impl::socket_outcome(ssize_t returned) {
    if (returned >= 0) return {static_cast<std::size_t>(returned), Wants::nothing, {}};
    return {0, Wants::nothing, Error{errno, boost::system::system_category()}};
}

Connection::Impl::Step Connection::Impl::read_step(std::span<char> into) {
    if (ssl) {
        ERR_clear_error();
        errno = 0;
        std::size_t done = 0;
        const int returned = SSL_read_ex(ssl.get(), into.data(), into.size(), &done);
        return returned == 1 ? Step{done, Wants::nothing, {}} : tls_outcome(returned);
    }
    const ssize_t got = ::recv(socket.native_handle(), into.data(), into.size(), 0);
    if (got == 0) return {0, Wants::nothing, make_error_code(Errc::closed)};
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return {0, Wants::readable, {}};
    return socket_outcome(got);
}

Connection::Impl::Step Connection::Impl::write_step(std::string_view bytes) {
    if (ssl) {
        ERR_clear_error();
        errno = 0;
        std::size_t done = 0;
        const int returned = SSL_write_ex(ssl.get(), bytes.data(), bytes.size(), &done);
        return returned == 1 ? Step{done, Wants::nothing, {}} : tls_outcome(returned);
    }
    const ssize_t sent = ::send(socket.native_handle(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && (errno == EAGAIN || errno == EINTR)) return {0, Wants::writable, {}};
    return socket_outcome(sent);
}

Connection::Impl::Step Connection::Impl::handshake_step() {
    ERR_clear_error();
    errno = 0;
    const int returned = SSL_do_handshake(ssl.get());
    if (returned == 1) return {};
    // Asked before SSL_get_error, which empties the queue that holds "certificate verify failed".
    const long verified = SSL_get_verify_result(ssl.get());
    Step step = tls_outcome(returned);
    if (step.error && verified != X509_V_OK && SSL_is_server(ssl.get()) == 0)
        step.error = Error{static_cast<int>(verified), certificate_category()};
    return step;
}

Task<Result<>> Connection::Impl::handshake(Deadline deadline) {
    for (;;) {
        const Step step = handshake_step();
        if (step.error) co_return step.error;
        if (step.wants == Wants::nothing) co_return Result<>{};
        Result<> ready = co_await wait(step.wants, deadline);
        if (!ready) co_return ready.error();
    }
}

Connection::Connection(std::unique_ptr<Impl> impl) : impl_{std::move(impl)} {}
Connection::Connection(Connection&&) noexcept = default;
Connection& Connection::operator=(Connection&&) noexcept = default;
Connection::~Connection() = default;

Task<Result<Connection>> Connection::connect(tcp::endpoint to, const TlsClient* tls, std::string peer_name,
                                             Deadline deadline, ServerJudge* judge, StageLimits limits) {
    tcp::socket socket{co_await asio::this_coro::executor};
    boost::system::error_code error;
    socket.open(to.protocol(), error);
    if (error) co_return error;
    Connection connection{std::make_unique<Impl>(std::move(socket))};
    Impl& impl = *connection.impl_;
    impl.socket.set_option(tcp::no_delay{true}, error);
    keep_alive(impl.socket.native_handle());

    const int begun = ::connect(impl.socket.native_handle(), to.data(), static_cast<socklen_t>(to.size()));
    if (begun != 0 && errno != EINPROGRESS) co_return Error{errno, boost::system::system_category()};
    if (begun != 0) {
        Result<> ready = co_await impl.wait(Wants::writable, within(deadline, limits.connect));
        if (!ready) co_return of_stage(ready.error(), TimedOut::connect);
        int failure = 0;
        socklen_t size = sizeof failure;
        ::getsockopt(impl.socket.native_handle(), SOL_SOCKET, SO_ERROR, &failure, &size);
        if (failure != 0) co_return Error{failure, boost::system::system_category()};
    }
    if (!tls) co_return connection;

    deadline = within(deadline, limits.handshake);
    impl.ssl.reset(SSL_new(tls->impl()->context.get()));
    if (!impl.ssl) co_return tls_failure();
    SSL_set_fd(impl.ssl.get(), impl.socket.native_handle());
    SSL_set_connect_state(impl.ssl.get());
    send_name(impl.ssl.get(), peer_name);
    if (!tls->impl()->insecure && judge) co_return co_await judged(std::move(connection), *judge, deadline);
    if (!tls->impl()->insecure) expect_name(impl.ssl.get(), peer_name);
    Result<> shaken = co_await impl.handshake(deadline);
    if (!shaken) co_return of_stage(shaken.error(), TimedOut::handshake);
    co_return connection;
}

Task<Result<Connection>> Connection::judged(Connection connection, ServerJudge& judge, Deadline deadline) {
    SSL* ssl = connection.impl_->ssl.get();
    JudgedHandshake handshake{judge, {}};
    SSL_set_ex_data(ssl, judged_handshake_index(), &handshake);
    Result<> shaken = co_await connection.impl_->handshake(deadline);
    SSL_set_ex_data(ssl, judged_handshake_index(), nullptr);
    if (handshake.verdict) co_return handshake.verdict;
    if (!shaken) co_return of_stage(shaken.error(), TimedOut::handshake);
    co_return connection;
}

Connection Connection::adopt(tcp::socket socket) {
    Connection connection{std::make_unique<Impl>(std::move(socket))};
    boost::system::error_code ignored;
    connection.impl_->socket.set_option(tcp::no_delay{true}, ignored);
    return connection;
}

Result<Connection::Handshake> Connection::shake_hands(const TlsServer& tls) {
    if (!impl_->ssl) {
        impl_->ssl.reset(SSL_new(tls.impl()->context.get()));
        if (!impl_->ssl) return tls_failure();
        put_client_chain_into(impl_->ssl.get(), impl_->client);
        SSL_set_fd(impl_->ssl.get(), impl_->socket.native_handle());
        SSL_set_accept_state(impl_->ssl.get());
    }
    const Impl::Step step = impl_->handshake_step();
    if (step.error == Errc::not_tls) answer_plain_http(impl_->socket.native_handle());
    if (step.error) return step.error;
    if (step.wants == Wants::nothing) return Handshake::done;
    return step.wants == Wants::writable ? Handshake::writes : Handshake::reads;
}

Task<Result<std::size_t>> Connection::read_some(std::span<char> into, Deadline deadline) {
    for (;;) {
        const Impl::Step step = impl_->read_step(into);
        if (step.error) co_return step.error;
        if (step.wants == Wants::nothing) co_return step.done;
        Result<> ready = co_await impl_->wait(step.wants, deadline);
        if (!ready) co_return ready.error();
    }
}

Result<std::size_t> Connection::try_read(std::span<char> into) {
    const Impl::Step step = impl_->read_step(into);
    if (step.error) return step.error;
    return step.done;
}

Task<Result<>> Connection::write(std::string_view bytes, Deadline deadline) {
    while (!bytes.empty()) {
        const Impl::Step step = impl_->write_step(bytes);
        if (step.error) co_return step.error;
        bytes.remove_prefix(step.done);
        if (step.wants == Wants::nothing) continue;
        Result<> ready = co_await impl_->wait(step.wants, deadline);
        if (!ready) co_return ready.error();
    }
    co_return Result<>{};
}

Task<Result<>> Connection::wait_readable(Deadline deadline) {
    if (impl_->ssl && SSL_has_pending(impl_->ssl.get()) == 1) co_return Result<>{};
    co_return co_await impl_->wait(Wants::readable, deadline);
}

// Not wait_readable(): of a record that came in part, OpenSSL says that there is something to read.
Task<Result<>> Connection::wait_for(Handshake wants, Deadline deadline) {
    const Wants kind = wants == Handshake::writes ? Wants::writable : Wants::readable;
    co_return co_await impl_->wait(kind, deadline);
}

void Connection::close() {
    if (impl_->ssl && SSL_is_init_finished(impl_->ssl.get()) == 1) {
        ERR_clear_error();
        SSL_shutdown(impl_->ssl.get());
        ERR_clear_error();
    }
    boost::system::error_code ignored;
    impl_->socket.shutdown(tcp::socket::shutdown_both, ignored);
    impl_->socket.close(ignored);
}

void Connection::interrupt() {
    impl_->interrupted = true;
    boost::system::error_code ignored;
    impl_->socket.cancel(ignored);
}

PeerCertificate Connection::peer_certificate() const {
    return impl_->client;
}

tcp::endpoint Connection::local() const {
    boost::system::error_code ignored;
    return impl_->socket.local_endpoint(ignored);
}

tcp::endpoint Connection::remote() const {
    boost::system::error_code ignored;
    return impl_->socket.remote_endpoint(ignored);
}

}  // namespace net
