// SPDX-License-Identifier: Apache-2.0
// --custom-metrics: the APIServices of custom.metrics.k8s.io, and what came of an annotated pod.
#pragma once

#include "topd/doctor/ask/annotated_pod.hpp"
#include "topd/doctor/judge/api_services.hpp"
#include "topd/doctor/judge/finding.hpp"

#include <optional>
#include <string>

namespace topd::doctor {

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
    // See authorities_fault().
    std::string authorities_fault;
};

// Without the flag: that no APIService leads to who does not serve it. The title is empty when there is
// nothing to say.
Check judge_custom_metrics(const CustomMetricsSeen& seen);

}  // namespace topd::doctor
