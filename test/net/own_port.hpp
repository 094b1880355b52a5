// SPDX-License-Identifier: Apache-2.0
// A port where nobody listens yet, or any more.
#pragma once

#include <cstdint>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>

namespace test {

// A TCP port of loopback that nobody else uses or is given while this lives. One that was bound to 0 and
// closed lies where the kernel takes ports for outgoing connections from: the next one may have it, also the
// very one that is to be refused there (it would be connected to itself). A UDP socket on the same number
// holds it, as in test/ports.py.
class OwnPort {
  public:
    OwnPort();

    std::uint16_t number() const { return number_; }

  private:
    bool hold();

    boost::asio::io_context loop_{1};
    boost::asio::ip::udp::socket holder_{loop_};
    std::uint16_t number_ = 0;
};

}  // namespace test
