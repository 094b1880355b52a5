// SPDX-License-Identifier: Apache-2.0
// What is known of one thing beside its curves: where and since when it runs, what was reserved for it, and
// why there are no figures.
#pragma once

#include "apiserver/page/series/series_request.hpp"
#include "apiserver/page/snapshot/snapshot.hpp"
#include "apiserver/page/snapshot/sources.hpp"

#include <string>

namespace apiserver {

// Null: it is not in the snapshot, or is the cluster.
const UsageRow* row_of(const Snapshot& snapshot, const SeriesRequest& request);

// JSON objects. row: as row_of() found it.
void append_lines(std::string& out, const Snapshot& snapshot, SeriesOf of, const UsageRow* row);
void append_about(std::string& out, const PageSources& sources, const Snapshot& snapshot,
                  const SeriesRequest& request, const UsageRow* row);

}  // namespace apiserver
