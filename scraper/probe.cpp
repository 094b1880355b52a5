// SPDX-License-Identifier: Apache-2.0
#include "scraper/probe.hpp"

#include "scraper/kubelet.hpp"

#include <utility>

#include <boost/asio/this_coro.hpp>

namespace scraper {

net::Task<ProbeResult> probe(kube::Node node, ScraperOptions options) {
    ProbeResult result;
    const net::Result<Target> target = kubelet_target(node, options.address);
    if (!target) {
        result.failure.error = target.error();
        co_return result;
    }
    const KubeletPolicy policy = kubelet_policy(options);
    if (policy.pins) policy.pins->leave_file();
    const Kubelet::Identity identity{node.name, node.uid};
    const net::Executor executor = co_await boost::asio::this_coro::executor;
    Kubelet kubelet{executor, identity, *target, policy};
    PageRequests requests{options.completely_insecure ? kube::Token{} : options.token, options.user_agent,
                          options.compression};
    PagePool pages;
    const net::Clock::time_point now = net::Clock::now();
    ScrapeLimits limits;
    limits.deadline = now + options.request_timeout;
    limits.body_bytes = options.page_bytes;
    ScrapeResult scraped = co_await scrape(kubelet.client(), requests.get(target->path, now), pages, limits);
    result.failure = std::move(scraped.failure);
    result.url = kubelet.url();
    if (scraped.page) {
        result.containers = scraped.page->rows.containers.size();
        result.bad_lines = scraped.page->rows.bad_lines;
    } else {
        kubelet.explain(result.failure);
    }
    co_return result;
}

}  // namespace scraper
