// SPDX-License-Identifier: Apache-2.0
#include "scraper/kubelet/probe.hpp"

#include "scraper/kubelet/kubelet.hpp"
#include "scraper/kubelet/scrape.hpp"

#include <algorithm>
#include <utility>

#include <boost/asio/this_coro.hpp>

namespace scraper {
namespace {

storage::Nanos newest_of(const storage::NodePage& page) {
    storage::Nanos newest = 0;
    const auto look = [&newest](const storage::PageRow& row) {
        if (row.cpu) newest = std::max(newest, row.cpu->at);
        if (row.memory) newest = std::max(newest, row.memory->at);
    };
    look(page.node);
    for (const storage::PageRow& row : page.containers) look(row);
    return newest;
}

}  // namespace

net::Task<ProbeResult> probe(kube::Node node, ScraperOptions options) {
    ProbeResult result;
    const net::Result<Target> target = kubelet_target(node, options.address);
    if (!target) {
        result.failure.error = target.error();
        result.failure.detail = target_refusal(target.error(), node, options.address);
        co_return result;
    }
    const KubeletPolicy policy = kubelet_policy(options);
    if (policy.pins) policy.pins->leave_file();
    const Kubelet::Identity identity{node.name, node.uid};
    const net::Executor executor = co_await boost::asio::this_coro::executor;
    Kubelet kubelet{executor, identity, *target, policy};
    PageRequests requests{options};
    PagePool pages;
    const net::Clock::time_point now = net::Clock::now();
    net::ExchangeLimits limits;
    limits.deadline = now + options.request_timeout;
    limits.body_bytes = options.page_bytes;
    ScrapeResult scraped = co_await scrape(kubelet.client(), requests.get(target->path, now), pages, limits);
    result.failure = std::move(scraped.failure);
    result.url = kubelet.url();
    if (scraped.page) {
        result.newest = newest_of(scraped.page->rows);
    } else {
        kubelet.explain(result.failure);
    }
    co_return result;
}

}  // namespace scraper
