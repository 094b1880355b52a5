// SPDX-License-Identifier: Apache-2.0
// The page's first view: ui/api/overview.
#pragma once

#include "apiserver/page/overview/changes.hpp"
#include "apiserver/page/snapshot/snapshot.hpp"
#include "apiserver/page/snapshot/sources.hpp"
#include "net/task.hpp"

#include <string>
#include <string_view>

namespace apiserver {

// At most so many rows of each of its tables.
inline constexpr std::size_t kOverviewRows = 10;

// A JSON object. All must outlive the task.
net::Task<std::string> overview_answer(const PageSources& sources, const Snapshot& snapshot,
                                       std::string_view version, const Changes& changes);

}  // namespace apiserver
