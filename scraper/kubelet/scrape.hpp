// SPDX-License-Identifier: Apache-2.0
// One scrape: a GET whose body goes through the parser as it arrives.
#pragma once

#include "gzip/reader.hpp"
#include "kube/config/token.hpp"
#include "net/http/client.hpp"
#include "net/task.hpp"
#include "scraper/kubelet/failure.hpp"
#include "scraper/options.hpp"
#include "scraper/page/page_parser.hpp"
#include "storage/node_page.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace scraper {

// A page and what fills it.
struct ParsedPage {
    storage::NodePage rows;
    PageParser parser{rows, 0};
    gzip::Reader unpacked;
};

// Pages that were used before, so that a scrape allocates nothing big and memory follows the scrapes that are
// being answered, not the nodes. Must outlive its leases.
class PagePool {
  public:
    struct Return {
        PagePool* pool = nullptr;
        void operator()(ParsedPage* page) const noexcept { pool->give(page); }
    };
    using Lease = std::unique_ptr<ParsedPage, Return>;

    // An empty page.
    Lease take();
    std::size_t idle() const { return idle_.size(); }

    // More idle pages than this, and pages of more rows, are freed.
    static constexpr std::size_t kMaxIdle = 64;
    static constexpr std::size_t kMaxRows = 2048;

  private:
    void give(ParsedPage* page) noexcept;

    std::vector<std::unique_ptr<ParsedPage>> idle_;
};

// The request for a page. It is made once and shared by all scrapes while path and token stay as they are.
class PageRequests {
  public:
    // With the options' token, unless that is empty or to be shown to nobody.
    explicit PageRequests(const ScraperOptions& options);

    // Without Accept kubelets answer with text.
    std::shared_ptr<const net::Request> get(const std::string& path, net::Clock::time_point now);

  private:
    kube::Token token_;
    std::string user_agent_;
    Compression compression_;
    std::string authorization_;
    std::shared_ptr<const net::Request> last_;
};

struct ScrapeResult {
    // Set when there is no failure: whole, and with at least one figure.
    PagePool::Lease page;
    Failure failure;
};

// Asks for the page and parses it. Only a page that came whole with status 200 is a page. Throws only when it
// is cancelled. The token has not left before the kubelet's certificate was accepted
// (net::Connection::connect). limits.body_bytes: of a compressed page both as it comes and as it is; one of
// 500 pods of two containers is about 1 MB.
net::Task<ScrapeResult> scrape(net::HttpClient& client, std::shared_ptr<const net::Request> request,
                               PagePool& pages, net::ExchangeLimits limits);

}  // namespace scraper
