// SPDX-License-Identifier: Apache-2.0
#include "scraper/applications/scraped_pod.hpp"

#include <utility>

namespace scraper {

void ScrapedPod::meet(std::string_view seen_uid, std::uint64_t seen_revision) {
    if (uid != seen_uid) {
        uid = seen_uid;
        failed_scrapes = 0;
    } else if (revision == seen_revision) {
        return;
    }
    revision = seen_revision;
    network.reset();
}

void ScrapedPod::place(kube::PodNetwork found, net::Clock::time_point until) {
    network = std::move(found);
    believed_until = until;
}

void ScrapedPod::good(bool took_long) {
    is_slow = took_long;
    failures = failed_scrapes = 0;
}

void ScrapedPod::failed() {
    // Bounded: a pod may fail for years.
    if (failures < kFailures) ++failures;
}

void ScrapedPod::failed_scrape() {
    failed();
    if (++failed_scrapes < kFailures) return;
    failed_scrapes = 0;
    network.reset();
}

Pace ScrapedPod::pace() const {
    if (failures > 1) return Pace::failing;
    return is_slow ? Pace::slow : Pace::good;
}

}  // namespace scraper
