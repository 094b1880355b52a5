// SPDX-License-Identifier: Apache-2.0
// The large charts of one thing, and what is known about it: ui/api/series.
#pragma once

#include "apiserver/page/series/series_request.hpp"
#include "apiserver/page/snapshot/snapshot.hpp"
#include "apiserver/page/snapshot/sources.hpp"
#include "net/task.hpp"

#include <cstddef>
#include <optional>
#include <string>

namespace apiserver {

// Parts that are told apart; the rest is summed.
inline constexpr std::size_t kMostParts = 12;

// A JSON object; nullopt: nothing is known of it. All must outlive the task.
net::Task<std::optional<std::string>> series_answer(const PageSources& sources, const Snapshot& snapshot,
                                                    const SeriesRequest& request);

}  // namespace apiserver
