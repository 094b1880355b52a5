// SPDX-License-Identifier: Apache-2.0
// --custom-metrics: the APIServices of custom.metrics.k8s.io, and whether a pod that is annotated can be
// asked.
#pragma once

#include "kube/objects.hpp"
#include "scraper/applications/endpoint.hpp"
#include "topd/doctor/api_reader.hpp"
#include "topd/doctor/api_services.hpp"
#include "topd/doctor/finding.hpp"
#include "topd/flags/flags.hpp"

#include <optional>
#include <string>
#include <vector>

namespace topd::doctor {

// A pod whose annotations say that it is to be scraped, asked once as the daemon would.
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

struct CustomMetricsSeen {
    // The flag is set.
    bool wanted = false;
    ApiServiceSeen v1beta1;
    ApiServiceSeen v1beta2;
    // "kube-system/metrics-server": where v1beta1.metrics.k8s.io leads; empty: not known.
    std::string topd_service;
    // nullopt: no pod is annotated, or it was not looked.
    std::optional<AnnotatedPodSeen> pod;
    // Why it was not looked; empty: it was.
    std::string not_looked;
    // What is wrong with --custom-metrics-ca-file; empty: nothing.
    std::string authorities_fault;
};

// Without the flag: that no APIService leads to who does not serve it. The title is empty when there is
// nothing to say.
Check judge_custom_metrics(const CustomMetricsSeen& seen);

std::string authorities_fault(const Flags& flags);

// Which addresses are asked, as the daemon has it.
scraper::EndpointRules endpoint_rules(const Flags& flags, const std::vector<kube::Node>& nodes);

// Finds some annotated pod, one with a network of its own if there is one, and asks it. The authorities have
// no fault.
net::Task<kube::Outcome<std::optional<AnnotatedPodSeen>>> ask_annotated_pod(net::Executor executor,
                                                                            kube::Config cluster, Flags flags,
                                                                            net::Deadline end);

}  // namespace topd::doctor
