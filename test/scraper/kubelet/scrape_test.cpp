// SPDX-License-Identifier: Apache-2.0
#include "scraper/kubelet/scrape.hpp"

#include <utility>
#include <vector>

#include <catch2/catch.hpp>

using namespace std::chrono_literals;
using scraper::PagePool;
using scraper::PageRequests;

namespace {

PageRequests requests_with(kube::Token token, scraper::Compression compression) {
    scraper::ScraperOptions options;
    options.token = std::move(token);
    options.user_agent = "topd/1";
    options.compression = compression;
    return PageRequests{options};
}

}  // namespace

TEST_CASE("a page that was given back is used again and empty") {
    PagePool pool;
    PagePool::Lease first = pool.take();
    first->rows.containers.resize(10);
    first->rows.bad_lines = 3;
    first->rows.complete = false;
    first->rows.node.started = 5;
    const scraper::ParsedPage* address = first.get();
    first.reset();
    CHECK(pool.idle() == 1);
    const PagePool::Lease second = pool.take();
    CHECK(second.get() == address);
    CHECK(pool.idle() == 0);
    CHECK(second->rows.containers.empty());
    CHECK(second->rows.containers.capacity() >= 10);
    CHECK(second->rows.bad_lines == 0);
    CHECK(second->rows.complete);
    CHECK(second->rows.node.started == 0);
}

TEST_CASE("the pool keeps neither many pages nor big ones") {
    PagePool pool;
    std::vector<PagePool::Lease> leases;
    for (std::size_t i = 0; i < PagePool::kMaxIdle + 10; ++i) leases.push_back(pool.take());
    leases.clear();
    CHECK(pool.idle() == PagePool::kMaxIdle);

    PagePool other;
    PagePool::Lease big = other.take();
    big->rows.containers.resize(PagePool::kMaxRows + 1);
    big.reset();
    CHECK(other.idle() == 0);
}

TEST_CASE("the request is made once while path and token stay as they are") {
    PageRequests requests = requests_with(kube::Token::fixed("t1"), scraper::Compression::none);
    const auto now = net::Clock::time_point{} + 1h;
    const auto first = requests.get("/metrics/resource", now);
    CHECK(first->method == "GET");
    CHECK(first->target == "/metrics/resource");
    CHECK(first->headers.find("authorization") == "Bearer t1");
    CHECK(first->headers.find("user-agent") == "topd/1");
    CHECK(requests.get("/metrics/resource", now).get() == first.get());

    const auto other = requests.get("/other", now);
    CHECK(other->target == "/other");
    // What was handed out before stays as it is.
    CHECK(first->target == "/metrics/resource");
}

TEST_CASE("without a token there is no Authorization") {
    PageRequests requests = requests_with(kube::Token{}, scraper::Compression::none);
    CHECK(!requests.get("/metrics/resource", net::Clock::time_point{})->headers.contains("Authorization"));
}

TEST_CASE("a compressed page is asked for when that is wanted") {
    const auto now = net::Clock::time_point{} + 1h;
    PageRequests plain = requests_with(kube::Token{}, scraper::Compression::none);
    CHECK_FALSE(plain.get("/metrics/resource", now)->headers.contains("accept-encoding"));
    PageRequests compressed = requests_with(kube::Token{}, scraper::Compression::gzip);
    CHECK(compressed.get("/metrics/resource", now)->headers.find("accept-encoding") == "gzip");
}
