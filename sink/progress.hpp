// SPDX-License-Identifier: Apache-2.0
// What a sink has come to: counted since the start, for metrics, /debug/sinks and the log.
#pragma once

#include "sink/queue.hpp"

#include <cstdint>
#include <map>
#include <string>

namespace sink {

struct Progress {
    // Points that the receiver took, and those that it had already when they were sent again.
    std::uint64_t sent = 0;
    std::uint64_t already_there = 0;
    // Bytes of those, as they went over the wire.
    std::uint64_t sent_bytes = 0;
    // Points that it will not take, by reason.
    std::map<std::string, std::uint64_t> refused;
    // Batches that were to be sent again, by reason.
    std::map<std::string, std::uint64_t> retries;
    // Ticks that history had no more when they were to be written.
    std::uint64_t lost_ticks = 0;
    // The newest tick that was written to the queue, and the newest that is done with; 0: none.
    Seconds told = 0;
    Seconds done = 0;
    // Why nothing goes on; empty: it does.
    std::string trouble;
};

// What others may know of it.
struct Report {
    // Address::shown
    std::string name;
    Progress progress;
    Waiting waiting;
    // The age of the oldest tick that is not done with, seconds; 0: there is none.
    Seconds lag = 0;
};

}  // namespace sink
