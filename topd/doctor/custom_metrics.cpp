// SPDX-License-Identifier: Apache-2.0
#include "topd/doctor/custom_metrics.hpp"

#include "scraper/applications/pod_lookup.hpp"
#include "scraper/applications/pod_scrape.hpp"
#include "topd/custom_metrics.hpp"
#include "version/version.hpp"

#include <set>
#include <stdexcept>
#include <utility>

#include <boost/asio/ip/address.hpp>
#include <fmt/format.h>

namespace topd::doctor {
namespace {

constexpr std::string_view kManifest = "deploy/custom-metrics";
// Annotated pods that are looked up for one with a network of its own.
constexpr std::size_t kMostLookedUp = 5;
constexpr std::string_view kCaFile = "--custom-metrics-ca-file";
constexpr const char* kTakeAway = "kubectl delete -f deploy/custom-metrics/apiservices.yaml";

std::string service_of(const ApiService& api_service) {
    return api_service.name_space + "/" + api_service.service;
}

bool is_missing(const ApiServiceSeen& seen) {
    const auto missing = [](const Answer& answer) { return !answer && answer.error().http_status == 404; };
    return !seen.object && (missing(seen.object) || missing(seen.discovery));
}

// Of v1beta1, or v1beta2.
void judge_served(const ApiServiceSeen& seen, const std::string& topd_service, Check& into) {
    const auto service = read_api_service(seen);
    if (!service) return;
    if (!topd_service.empty() && service_of(*service) != topd_service) {
        into.findings.push_back(
            {Severity::error, "custom-metrics-conflict", service->object(),
             fmt::format("leads to Service {}, not to topd: another server has the group",
                         service_of(*service)),
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
        if (!service || seen.topd_service.empty() || service_of(*service) != seen.topd_service) continue;
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
            {Severity::error, "custom-metrics-ca-file", std::string{kCaFile},
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

std::string authorities_fault(const Flags& flags) {
    try {
        custom_metrics_tls(flags);
        return {};
    } catch (const std::runtime_error& error) {
        std::string_view why = error.what();
        const std::string prefix = std::string{kCaFile} + ": ";
        if (why.starts_with(prefix)) why.remove_prefix(prefix.size());
        return std::string{why};
    }
}

scraper::EndpointRules endpoint_rules(const Flags& flags, const std::vector<kube::Node>& nodes) {
    std::set<boost::asio::ip::address> of_nodes;
    for (const kube::Node& node : nodes) {
        for (const kube::NodeAddress& each : node.addresses) {
            boost::system::error_code not_one;
            const auto address = boost::asio::ip::make_address(each.address, not_one);
            if (!not_one) of_nodes.insert(address);
        }
    }
    scraper::EndpointRules rules;
    rules.allow_loopback = flags.custom_metrics_allow_loopback;
    rules.allow_host_network = flags.custom_metrics_host_network;
    rules.can_tls = flags.custom_metrics_insecure_tls || !flags.custom_metrics_ca_file.empty();
    rules.is_node = [of_nodes = std::move(of_nodes)](const auto& address) {
        return of_nodes.contains(address);
    };
    return rules;
}

net::Task<kube::Outcome<std::optional<AnnotatedPodSeen>>> ask_annotated_pod(net::Executor executor,
                                                                            kube::Config cluster, Flags flags,
                                                                            net::Deadline end) {
    using Seen = std::optional<AnnotatedPodSeen>;
    ApiReader reader{executor, cluster, end};
    const auto found = co_await reader.annotated_pods(flags.custom_metrics_annotations, kMostLookedUp);
    if (!found) co_return found.error();
    if (found->empty()) co_return Seen{};
    // Agents on their nodes' network are often the first, and not asked.
    scraper::PodLookup lookup{executor, cluster};
    const kube::Pod* pod = nullptr;
    scraper::LookedUpPod place;
    for (const kube::Pod& each : *found) {
        scraper::LookedUpPod looked_up = co_await lookup.ask(each.name_space, each.name);
        const bool is_better = looked_up.trouble.empty() && !looked_up.pod.host_network;
        if (pod != nullptr && !is_better) continue;
        pod = &each;
        place = std::move(looked_up);
        if (is_better) break;
    }
    AnnotatedPodSeen seen;
    seen.pod = pod->name_space + "/" + pod->name;
    seen.trouble = place.trouble;
    if (!place.trouble.empty()) co_return Seen{std::move(seen)};
    const auto nodes = co_await reader.nodes(flags.node_selector);
    const auto rules = endpoint_rules(flags, nodes ? *nodes : std::vector<kube::Node>{});
    const storage::applications::Annotations annotations{pod->scrape.port, pod->scrape.path,
                                                         pod->scrape.scheme};
    const scraper::FoundEndpoint endpoint = scraper::endpoint_of(annotations, place.pod, rules);
    seen.refused = !endpoint.refusal.empty();
    seen.trouble = endpoint.refusal;
    if (seen.refused) co_return Seen{std::move(seen)};
    seen.url = endpoint.endpoint.url();
    const auto tls = custom_metrics_tls(flags);
    storage::applications::Reading nothing;
    const scraper::PodScrape scrape = co_await scraper::scrape_pod(
        executor, endpoint.endpoint, tls ? &*tls : nullptr, version::product(), {}, nothing);
    seen.trouble = scrape.trouble;
    co_return Seen{std::move(seen)};
}

}  // namespace topd::doctor
