// SPDX-License-Identifier: Apache-2.0
// Names to addresses, off the event loop.
#pragma once

#include "net/error.hpp"
#include "net/task.hpp"

#include <cstdint>
#include <string>
#include <vector>

#include <boost/asio/ip/tcp.hpp>

namespace net {

// The addresses of a name, in the system's order; an IP address is itself and costs nothing. getaddrinfo()
// runs off the loop (net/look_ups.hpp); an answer is kept for 30 s. TimedOut::look_up, Errc::unknown_host,
// what getaddrinfo() says (look_up_category()), or Errc::overloaded when too many look-ups are waiting.
Task<Result<std::vector<boost::asio::ip::tcp::endpoint>>> resolve(std::string host, std::uint16_t port,
                                                                  Deadline deadline);

}  // namespace net
