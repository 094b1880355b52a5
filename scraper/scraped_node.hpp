// SPDX-License-Identifier: Apache-2.0
// All that the scraper has of one node.
#pragma once

#include "net/http_client.hpp"
#include "scraper/address.hpp"
#include "scraper/node_health.hpp"
#include "scraper/request_durations.hpp"

#include <optional>
#include <string>

namespace scraper {

// A node and its target: another target makes another one, and what a scrape of the old brings is dropped.
struct ScrapedNode {
    std::string name;
    net::Result<Target> target;
    bool ready = false;
    // Set when there is a target.
    std::optional<net::HttpClient> client;
    NodeHealth health;
    RequestDurations requests;
    // Removed or replaced.
    bool gone = false;

    std::string url() const {
        if (!client) return {};
        const net::Origin& origin = client->origin();
        return (origin.tls ? "https://" : "http://") + origin.authority() + target->path;
    }
};

}  // namespace scraper
