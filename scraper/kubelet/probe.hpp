// SPDX-License-Identifier: Apache-2.0
// One kubelet, asked once.
#pragma once

#include "kube/objects.hpp"
#include "net/task.hpp"
#include "scraper/kubelet/failure.hpp"
#include "scraper/options.hpp"
#include "storage/usage.hpp"

#include <string>

namespace scraper {

struct ProbeResult {
    // No error: a page came. sentence(url) says what happened, hint() what to do.
    Failure failure;
    // What was asked for, at the address that answered or came furthest; empty when the node has none.
    std::string url;
    // The newest sample of the page; 0: none.
    storage::Nanos newest = 0;
};

// Asks the kubelet of that Node object for its page as the scraper does: its addresses in turn, the
// certificate, the token, all within options.request_timeout. No pin is written. Throws kube::ConfigError
// when the TLS material or the pin file is not usable.
net::Task<ProbeResult> probe(kube::Node node, ScraperOptions options);

}  // namespace scraper
