// SPDX-License-Identifier: Apache-2.0
// What the kubelets answered, grouped by what is wrong with them.
#pragma once

#include "topd/doctor/ask/kubelets.hpp"
#include "topd/doctor/judge/finding.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace topd::doctor {

struct KubeletsSeen {
    std::size_t nodes = 0;
    // --node-selector; empty: none.
    std::string selector;
    std::vector<KubeletAnswer> answers;
    // To nodes/metrics, by what the API server says: it tells why kubelets answer 403.
    enum class Right { unknown, granted, missing } right = Right::unknown;
};
Check judge_kubelets(const KubeletsSeen& seen);

}  // namespace topd::doctor
