// SPDX-License-Identifier: Apache-2.0
// What a status says of a batch by itself, alike from all receivers.
#pragma once

#include "sink/batch.hpp"

#include <string_view>

namespace sink {

struct Rule {
    Verdict::Fate fate{};
    // Of Verdict.
    std::string_view reason;
};

Rule rule_of_status(unsigned status, const Batch& batch);

}  // namespace sink
