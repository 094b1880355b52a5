// SPDX-License-Identifier: Apache-2.0
// Whether the daemon has room for this cluster.
#pragma once

#include "topd/doctor/ask/api_reader.hpp"
#include "topd/doctor/judge/finding.hpp"
#include "topd/limits/cgroup.hpp"

#include <cstddef>

namespace topd::doctor {

// One pod, and how many more there are.
inline constexpr const char* kCountPodsPath = "/api/v1/pods?limit=1";

// history_bytes: what history may take; 0: none is kept.
Check judge_capacity(std::size_t nodes, const Answer& pods, std::size_t history_bytes,
                     const CgroupLimits& limits);

}  // namespace topd::doctor
