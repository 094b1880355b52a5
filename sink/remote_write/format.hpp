// SPDX-License-Identifier: Apache-2.0
// Rows as the series of docs/series.md, one sample each a tick.
//
// - All but what kubelets' summaries told is at the end of the tick; those have the time of their own points.
// - What had a value at the tick before and has none ends with a stale marker, once. Ends of what summaries
//   told are not marked: it is told a while after its time, and what comes behind a marker with a time before
//   it would be refused, with all that is in the request. It lingers at the receiver for the lookback.
// - A pod that the watch has dropped meanwhile ends with the labels that it had (WatchedObjects::ended_pod).
//   One whose name another took from one tick to the next ends where its labels differ: UID, node, image. Of
//   several between two ticks the last alone; and where the old one was gone before its last figures were
//   told, and the new one has none yet, it is the new one's labels that end.
// - pod_cpu_usage_seconds_total is left out: its values move with what history keeps (series/catalog.hpp).
//   Containers' counters are there to be summed.
// - Rows of namespaces and of the cluster have no series: receivers sum.
#pragma once

#include "series/extras.hpp"
#include "sink/format.hpp"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace sink::remote_write {

struct FormatOptions {
    series::Extras extras;
    // Labels that each series gets that has none of that name; those without name or value are left out.
    std::vector<std::pair<std::string, std::string>> external_labels{};
};

std::unique_ptr<Format> make_format(FormatOptions options);

}  // namespace sink::remote_write
