// SPDX-License-Identifier: Apache-2.0
// Connects to a host by its name.
#pragma once

#include "net/connection.hpp"
#include "net/error.hpp"
#include "net/stages.hpp"
#include "net/task.hpp"
#include "net/tls/tls.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace net {

struct DialTarget {
    // A DNS name or an IP address, without brackets.
    std::string host;
    std::uint16_t port = 0;
    // nullptr: plain TCP.
    const TlsClient* tls = nullptr;
    // As Connection::connect takes them.
    std::string peer_name;
    ServerJudge* judge = nullptr;
};

// Looks the host up and tries its addresses in turn, kMaxDialled at most, until one is connected. The error
// is the last one's, and of its stage (net/stages.hpp). What target points to must outlive the task.
inline constexpr std::size_t kMaxDialled = 8;
Task<Result<Connection>> dial(DialTarget target, Deadline deadline, StageLimits limits);

// When a try must have ended so that the others get their turn. Each of the `tries` that remain, and what
// comes after them, has an equal part of the time that is left; the last try may take all of it.
Deadline share_of(Deadline deadline, std::size_t tries, Clock::time_point now);

}  // namespace net
