// SPDX-License-Identifier: Apache-2.0
// The API of Kubernetes Dashboard's metrics-scraper (kubernetes/dashboard, modules/metrics-scraper), to the
// byte, as far as its client can tell.
#pragma once

#include "apiserver/graphs/route.hpp"
#include "apiserver/turns/parts.hpp"
#include "net/http/message.hpp"
#include "storage/history/history.hpp"

#include <memory>
#include <string_view>

namespace apiserver {

// More names than this are not looked up in one answer.
inline constexpr std::size_t kMostNames = 100'000;

// {"items":[...]} of those who are known, by name, each once; {"items":null} when none is. history must
// outlive it.
std::unique_ptr<Parts> dashboard_series(const storage::history::History& history,
                                        const DashboardSeries& series, storage::history::Seconds now);

// What the scraper says to every other path: 200, the time and where it was asked.
net::Response dashboard_elsewhere(std::string_view target, storage::history::Seconds now);

}  // namespace apiserver
