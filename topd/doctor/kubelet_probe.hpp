// SPDX-License-Identifier: Apache-2.0
// One kubelet, asked once for its page as the scraper asks.
#pragma once

#include "kube/objects.hpp"
#include "net/task.hpp"
#include "scraper/kubelet/failure.hpp"
#include "scraper/options.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace topd::doctor {

struct KubeletAnswer {
    std::string node;
    // The Node's condition Ready.
    bool ready = true;
    // No error: a page came.
    scraper::Failure failure;
    // What was asked for; empty when the node has no usable address.
    std::string url;
    // The newest time on the page, minus our clock when it came.
    std::optional<std::chrono::seconds> clock_ahead;
};

// Within options.request_timeout, and by `end`. Throws kube::ConfigError when the TLS material or the pin
// file is not usable.
net::Task<KubeletAnswer> ask_kubelet(kube::Node node, scraper::ScraperOptions options, net::Deadline end);

}  // namespace topd::doctor
