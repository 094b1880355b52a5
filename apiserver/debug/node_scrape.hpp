// SPDX-License-Identifier: Apache-2.0
// How scraping a node goes, as the API server is told: it knows no scraper.
#pragma once

#include "storage/usage.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace apiserver {

struct NodeScrape {
    // "pending", "ok", "failing" or "unsupported".
    std::string_view state;
    // What is asked for, as dialled; empty: there is no usable address.
    std::string url;
    // When the last scrape began and ended; Monotonic{}: there was none.
    storage::Monotonic started{};
    storage::Monotonic ended{};
    // Monotonic{}: never.
    storage::Monotonic last_success{};
    storage::Monotonic next{};
    // In a row.
    std::uint32_t failures = 0;
    // Why the last scrape failed, if it did: a word, what happened, what can be done about it.
    std::string_view reason;
    std::string error;
    std::string hint;
};

struct ScrapeReports {
    // False: not a node that is scraped. Unset: nobody scrapes here.
    std::function<bool(std::string_view node, NodeScrape& out)> node;
    // One line, with names.
    std::function<std::string()> summary;
};

}  // namespace apiserver
