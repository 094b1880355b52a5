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
// runs on a few threads of the execution context's own, so that a dead DNS server stalls neither the loop
// nor, soon, other names; an answer is kept for 30 s. Errc::unknown_host, Errc::timeout, or Errc::overloaded
// when too many look-ups are waiting.
Task<Result<std::vector<boost::asio::ip::tcp::endpoint>>> resolve(std::string host, std::uint16_t port,
                                                                  Deadline deadline);

}  // namespace net
