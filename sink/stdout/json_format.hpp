// SPDX-License-Identifier: Apache-2.0
// Rows as JSON lines, one object each, for people and for other pipes:
//
// {"time":"2026-01-05T10:02:00Z","type":"container","namespace":"shop","pod":"web-0","container":"app",
//  "node":"n1","cpu_cores":0.0125,"memory_bytes":73400320,"swap_bytes":0}
//
// time: the end of the tick. type: node, pod, container, namespace or cluster; names that it has not are not
// there. cpu_cores: used at the time. memory_bytes: the working set. swap_bytes: only where it is told.
// started: when the container or node did, where that is known. What has ended has no line.
#pragma once

#include "sink/format.hpp"

#include <memory>

namespace sink {

std::unique_ptr<Format> make_json_format();

}  // namespace sink
