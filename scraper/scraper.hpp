// SPDX-License-Identifier: Apache-2.0
// Scrapes every node once a resolution interval and commits each page to the store as soon as it is parsed.
//
// No node waits for another: each has its own place in the round, connection, deadline and commit
// (architecture.md, decision 3). NotReady nodes are scraped as well.
#pragma once

#include "net/task.hpp"
#include "net/tls/tls.hpp"
#include "scraper/node/summary.hpp"
#include "scraper/stats/stats_counts.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace kube {
struct Node;
struct Pod;
template <class Object>
class Observer;
}  // namespace kube

namespace storage {
class Store;
struct CommitResult;
}  // namespace storage

namespace telemetry {
class Histogram;
}  // namespace telemetry

namespace scraper {

struct FirstFigures;
struct RequestDurations;
struct ScraperOptions;

// What pages held and the store did not take; as in storage::CommitResult.
struct LeftOut {
    std::uint64_t foreign = 0;
    std::uint64_t over_limit = 0;
    std::uint64_t nameless = 0;
    // The node's own row, too.
    std::uint64_t twice = 0;
    // Rates of rows that were taken, which are not served.
    std::uint64_t clock_set = 0;
    std::uint64_t impossible = 0;

    void add(const storage::CommitResult& committed);
};

struct ScraperStats {
    // The loop's last pass, at most some seconds ago while it is alive; Time{} before the first.
    net::Clock::time_point last_tick{};
    // By the last scrape of each: nodes = pending + ok + failing + unsupported.
    std::size_t nodes = 0;
    std::size_t pending = 0;
    std::size_t ok = 0;
    std::size_t failing = 0;
    std::size_t unsupported = 0;
    std::size_t running = 0;
    // Since the start. Indexed by Reason.
    std::array<std::uint64_t, kReasons> scrapes{};
    // Sent more than 100 ms after they were due, and the worst delay.
    std::uint64_t late = 0;
    std::chrono::nanoseconds worst_delay{0};
    // Not sent because the node's scrape before was still running.
    std::uint64_t skipped = 0;
    // Sent beside the regular ones, to nodes with containers too young for figures.
    std::uint64_t extra = 0;
    // On good pages.
    std::uint64_t bad_lines = 0;
    LeftOut left_out;
    // Nodes whose pages come and do not move.
    std::size_t repeating = 0;
    // nullopt: kubelets are not asked for /stats/summary.
    std::optional<StatsCounts> stats;
};

// How one node is scraped.
struct NodeReport {
    // What is asked for; empty: it has no usable address.
    std::string url;
    // The error text is the failure's sentence. Valid until the loop runs again.
    const NodeHealth* health = nullptr;
    net::Clock::time_point next{};
};

class Scraper {
  public:
    // Throws kube::ConfigError when the TLS material or the pin file is not usable. The store must outlive
    // it.
    Scraper(net::Executor executor, ScraperOptions options, storage::Store& store);
    ~Scraper();

    // For the reflectors.
    kube::Observer<kube::Node>& nodes();
    kube::Observer<kube::Pod>& pods();

    // Each node's next scrape connects anew, with these. An error leaves all as it was.
    net::Result<> replace_tls(const net::TlsClient::Options& tls);

    // Until cancelled; then returns when no scrape is left. Run it once.
    net::Task<> run();

    ScraperStats stats() const;
    // As in the stats.
    net::Clock::time_point last_tick() const;
    // For readiness. Walks over all nodes.
    FirstFigures first_figures() const;
    // For health texts.
    std::string summary(Summary::Names names = Summary::Names::shown) const;
    // nullopt: not a node that is scraped.
    std::optional<NodeReport> report(std::string_view name) const;
    // Nodes by name, those behind `after`; false ends the visit.
    using RequestsVisit = std::function<bool(const std::string& name, const RequestDurations& requests)>;
    void visit_requests(const std::string& after, const RequestsVisit& visit) const;
    // See Rounds.
    const telemetry::Histogram& longest_lags() const;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace scraper
