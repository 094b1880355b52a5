// SPDX-License-Identifier: Apache-2.0
// Label sets, stored once and known by a small id.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace storage {

// Sorted by key, keys unique.
using Labels = std::vector<std::pair<std::string, std::string>>;

// Stays the same while any node or pod holds the set; reused afterwards. A reader that keeps things by id
// must compare Store::label_generation(id), which changes when the id gets another meaning.
using LabelSetId = std::uint32_t;

// The empty set always has this id.
constexpr LabelSetId kNoLabels = 0;

}  // namespace storage
