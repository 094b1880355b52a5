// SPDX-License-Identifier: Apache-2.0
#include "test/net/silent_peer.hpp"

#include "net/stages.hpp"

#include <condition_variable>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include <netdb.h>
#include <sys/socket.h>

namespace test {

SilentPeer::SilentPeer(boost::asio::io_context& loop)
    : acceptor_{loop, tcp::endpoint{boost::asio::ip::make_address("127.0.0.1"), 0}} {
    acceptor_.non_blocking(true);
}

std::uint16_t SilentPeer::port() const {
    return acceptor_.local_endpoint().port();
}

std::size_t SilentPeer::connections() {
    for (;;) {
        boost::system::error_code none;
        tcp::socket socket{acceptor_.get_executor()};
        acceptor_.accept(socket, none);
        if (none) return taken_.size();
        taken_.push_back(std::move(socket));
    }
}

FullPeer::FullPeer(boost::asio::io_context& loop) : acceptor_{loop} {
    acceptor_.open(tcp::v4());
    acceptor_.bind({boost::asio::ip::make_address("127.0.0.1"), 0});
    acceptor_.listen(0);
    for (int i = 0; i < 4; ++i) {
        tcp::socket& socket = before_.emplace_back(loop, tcp::v4());
        socket.native_non_blocking(true);
        const tcp::endpoint to = acceptor_.local_endpoint();
        // In progress, mostly for ever.
        (void)::connect(socket.native_handle(), to.data(), static_cast<socklen_t>(to.size()));
    }
}

std::uint16_t FullPeer::port() const {
    return acceptor_.local_endpoint().port();
}

struct NameServer::State {
    net::LookUps::Found answer(std::string_view host) {
        std::unique_lock lock{mutex};
        if (host.starts_with("flaky") && failed.emplace(host).second)
            return {{}, net::Error{EAI_AGAIN, net::look_up_category()}};
        // Bounded, so that a test that waits for it fails and does not hang.
        if (host.starts_with("dead") || host.starts_with("flaky"))
            changed.wait_for(lock, std::chrono::seconds{20}, [this] { return !dead; });
        ++ended;
        changed.notify_all();
        if (host == "none") return {{}, make_error_code(net::Errc::unknown_host)};
        return {{boost::asio::ip::make_address("127.0.0.1")}, {}};
    }

    std::mutex mutex;
    std::condition_variable changed;
    bool dead = true;
    std::size_t ended = 0;
    std::set<std::string, std::less<>> failed;
};

NameServer::NameServer() : state_{std::make_shared<State>()} {}

NameServer::~NameServer() {
    revive();
}

net::LookUps& NameServer::serve(boost::asio::io_context& loop, std::chrono::seconds kept) {
    net::LookUps::Function ask = [state = state_](const std::string& host) { return state->answer(host); };
    return boost::asio::make_service<net::LookUps>(loop, std::move(ask), kept);
}

void NameServer::revive() {
    const std::lock_guard lock{state_->mutex};
    state_->dead = false;
    state_->changed.notify_all();
}

bool NameServer::answered(std::size_t count) const {
    std::unique_lock lock{state_->mutex};
    return state_->changed.wait_for(lock, std::chrono::seconds{20}, [&] { return state_->ended >= count; });
}

}  // namespace test
