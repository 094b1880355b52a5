// SPDX-License-Identifier: Apache-2.0
// --custom-metrics: a pod whose annotations say that it is to be scraped, asked once as the daemon would.
#pragma once

#include "kube/config/config.hpp"
#include "kube/failure.hpp"
#include "kube/objects.hpp"
#include "net/task.hpp"
#include "scraper/applications/endpoint.hpp"
#include "topd/flags/flags.hpp"

#include <optional>
#include <string>
#include <vector>

namespace topd::doctor {

struct AnnotatedPodSeen {
    // "default/web-0"
    std::string pod;
    // http://10.0.0.1:8080/metrics; empty: it has none that may be asked.
    std::string url;
    // Why no page came; empty: it came whole.
    std::string trouble;
    // Of a pod whose annotations or address are no use, and not of the network.
    bool refused = false;
};

// What is wrong with --custom-metrics-ca-file; empty: nothing.
std::string authorities_fault(const Flags& flags);

// Which addresses are asked, as the daemon has it.
scraper::EndpointRules endpoint_rules(const Flags& flags, const std::vector<kube::Node>& nodes);

// Finds some annotated pod, one with a network of its own if there is one, and asks it. nullopt: none is
// annotated. REQUIRES: the authorities have no fault.
net::Task<kube::Outcome<std::optional<AnnotatedPodSeen>>> ask_annotated_pod(net::Executor executor,
                                                                            kube::Config cluster, Flags flags,
                                                                            net::Deadline end);

}  // namespace topd::doctor
