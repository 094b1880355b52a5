// SPDX-License-Identifier: Apache-2.0
#include "net/http/server.hpp"

#include "net/event.hpp"
#include "net/http/session.hpp"
#include "net/limits/deadline_sweep.hpp"
#include "net/task_group.hpp"
#include "telemetry/log.hpp"

#include <list>

#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <sys/socket.h>

namespace net {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;

namespace {

// After a failed accept (no descriptors left, say) the next try waits, so that the loop does not spin.
constexpr std::chrono::milliseconds kAcceptPause{100};

// Nearly all chains of clients are smaller: a certificate takes 1 to 2 KiB.
constexpr std::size_t kFreeOfCertificates = 4096;

constexpr int kReceiveBuffer = 64 * 1024;

// When it fails, binding does, if that matters.
void share_port(int socket) {
    const int on = 1;
    ::setsockopt(socket, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
}

}  // namespace

bool is_loopback(const asio::ip::address& address) {
    if (address.is_v4()) return address.is_loopback();
    if (address.to_v6().is_v4_mapped())
        return asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6()).is_loopback();
    return address.is_loopback();
}

struct HttpServer::Impl {
    Impl(const Executor& e, ServerOptions o, std::optional<TlsServer> t, RequestHandler& h)
        : executor{e},
          options{std::move(o)},
          tls{std::move(t)},
          acceptor{e},
          pace{e, options.handshake_share},
          memory{options.request_bytes},
          certificates{options.certificate_bytes, kFreeOfCertificates},
          shares{options, h, admission, pace, memory, certificates, counts},
          sessions{e} {}

    Result<> bind(const tcp::endpoint& endpoint, bool dual_stack);
    // Neither stopped nor cancelled.
    Task<bool> wanted() const;
    Task<> accept_all();
    Task<> serve(tcp::socket socket);
    Task<> end_sessions();

    Executor executor;
    ServerOptions options;
    std::optional<TlsServer> tls;
    tcp::acceptor acceptor;
    Admission admission;
    HandshakePace pace;
    RequestMemory memory;
    RequestMemory certificates;
    ServerCounts counts;
    SessionShares shares;
    // A session ended, or the server is stopped.
    Event changed;
    TaskGroup sessions;
    std::list<HttpSession*> open;
    std::size_t connections = 0;
    bool stopping = false;
    std::chrono::milliseconds grace{0};
};

Result<> HttpServer::Impl::bind(const tcp::endpoint& endpoint, bool dual_stack) {
    Error error;
    tcp::acceptor fresh{executor};
    fresh.open(endpoint.protocol(), error);
    if (error) return error;
    fresh.set_option(tcp::acceptor::reuse_address{true}, error);
    if (options.share_port) share_port(fresh.native_handle());
    // Inherited by the connections. What came and is not read stays in the kernel, which would let it grow.
    if (!error) fresh.set_option(tcp::acceptor::receive_buffer_size{kReceiveBuffer}, error);
    if (dual_stack) fresh.set_option(asio::ip::v6_only{false}, error);
    if (!error) fresh.bind(endpoint, error);
    if (!error) fresh.listen(options.backlog, error);
    if (error) return error;
    acceptor = std::move(fresh);
    return {};
}

Task<bool> HttpServer::Impl::wanted() const {
    const asio::cancellation_state state = co_await asio::this_coro::cancellation_state;
    co_return !stopping && state.cancelled() == asio::cancellation_type::none;
}

Task<> HttpServer::Impl::accept_all() {
    while (co_await wanted()) {
        // Who was dropped needs a turn of the loop to end.
        if (connections > options.connections) {
            co_await changed.wait_until(Clock::time_point::max());
            continue;
        }
        Error error;
        tcp::socket socket{executor};
        co_await acceptor.async_accept(socket, asio::redirect_error(asio::use_awaitable, error));
        if (!co_await wanted()) break;
        if (error) {
            // It is tried again: another descriptor must come free.
            if (error == asio::error::no_descriptors) admission.drop_one();
            telemetry::paced_error("Failed to accept a connection", {{"err", error.message()}});
            co_await sleep_until(Clock::now() + kAcceptPause);
            continue;
        }
        const auto remote = socket.remote_endpoint(error);
        if (error || (options.loopback_only && !is_loopback(remote.address()))) continue;
        if (connections >= options.connections && !admission.drop_one()) {
            ++counts.dropped_connections;
            continue;
        }
        ++connections;
        sessions.spawn(serve(std::move(socket)));
    }
}

Task<> HttpServer::Impl::serve(tcp::socket socket) {
    // Counted down however this ends.
    struct Count {
        Impl& impl;
        ~Count() {
            --impl.connections;
            impl.changed.notify();
        }
    } const count{*this};

    HttpSession session{Connection::adopt(std::move(socket)), shares, tls};
    const auto place = open.insert(open.end(), &session);
    struct Leave {
        std::list<HttpSession*>& list;
        std::list<HttpSession*>::const_iterator place;
        ~Leave() { list.erase(place); }
    } const leave{open, place};
    if (stopping) session.stop();
    co_await session.run();
}

// Idle sessions end at once, busy ones after their answer or the grace, whichever is first.
Task<> HttpServer::Impl::end_sessions() {
    struct Grace final : DeadlineSweep::Entry {
        explicit Grace(TaskGroup& s) : sessions{s} {}
        void on_deadline() override { sessions.cancel(); }
        TaskGroup& sessions;
    } over{sessions};
    for (HttpSession* session : open) session->stop();
    DeadlineSweep::of(executor).add(over, Clock::now() + grace);
    co_await sessions.wait();
}

HttpServer::HttpServer(const Executor& executor, ServerOptions options, std::optional<TlsServer> tls,
                       RequestHandler& handler)
    : impl_{std::make_unique<Impl>(executor, std::move(options), std::move(tls), handler)} {}
HttpServer::~HttpServer() = default;

Result<> HttpServer::listen() {
    Error error;
    const auto address = asio::ip::make_address(impl_->options.address, error);
    if (error) return error;
    if (!address.is_unspecified()) return impl_->bind({address, impl_->options.port}, false);
    // One IPv6 socket takes both families; where the kernel has no IPv6, IPv4 alone.
    const Result<> both = impl_->bind({tcp::v6(), impl_->options.port}, true);
    if (both || both.error() != asio::error::address_family_not_supported) return both;
    return impl_->bind({tcp::v4(), impl_->options.port}, false);
}

std::uint16_t HttpServer::port() const {
    Error ignored;
    return impl_->acceptor.local_endpoint(ignored).port();
}

Task<> HttpServer::run() {
    // Cancelled, it stops without grace, and joins its sessions all the same.
    co_await asio::this_coro::throw_if_cancelled(false);
    co_await impl_->accept_all();
    stop(std::chrono::milliseconds{0});
    co_await asio::this_coro::reset_cancellation_state();
    Error ignored;
    impl_->acceptor.close(ignored);
    co_await impl_->end_sessions();
}

void HttpServer::stop(std::chrono::milliseconds grace) {
    if (impl_->stopping) return;
    impl_->stopping = true;
    impl_->grace = grace;
    Error ignored;
    impl_->acceptor.cancel(ignored);
    impl_->changed.notify();
}

void HttpServer::replace_tls(TlsServer tls) {
    impl_->tls = std::move(tls);
}
std::size_t HttpServer::open_connections() const {
    return impl_->connections;
}
ServerCounts HttpServer::counts() const {
    return impl_->counts;
}

}  // namespace net
