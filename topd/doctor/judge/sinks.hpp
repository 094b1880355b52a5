// SPDX-License-Identifier: Apache-2.0
// What the running topd says of its sinks.
#pragma once

#include "topd/doctor/ask/api_reader.hpp"
#include "topd/doctor/judge/finding.hpp"

namespace topd::doctor {

// Through the aggregator.
inline constexpr const char* kSinksPath = "/apis/metrics.k8s.io/v1beta1/debug/sinks";

Check judge_sinks(const Answer& page);

}  // namespace topd::doctor
