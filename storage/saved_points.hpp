// SPDX-License-Identifier: Apache-2.0
// The points of a node and of its pods that outlive the process, as values.
#pragma once

#include "storage/points.hpp"
#include "storage/usage.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace storage {

// Points as they are saved know two settings of the node's clock alone: the present one, and some other.
inline constexpr std::uint8_t kPresentSetting = 0;
inline constexpr std::uint8_t kOtherSetting = 255;

struct SavedContainer {
    std::string name;
    Points points;
    bool present = false;
    bool twice = false;
};

struct SavedPod {
    std::string name_space;
    std::string name;
    // As Pod::uid and Node::uid; not 0.
    std::uint64_t uid = 0;
    // By name.
    std::vector<SavedContainer> containers;
};

struct SavedNode {
    std::string name;
    std::uint64_t uid = 0;
    Points points;
    bool twice = false;
    Monotonic committed_at{};
    Monotonic moved_at{};
    // Those the watch shows.
    std::vector<SavedPod> pods;
};

}  // namespace storage
