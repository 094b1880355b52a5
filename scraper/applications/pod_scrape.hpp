// SPDX-License-Identifier: Apache-2.0
// One pod, asked once for its page: over a connection of its own, without credentials, cookies or redirects.
#pragma once

#include "net/task.hpp"
#include "net/tls/tls.hpp"
#include "scraper/applications/endpoint.hpp"
#include "storage/applications/reading.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace scraper {

// How a scrape of a pod ended: the value of a metric label.
enum class PodOutcome : std::uint8_t {
    ok,
    refused,      // its annotations or its address are of no use
    lookup,       // the API server did not say where it is
    connect,      // the connection was refused, reset, or not there in time
    tls,          // the handshake failed, or its certificate was not accepted
    timeout,      // connected, and no whole page in time
    http_status,  // another status than 200; redirects too
    too_large,
    malformed,  // not HTTP, not a page of metrics, or cut short
    stopped,    // topd is stopping
};
inline constexpr std::size_t kPodOutcomes = 10;
std::string_view label(PodOutcome outcome);

struct PodScrapeLimits {
    std::chrono::milliseconds connect{2'000};
    // All of it.
    std::chrono::milliseconds whole{5'000};
    std::uint64_t page_bytes = std::uint64_t{4} * 1024 * 1024;
};

struct PodScrape {
    PodOutcome outcome = PodOutcome::ok;
    // For people, one line; empty: the page came whole.
    std::string trouble;
};

// How https is spoken: the chain is verified, not the name (no certificate holds a pod's address).
struct PodTls {
    net::TlsClient client;
    // No certificate is verified.
    bool insecure = false;
};

// Tells `into` what the page says. Throws only when it is cancelled. tls: null without https; it must outlive
// the task, and so must `into`.
net::Task<PodScrape> scrape_pod(net::Executor executor, Endpoint endpoint, const PodTls* tls,
                                std::string user_agent, PodScrapeLimits limits,
                                storage::applications::Reading& into);

}  // namespace scraper
