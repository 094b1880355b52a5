// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace apiserver {

struct InFlightLimits {
    // --max-requests-inflight: of the verbs get, list and watch. 0: no limit.
    std::size_t reading = 400;
    // --max-mutating-requests-inflight: of all others. 0: no limit.
    std::size_t mutating = 200;
};

}  // namespace apiserver
