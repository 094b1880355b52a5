// SPDX-License-Identifier: Apache-2.0
// What is sent at once: points of one tick, as a receiver takes them.
#pragma once

#include "sink/row.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace sink {

struct Batch {
    // Which: the tick, and the number within it, from 0.
    Seconds tick = 0;
    std::uint32_t number = 0;
    // The last of its tick.
    bool last = false;
    std::uint32_t points = 0;
    // As it goes over the wire.
    std::string body;
};

// What became of a batch that was offered.
struct Verdict {
    enum class Fate : std::uint8_t {
        // It has what it will ever have of it; `refused` points are lost.
        taken,
        // It was there already, whole: nothing is lost, and nothing was added.
        already_there,
        // None of it is wanted, now or later: all its points are lost.
        refused,
        // Something in it is not wanted: its halves are tried one after the other, once.
        halve,
        // The receiver is away, or busy: later again.
        again,
        // It does not know us, or we may not: kept, tried more rarely, and told.
        denied,
        // It has to be made ready first (Protocol::prepare), then again.
        unprepared,
    };
    Fate fate = Fate::again;
    std::uint64_t refused = 0;
    // Of what was refused, or why it is to be tried again: one of a few words, the label of a metric.
    std::string reason;
    // What was said, on one line, bounded: for the log. No secrets.
    std::string said;
    // Not before; bounded. nullopt: as the sender thinks best.
    std::optional<std::chrono::milliseconds> wait;
};

}  // namespace sink
