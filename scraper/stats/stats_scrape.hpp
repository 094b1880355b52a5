// SPDX-License-Identifier: Apache-2.0
// One GET of a kubelet's /stats/summary, whose body goes through the parser as it arrives.
#pragma once

#include "net/http/client.hpp"
#include "net/task.hpp"
#include "scraper/kubelet/failure.hpp"
#include "scraper/kubelet/scrape.hpp"
#include "storage/stats/stats_page.hpp"

#include <memory>
#include <string_view>

namespace scraper {

// Kubelets ask for the verb get on nodes/stats.
inline constexpr std::string_view kStatsPath = "/stats/summary";

struct StatsResult {
    // Set when there is no failure: it came whole, with status 200.
    std::unique_ptr<storage::stats::StatsPage> page;
    Failure failure;
};

// As scrape(): throws only when it is cancelled.
net::Task<StatsResult> scrape_stats(net::HttpClient& client, std::shared_ptr<const net::Request> request,
                                    net::ExchangeLimits limits);

// What the operator can do; empty when there is nothing better to say than the failure's sentence.
std::string_view stats_hint(const Failure& failure);

}  // namespace scraper
