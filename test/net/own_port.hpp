// SPDX-License-Identifier: Apache-2.0
// A port where nobody listens yet, or any more.
#pragma once

#include <cstdint>
#include <fstream>
#include <random>
#include <stdexcept>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>

namespace test {

// A TCP port of loopback that nobody else uses or is given while this lives. One that was bound to 0 and
// closed lies where the kernel takes ports for outgoing connections from: the next one may have it, also the
// very one that is to be refused there (it would be connected to itself). A UDP socket on the same number
// holds it, as in test/ports.py.
class OwnPort {
  public:
    OwnPort() {
        std::random_device chance;
        std::uniform_int_distribution<std::uint16_t> port{kFirst, kLast};
        for (int tries = 0; tries < 10'000; ++tries) {
            number_ = port(chance);
            if (!outgoing(number_) && hold()) return;
        }
        throw std::runtime_error{"no port is free"};
    }

    std::uint16_t number() const { return number_; }

  private:
    // Below the usual range, and below the NodePorts of a cluster on the same machine.
    static constexpr std::uint16_t kFirst = 20'000;
    static constexpr std::uint16_t kLast = 29'999;

    static bool outgoing(std::uint16_t port) {
        unsigned first = 32'768;
        unsigned last = 60'999;
        std::ifstream{"/proc/sys/net/ipv4/ip_local_port_range"} >> first >> last;
        // Where all of ours are in it, they must do.
        return first <= port && port <= last && !(first <= kFirst && kLast <= last);
    }

    bool hold() {
        namespace ip = boost::asio::ip;
        boost::system::error_code error;
        holder_.close(error);
        holder_.open(ip::udp::v4(), error);
        holder_.bind({ip::address_v4::loopback(), number_}, error);
        if (error) return false;
        ip::tcp::socket probe{loop_, ip::tcp::v4()};
        probe.bind({ip::address_v4::any(), number_}, error);
        return !error;
    }

    boost::asio::io_context loop_{1};
    boost::asio::ip::udp::socket holder_{loop_};
    std::uint16_t number_ = 0;
};

}  // namespace test
