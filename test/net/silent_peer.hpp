// SPDX-License-Identifier: Apache-2.0
// Peers that fall silent, each at another stage of an exchange.
#pragma once

#include "net/look_ups.hpp"
#include "net/stages.hpp"
#include "net/task.hpp"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <netdb.h>
#include <sys/socket.h>

namespace test {

// Takes connections, as the kernel does for it, and says nothing.
class SilentPeer {
  public:
    using tcp = boost::asio::ip::tcp;

    explicit SilentPeer(boost::asio::io_context& loop)
        : acceptor_{loop, tcp::endpoint{boost::asio::ip::make_address("127.0.0.1"), 0}} {
        acceptor_.non_blocking(true);
    }

    std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
    // How many connections came.
    std::size_t connections() {
        for (;;) {
            boost::system::error_code none;
            tcp::socket socket{acceptor_.get_executor()};
            acceptor_.accept(socket, none);
            if (none) return taken_.size();
            taken_.push_back(std::move(socket));
        }
    }

  private:
    tcp::acceptor acceptor_;
    std::vector<tcp::socket> taken_;
};

// Takes no connection either: its queue is full, and the kernel leaves who comes waiting.
class FullPeer {
  public:
    using tcp = boost::asio::ip::tcp;

    explicit FullPeer(boost::asio::io_context& loop) : acceptor_{loop} {
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
    std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

  private:
    tcp::acceptor acceptor_;
    std::vector<tcp::socket> before_;
};

// A name server of which names that begin with "dead" get no answer until it is destroyed, those with "flaky"
// a failure first and then none. All others are 127.0.0.1, but for "none", which there is not.
class NameServer {
  public:
    NameServer() : state_{std::make_shared<State>()} {}
    ~NameServer() { revive(); }
    NameServer(const NameServer&) = delete;
    NameServer& operator=(const NameServer&) = delete;

    // Names are looked up there from now on. kept: for how long answers count.
    net::LookUps& serve(boost::asio::io_context& loop, std::chrono::seconds kept = std::chrono::seconds{30}) {
        net::LookUps::Function ask = [state = state_](const std::string& host) {
            return answer(*state, host);
        };
        return boost::asio::make_service<net::LookUps>(loop, std::move(ask), kept);
    }

    void revive() {
        const std::lock_guard lock{state_->mutex};
        state_->dead = false;
        state_->changed.notify_all();
    }
    // Waits until so many questions have been answered. False: they were not within 20 s.
    bool answered(std::size_t count) const {
        std::unique_lock lock{state_->mutex};
        return state_->changed.wait_for(lock, std::chrono::seconds{20},
                                        [&] { return state_->ended >= count; });
    }

  private:
    struct State {
        std::mutex mutex;
        std::condition_variable changed;
        bool dead = true;
        std::size_t ended = 0;
        std::set<std::string, std::less<>> failed;
    };

    static net::LookUps::Found answer(State& state, std::string_view host) {
        std::unique_lock lock{state.mutex};
        if (host.starts_with("flaky") && state.failed.emplace(host).second)
            return {{}, net::Error{EAI_AGAIN, net::look_up_category()}};
        // Bounded, so that a test that waits for it fails and does not hang.
        if (host.starts_with("dead") || host.starts_with("flaky"))
            state.changed.wait_for(lock, std::chrono::seconds{20}, [&state] { return !state.dead; });
        ++state.ended;
        state.changed.notify_all();
        if (host == "none") return {{}, make_error_code(net::Errc::unknown_host)};
        return {{boost::asio::ip::make_address("127.0.0.1")}, {}};
    }

    std::shared_ptr<State> state_;
};

}  // namespace test
