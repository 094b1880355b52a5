// SPDX-License-Identifier: Apache-2.0
// What kubelets do wrong, on request and for a while.
#pragma once

#include "test/sim/cluster/wave.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace sim {

struct Fault {
    enum class Kind {
        // Answers after `delay`.
        slow,
        // Never answers, until the fault ends or the client gives up.
        hang,
        // Answers with `status` instead of the page.
        status,
        // Every fifth line is not as it should be.
        malformed,
        // The connection is cut half-way through the page.
        truncated,
        // Counters count from the moment the fault was set.
        reset,
        // Good lines for ever (or `bytes` of them, when that is not 0).
        endless,
        // The connection is closed without an answer.
        close,
        // Bytes that are no text, with status 200.
        garbage,
    };
    Kind kind = Kind::slow;
    unsigned status = 500;
    std::chrono::milliseconds delay{0};
    std::uint64_t bytes = 0;
    Nanos since = 0;
    Nanos until = kNever;
    // Requests that it still strikes; 0: all until it ends.
    std::uint64_t requests = 0;

    // "slow", "hang"... and "404", which is a status.
    static std::optional<Kind> kind_of(std::string_view name);
};

// One fault a node at most; the last one set counts. Not thread safe.
class Faults {
  public:
    void set(const std::string& node, const Fault& fault);
    void clear(const std::string& node);
    void clear_all() { faults_.clear(); }

    // What strikes the request that came now; counts it.
    std::optional<Fault> take(const std::string& node, Nanos now);
    // Whether the node has a fault that has not ended.
    bool active(const std::string& node, Nanos now) const;
    std::size_t size() const { return faults_.size(); }

  private:
    std::map<std::string, Fault> faults_;
};

// Spoils every fifth line that holds a sample, each in another way.
std::string with_malformed_lines(std::string_view page);

// `size` bytes that are no text.
std::string garbage_bytes(std::size_t size, std::uint64_t seed);

}  // namespace sim
