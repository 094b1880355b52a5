// SPDX-License-Identifier: Apache-2.0
// Scrapes the pods that are in demand (storage/applications), and hands in their pages.
//
// Where a pod is is asked for when it is first in demand, and again as scraped_pod.hpp says. A sick
// application delays nobody but itself.
#pragma once

#include "kube/config/config.hpp"
#include "net/task.hpp"
#include "scraper/applications/endpoint.hpp"
#include "scraper/applications/pod_schedule.hpp"
#include "scraper/applications/pod_scrape.hpp"
#include "storage/applications/applications.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace scraper {

struct ApplicationScraperOptions {
    PodSchedule::Options schedule;
    PodScrapeLimits limits;
    EndpointRules rules;
    // Unset: no https.
    std::optional<PodTls> tls;
    std::string user_agent;
    // Scrapes. Of those that failed more than once half of it, of slow ones three quarters.
    std::size_t at_once = 64;
    // A scrape that takes longer is slow.
    std::chrono::nanoseconds slow{std::chrono::seconds{1}};
    // For how long it is believed where a pod is, and that it has no address that may be asked.
    std::chrono::nanoseconds place_kept{std::chrono::minutes{5}};
    std::chrono::nanoseconds refusal_kept{std::chrono::minutes{1}};
};

struct ApplicationScraperStats {
    // Since the start, by PodOutcome.
    std::array<std::uint64_t, kPodOutcomes> scrapes{};
    std::size_t running = 0;
    // Pods that wait for the API server to say where they are, or for other scrapes to end.
    std::size_t waiting = 0;
};

// How one pod is scraped, for people.
struct PodReport {
    // Empty: it is not known where it is.
    std::string url;
    // nullopt: it is under way.
    std::optional<net::Clock::time_point> next;
    PodOutcome last = PodOutcome::ok;
};

class ApplicationScraper {
  public:
    // The applications must outlive it; their on_wanted() is taken.
    ApplicationScraper(net::Executor executor, ApplicationScraperOptions options, const kube::Config& cluster,
                       storage::applications::Applications& applications);
    ~ApplicationScraper();

    // Until cancelled; then returns when no scrape is left. Run it once.
    net::Task<> run();

    ApplicationScraperStats stats() const;
    // nullopt: it is not in demand.
    std::optional<PodReport> report(const storage::PodKey& pod) const;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace scraper
