// SPDX-License-Identifier: Apache-2.0
// Asks kubelets for /stats/summary at a pace of its own, into history only.
//
// A kubelet is asked on the node's one connection, right behind a page of resource metrics, when both are
// there and idle; it has until the node's next page is due. So a summary that is slow, refused or rubbish
// costs itself, at most a connection, and never a page. A node that is starting is not asked, and none while
// the state file is taken in.
#pragma once

#include "net/task.hpp"
#include "scraper/kubelet/failure.hpp"
#include "scraper/kubelet/scrape.hpp"
#include "scraper/options.hpp"
#include "scraper/stats/stats_counts.hpp"
#include "storage/stats/stats_page.hpp"

#include <chrono>
#include <memory>

namespace storage {
class Store;
}  // namespace storage

namespace scraper {

struct ScrapedNode;

class StatsScrapes {
  public:
    using Time = net::Clock::time_point;

    // A summary must have come this long before the node's next page is due, and a kubelet is not asked when
    // less than kLeast is left for it.
    static constexpr std::chrono::milliseconds kMargin{100};
    static constexpr std::chrono::milliseconds kLeast{100};
    // How long a kubelet is left alone that refuses, has no summary, or failed several times in a row.
    static constexpr std::chrono::minutes kPause{5};

    // REQUIRES: options.stats is set. All must outlive it.
    StatsScrapes(const ScraperOptions& options, const storage::Store& store);

    // Whether the node, of which a page has just been taken, is to be asked too. `next`: when its next page
    // is due.
    bool is_due(const ScrapedNode& node, Time now, Time next) const;
    // Asks, and puts what comes into history. REQUIRES: is_due().
    net::Task<> ask(std::shared_ptr<ScrapedNode> node, Time next);
    // Until ask() has ended: it may do so a moment late.
    static net::Task<> ended(std::shared_ptr<ScrapedNode> node);

    const StatsCounts& counts() const { return counts_; }

  private:
    void take(ScrapedNode& node, const storage::stats::StatsPage& page);
    void record(ScrapedNode& node, Failure failure, Time now);

    const ScraperOptions& options_;
    const storage::Store& store_;
    PageRequests requests_;
    StatsCounts counts_;
};

}  // namespace scraper
