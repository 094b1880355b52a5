// SPDX-License-Identifier: Apache-2.0
// Kubelets, asked once each for their page as the scraper asks.
#pragma once

#include "kube/objects.hpp"
#include "net/task.hpp"
#include "scraper/kubelet/failure.hpp"
#include "scraper/options.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

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

// Some at once, each within options.request_timeout, and none that could not be asked before `end`: there may
// be fewer answers than nodes. In the order of the nodes' names. Throws kube::ConfigError when the TLS
// material or the pin file is not usable.
net::Task<std::vector<KubeletAnswer>> ask_kubelets(const std::vector<kube::Node>& nodes,
                                                   const scraper::ScraperOptions& options, net::Deadline end);

}  // namespace topd::doctor
