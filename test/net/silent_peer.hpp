// SPDX-License-Identifier: Apache-2.0
// Peers that fall silent, each at another stage of an exchange.
#pragma once

#include "net/look_ups.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace test {

// Takes connections, as the kernel does for it, and says nothing.
class SilentPeer {
  public:
    using tcp = boost::asio::ip::tcp;

    explicit SilentPeer(boost::asio::io_context& loop);

    std::uint16_t port() const;
    // How many connections came.
    std::size_t connections();

  private:
    tcp::acceptor acceptor_;
    std::vector<tcp::socket> taken_;
};

// Takes no connection either: its queue is full, and the kernel leaves who comes waiting.
class FullPeer {
  public:
    using tcp = boost::asio::ip::tcp;

    explicit FullPeer(boost::asio::io_context& loop);

    std::uint16_t port() const;

  private:
    tcp::acceptor acceptor_;
    std::vector<tcp::socket> before_;
};

// A name server of which names that begin with "dead" get no answer until it is destroyed, those with "flaky"
// a failure first and then none. All others are 127.0.0.1, but for "none", which there is not.
class NameServer {
  public:
    NameServer();
    ~NameServer();
    NameServer(const NameServer&) = delete;
    NameServer& operator=(const NameServer&) = delete;

    // Names are looked up there from now on. kept: for how long answers count.
    net::LookUps& serve(boost::asio::io_context& loop, std::chrono::seconds kept = std::chrono::seconds{30});

    void revive();
    // Waits until so many questions have been answered. False: they were not within 20 s.
    bool answered(std::size_t count) const;

  private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace test
