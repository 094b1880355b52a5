// SPDX-License-Identifier: Apache-2.0
#include "topd/doctor/ask/annotated_pod.hpp"

#include "scraper/applications/pod_lookup.hpp"
#include "scraper/applications/pod_scrape.hpp"
#include "topd/custom_metrics.hpp"
#include "topd/doctor/ask/api_reader.hpp"
#include "version/version.hpp"

#include <set>
#include <stdexcept>
#include <utility>

#include <boost/asio/ip/address.hpp>

namespace topd::doctor {
namespace {

// Those that are looked up for one with a network of its own.
constexpr std::size_t kMostLookedUp = 5;

}  // namespace

std::string authorities_fault(const Flags& flags) {
    try {
        custom_metrics_tls(flags);
        return {};
    } catch (const std::runtime_error& error) {
        std::string_view why = error.what();
        constexpr std::string_view kPrefix = "--custom-metrics-ca-file: ";
        if (why.starts_with(kPrefix)) why.remove_prefix(kPrefix.size());
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
    scraper::EndpointRules rules = custom_metrics_rules(flags);
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
