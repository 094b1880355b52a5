// SPDX-License-Identifier: Apache-2.0
// What an answer says of a batch, as far as it is alike from all receivers.
#pragma once

#include "sink/batch.hpp"
#include "sink/http/protocol.hpp"

#include <string_view>

namespace sink {

struct Rule {
    Verdict::Fate fate{};
    // Of Verdict.
    std::string_view reason;
};

// By its status alone.
Rule rule_of_status(unsigned status, const Batch& batch);

// What the rule makes of the batch, with what the answer says beside it.
Verdict verdict_of(const Rule& rule, const Answer& answer, const Batch& batch);

}  // namespace sink
