// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "apiserver/page/series/grid.hpp"
#include "apiserver/page/snapshot/sources.hpp"

#include <string>

namespace apiserver {

// A member "more" of what kubelets' summaries tell of a node, pod or container at the same times: network in
// bytes a second, bytes in file systems, and volumes as they are now. Nothing where they are not asked for.
void append_stats_curves(std::string& out, const PageSources& sources, const SeriesRequest& request,
                         const GridTimes& times);

}  // namespace apiserver
