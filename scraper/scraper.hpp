// SPDX-License-Identifier: Apache-2.0
// Scrapes every node once a resolution interval and commits each page to the store as soon as it is parsed.
//
// No node waits for another: each has its own place in the round, connection, deadline and commit
// (architecture.md, decision 3). NotReady nodes are scraped as well.
#pragma once

#include "kube/config/config.hpp"
#include "kube/objects.hpp"
#include "kube/reflector.hpp"
#include "net/task.hpp"
#include "net/tls/tls.hpp"
#include "scraper/first_figures.hpp"
#include "scraper/kubelet/address.hpp"
#include "scraper/kubelet/failure.hpp"
#include "scraper/kubelet/kubelet_certificate.hpp"
#include "scraper/kubelet/scrape.hpp"
#include "scraper/node_health.hpp"
#include "scraper/request_durations.hpp"
#include "scraper/summary.hpp"
#include "storage/store.hpp"
#include "version/version.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace scraper {

struct ScraperOptions {
    // --metric-resolution
    std::chrono::milliseconds resolution{15'000};
    // --kubelet-request-timeout: one scrape, connecting included.
    std::chrono::milliseconds request_timeout{10'000};
    AddressOptions address;
    // The authority (of the cluster, or --kubelet-certificate-authority) or insecure
    // (--kubelet-insecure-tls), and the client certificate.
    net::TlsClient::Options tls;
    // --kubelet-certificate-names
    CertificateNames certificate_names = CertificateNames::node;
    // --kubelet-pin-file, with --kubelet-pin-certificates; empty: self-signed certificates are refused.
    std::string pin_file;
    // --deprecated-kubelet-completely-insecure: plain HTTP, and neither token nor certificate is shown.
    bool completely_insecure = false;
    kube::Token token;
    // Off: a failed scrape leaves nothing of its node behind, as metrics-server does it. As
    // StoreOptions::bridge.
    bool bridge = true;
    std::string user_agent = version::product();
    Compression compression = Compression::none;
    // The largest page that is taken.
    std::uint64_t page_bytes = 16 * 1024 * 1024;
};

// Of pages; as in storage::CommitResult.
struct LeftOut {
    std::uint64_t foreign = 0;
    std::uint64_t over_limit = 0;
    std::uint64_t nameless = 0;
    // The node's own row, too.
    std::uint64_t twice = 0;
    // Of rows that were taken: rates that are not served.
    std::uint64_t clock_set = 0;
    std::uint64_t impossible = 0;

    void add(const storage::CommitResult& committed) {
        foreign += committed.foreign;
        over_limit += committed.over_limit;
        nameless += committed.nameless;
        twice += committed.twice;
        clock_set += committed.clock_set;
        impossible += committed.impossible;
    }
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
    // Of good pages.
    std::uint64_t bad_lines = 0;
    LeftOut left_out;
    // Nodes whose pages come and do not move.
    std::size_t repeating = 0;

    void add(const storage::NodePage& page, const storage::CommitResult& committed) {
        bad_lines += page.bad_lines;
        left_out.add(committed);
    }
};

// How one node is scraped.
struct NodeReport {
    // What is asked for; empty: it has no usable address.
    std::string url;
    // Its error text is the failure's sentence. Valid until the loop runs again.
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
