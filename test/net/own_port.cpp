// SPDX-License-Identifier: Apache-2.0
#include "test/net/own_port.hpp"

#include <fstream>
#include <random>
#include <stdexcept>

#include <boost/asio/ip/tcp.hpp>

namespace test {
namespace {

// Below the usual range, and below the NodePorts of a cluster on the same machine.
constexpr std::uint16_t kFirst = 20'000;
constexpr std::uint16_t kLast = 29'999;

bool outgoing(std::uint16_t port) {
    unsigned first = 32'768;
    unsigned last = 60'999;
    std::ifstream{"/proc/sys/net/ipv4/ip_local_port_range"} >> first >> last;
    // Where all of ours are in it, they must do.
    return first <= port && port <= last && !(first <= kFirst && kLast <= last);
}

}  // namespace

OwnPort::OwnPort() {
    std::random_device chance;
    std::uniform_int_distribution<std::uint16_t> port{kFirst, kLast};
    for (int tries = 0; tries < 10'000; ++tries) {
        number_ = port(chance);
        if (!outgoing(number_) && hold()) return;
    }
    throw std::runtime_error{"no port is free"};
}

bool OwnPort::hold() {
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

}  // namespace test
