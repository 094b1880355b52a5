// SPDX-License-Identifier: Apache-2.0
// The tables of the page: ui/api/rows.
#pragma once

#include "apiserver/page/rows/selection.hpp"
#include "apiserver/page/snapshot/snapshot.hpp"
#include "apiserver/page/snapshot/sources.hpp"
#include "net/task.hpp"

#include <string>

namespace apiserver {

// A JSON object. All must outlive the task.
net::Task<std::string> rows_answer(const PageSources& sources, const Snapshot& snapshot,
                                   const RowsRequest& request);

}  // namespace apiserver
