// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "apiserver/page/series/grid.hpp"
#include "apiserver/page/snapshot/sources.hpp"

#include <cstddef>
#include <string>

namespace apiserver {

// Metrics that are told of a pod; a larger answer is of no use to anybody.
inline constexpr std::size_t kMostFigures = 24;

// A member "own" of a pod's metrics that are, or were, in demand: for each its name, its selector (null:
// none), and the means at the same times. Nothing where there are none.
void append_figure_curves(std::string& out, const PageSources& sources, const SeriesRequest& request,
                          const GridTimes& times);

}  // namespace apiserver
