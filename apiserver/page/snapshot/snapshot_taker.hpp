// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "apiserver/page/snapshot/snapshot.hpp"
#include "apiserver/page/snapshot/sources.hpp"
#include "net/task.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>

namespace apiserver {

// Takes one, a stint at a time. What is over `bytes` is left out, and Snapshot::cut says so. sources must
// outlive the task.
net::Task<std::shared_ptr<const Snapshot>> take_snapshot(const PageSources& sources, std::uint64_t number,
                                                         std::size_t bytes);

}  // namespace apiserver
