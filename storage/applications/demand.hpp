// SPDX-License-Identifier: Apache-2.0
// What is asked for: a metric of the pods of a namespace, and which of its series count.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace storage::applications {

// Which series of a family count: all that meet every requirement. An absent label is "".
struct Requirement {
    enum class Op : std::uint8_t { exists, does_not_exist, in, not_in };
    std::string label;
    Op op = Op::exists;
    // Sorted and unique.
    std::vector<std::string> values;
    bool operator==(const Requirement&) const = default;
};

// A metric of the pods of a namespace, as it was asked for.
struct Demand {
    std::string name_space;
    std::string metric;
    // In the order in which they were written.
    std::vector<Requirement> series;
    bool operator==(const Demand&) const = default;
};

}  // namespace storage::applications
