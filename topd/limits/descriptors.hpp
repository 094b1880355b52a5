// SPDX-License-Identifier: Apache-2.0
// File descriptors: each node takes one for its kept connection, each client of the API one
// (docs/decisions/0016-hostile-clients.md).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

namespace topd {

// Raises the soft limit of open files to the hard one; what is in force then (getrlimit(2), RLIMIT_NOFILE).
std::uint64_t raise_descriptor_limit();

// How many of so many clients may be connected at once: at most a quarter of the descriptors, the rest is
// for nodes.
std::size_t connections_within(std::uint64_t descriptors, std::size_t connections);

// Decides when to speak of too few descriptors.
class DescriptorShortage {
  public:
    // limit: of open files; connections: that clients may have of them.
    DescriptorShortage(std::uint64_t limit, std::size_t connections)
        : limit_{limit}, connections_{connections} {}

    // How many are needed, when there are fewer and that is news.
    std::optional<std::uint64_t> look(std::size_t nodes);
    std::uint64_t limit() const { return limit_; }

  private:
    std::uint64_t limit_;
    std::size_t connections_;
    // The number of nodes in the last warning; 0: there was none.
    std::size_t said_ = 0;
};

}  // namespace topd
