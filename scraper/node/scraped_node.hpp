// SPDX-License-Identifier: Apache-2.0
// All that the scraper has of one node.
#pragma once

#include "net/event.hpp"
#include "scraper/kubelet/address.hpp"
#include "scraper/kubelet/kubelet.hpp"
#include "scraper/kubelet/scrape.hpp"
#include "scraper/node/node_health.hpp"
#include "scraper/node/request_durations.hpp"
#include "storage/store.hpp"

#include <optional>
#include <string>

namespace scraper {

// How asking the node for /stats/summary goes; see StatsScrapes.
struct StatsState {
    net::Clock::time_point not_before{};
    // In a row.
    std::uint32_t failures = 0;
    // How the last request ended; ok at first.
    Reason reason = Reason::ok;
    bool running = false;
    // It runs no longer.
    net::Event ended;
};

// A node and its target: another UID or target makes another one, and what a scrape of the old brings is
// dropped.
struct ScrapedNode {
    Kubelet::Identity id;
    net::Result<Target> target;
    // Why there is none.
    std::string refusal;
    bool ready = false;
    // Set when there is a target.
    std::optional<Kubelet> kubelet;
    NodeHealth health;
    // See Rounds::record().
    std::uint64_t counted_in_round = 0;
    RequestDurations requests;
    StatsState stats;
    bool said_bad_lines = false;
    bool said_repeating = false;
    // Once it had a second sample of all that its page showed.
    bool has_first_figures = false;
    // Removed or replaced.
    bool gone = false;

    // What the scrape says of the node's health. A failure is explained by what the kubelet showed.
    NodeHealth::Attempt judge(ScrapeResult& result, NodeHealth::Time started, NodeHealth::Time ended);

    // Logs what is wrong with a page that was taken.
    void say(const ParsedPage& page, const storage::CommitResult& committed);

    std::string url() const { return kubelet ? kubelet->url() : std::string{}; }
};

}  // namespace scraper
