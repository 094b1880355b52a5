// SPDX-License-Identifier: Apache-2.0
#include "topd/doctor/judge/custom_metrics.hpp"

#include <utility>

#include <fmt/format.h>

namespace topd::doctor {
namespace {

constexpr std::string_view kManifest = "deploy/custom-metrics";
constexpr const char* kTakeAway = "kubectl delete -f deploy/custom-metrics/apiservices.yaml";

// Of v1beta1, or v1beta2.
void judge_served(const ApiServiceSeen& seen, const std::string& topd_service, Check& into) {
    const auto service = read_api_service(seen);
    if (!service) return;
    if (!topd_service.empty() && service->leads_to() != topd_service) {
        into.findings.push_back(
            {Severity::error, "custom-metrics-conflict", service->object(),
             fmt::format("leads to Service {}, not to topd: another server has the group",
                         service->leads_to()),
             fmt::format("remove that server, or --custom-metrics here; then apply {} again", kManifest)});
        return;
    }
    if (service->available == ApiService::Available::no)
        into.findings.push_back(
            {Severity::error, "custom-metrics-unavailable", service->object(),
             fmt::format("is not available, and deleted namespaces stay in Terminating: {}: {}",
                         service->reason, service->message),
             fmt::format("see that the running topd has --custom-metrics; else {}", kTakeAway)});
}

void judge_priorities(const CustomMetricsSeen& seen, Check& into) {
    const auto first = read_api_service(seen.v1beta1);
    const auto second = read_api_service(seen.v1beta2);
    if (!first || !second || second->version_priority < first->version_priority) return;
    into.findings.push_back(
        {Severity::warning, "custom-metrics-priority", second->object(),
         fmt::format("its versionPriority {} is not below the {} of v1beta1: autoscalers ask v1beta2, and "
                     "fail as soon as nobody serves it",
                     second->version_priority, first->version_priority),
         fmt::format("apply {} again, which says 50 and 100", kManifest)});
}

// The flag is not set.
void judge_left_behind(const CustomMetricsSeen& seen, Check& into) {
    for (const ApiServiceSeen* one : {&seen.v1beta1, &seen.v1beta2}) {
        const auto service = read_api_service(*one);
        if (!service || seen.topd_service.empty() || service->leads_to() != seen.topd_service) continue;
        into.findings.push_back({Severity::error, "custom-metrics-off", service->object(),
                                 "leads to topd, which serves the group only with --custom-metrics: deleted "
                                 "namespaces stay in Terminating",
                                 fmt::format("set --custom-metrics, or {}", kTakeAway)});
    }
    into.findings = merged(std::move(into.findings));
}

void judge_pod(const CustomMetricsSeen& seen, Check& into) {
    if (!seen.authorities_fault.empty()) {
        into.findings.push_back(
            {Severity::error, "custom-metrics-ca-file", "--custom-metrics-ca-file",
             "cannot be used, and topd does not start with it: " + one_line(seen.authorities_fault),
             "name a file of certificates in PEM that topd may read"});
        return;
    }
    if (!seen.not_looked.empty()) {
        into.notes.push_back("annotated pods were not looked at: " + seen.not_looked);
        return;
    }
    if (!seen.pod) {
        into.notes.push_back("no running pod is annotated to be scraped");
        return;
    }
    const AnnotatedPodSeen& pod = *seen.pod;
    if (pod.trouble.empty()) {
        into.well += fmt::format(", pod {} gave its page", pod.pod);
        return;
    }
    if (pod.refused) {
        into.findings.push_back({Severity::warning, "custom-metrics-pod-refused", "pod " + pod.pod,
                                 "is annotated to be scraped, and is not: " + one_line(pod.trouble),
                                 "mend its annotations (docs/custom-metrics.md), or take them away"});
        return;
    }
    into.findings.push_back(
        {Severity::warning, "custom-metrics-pod-unreachable", "pod " + pod.pod,
         fmt::format("is annotated to be scraped, and {} gave no page: {}", pod.url, one_line(pod.trouble)),
         "see that it listens there, and that network policies let pods k8s-app: metrics-server of "
         "kube-system in"});
}

}  // namespace

Check judge_custom_metrics(const CustomMetricsSeen& seen) {
    Check check;
    if (!seen.wanted) {
        judge_left_behind(seen, check);
        if (!check.findings.empty()) check.title = "Custom metrics";
        return check;
    }
    check.title = "Custom metrics";
    check.well = seen.v1beta1.discovery ? "v1beta1 is served" : "v1beta1 is registered";
    if (is_missing(seen.v1beta1))
        check.findings.push_back({Severity::error, "custom-metrics-apiservice-missing",
                                  "APIService " + seen.v1beta1.name,
                                  "does not exist: autoscalers find no custom metrics API",
                                  fmt::format("apply {}, which holds it", kManifest)});
    for (const ApiServiceSeen* one : {&seen.v1beta1, &seen.v1beta2})
        judge_served(*one, seen.topd_service, check);
    check.findings = merged(std::move(check.findings));
    judge_priorities(seen, check);
    judge_pod(seen, check);
    return check;
}

}  // namespace topd::doctor
