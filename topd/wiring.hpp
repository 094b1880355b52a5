// SPDX-License-Identifier: Apache-2.0
// Builds every part from the flags, runs them on one event loop, and stops them in order.
#pragma once

#include "topd/flags/flags.hpp"
#include "topd/limits/cgroup.hpp"

namespace topd {

// Until SIGTERM or SIGINT; then readyz fails, and after --shutdown-delay-duration the listener closes,
// requests in flight end, and the rest stops, within two seconds. A part that fails ends all the rest
// likewise, and run() throws std::runtime_error that names it. A second signal ends the process at once, with
// status 1. Throws std::runtime_error, one line, when it cannot start. The bounds of its parts follow the
// group's memory limit at the start.
void run(const Flags& flags, const Cgroup& cgroup);

}  // namespace topd
