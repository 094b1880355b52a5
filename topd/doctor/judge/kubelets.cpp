// SPDX-License-Identifier: Apache-2.0
#include "topd/doctor/judge/kubelets.hpp"

#include "topd/doctor/judge/api_server.hpp"

#include <algorithm>
#include <cstdlib>
#include <map>

#include <fmt/format.h>

namespace topd::doctor {
namespace {

constexpr unsigned kUnauthorized = 401;
constexpr unsigned kForbidden = 403;
constexpr const char* kForbiddenId = "kubelet-forbidden";
constexpr const char* kOwnRefusal =
    "the API server grants topd nodes/metrics, so the kubelet has not asked it: set authorization.mode: "
    "Webhook in the kubelet's configuration";
// A page's newest line is at most some 30 s old.
constexpr std::chrono::seconds kOldestSample{90};

struct Group {
    std::vector<std::string> nodes;
    bool any_ready = false;
    const KubeletAnswer* first = nullptr;

    void add(const KubeletAnswer& answer) {
        nodes.push_back(answer.node);
        any_ready = any_ready || answer.ready;
        if (!first) first = &answer;
    }
    std::string where(std::size_t all) const {
        return fmt::format("{} {} ({} of {})", nodes.size() == 1 ? "node" : "nodes", few_of(nodes),
                           nodes.size(), all);
    }
};

// kubelet-unauthorized (401), kubelet-forbidden (403), or kubelet- and the reason's label.
std::string id_of(const scraper::Failure& failure) {
    if (failure.status == kUnauthorized) return "kubelet-unauthorized";
    if (failure.status == kForbidden) return kForbiddenId;
    std::string id = fmt::format("kubelet-{}", label(failure.reason()));
    std::replace(id.begin(), id.end(), '_', '-');
    return id;
}

Finding finding_of(const std::string& id, const Group& group, std::size_t all) {
    const scraper::Failure& failure = group.first->failure;
    // A kubelet that is down is what NotReady says already.
    const Severity severity = group.any_ready ? Severity::error : Severity::warning;
    std::string what = group.any_ready ? "" : "NotReady; ";
    if (group.nodes.size() > 1) what += group.first->node + ", for one: ";
    what += one_line(failure.sentence(group.first->url), 900);
    return {severity, id, group.where(all), std::move(what), std::string{failure.hint()}};
}

Finding clock_finding(const Group& group, std::size_t all) {
    const auto ahead = group.first->clock_ahead->count();
    return {Severity::warning, "clock-kubelet", group.where(all),
            fmt::format("the newest figure of {} is {} s {} this machine's clock", group.first->node,
                        std::abs(ahead), ahead > 0 ? "ahead of" : "behind"),
            "synchronise the clocks (NTP), or restart a kubelet whose figures stand still"};
}

}  // namespace

Check judge_kubelets(const KubeletsSeen& seen) {
    Check check;
    check.title = "Kubelets";
    if (seen.nodes == 0) {
        const bool selected = !seen.selector.empty();
        check.findings.push_back({Severity::error, "nodes-none", selected ? "--node-selector" : "the cluster",
                                  selected ? fmt::format("no node has the labels {}", one_line(seen.selector))
                                           : std::string{"there are no nodes"},
                                  selected ? "correct the selector, or label the nodes" : "add nodes"});
        return check;
    }
    std::map<std::string, Group> failed;
    Group wrong_clock;
    std::size_t good = 0;
    std::size_t forbidden = 0;
    for (const KubeletAnswer& answer : seen.answers) {
        const auto ahead = answer.clock_ahead.value_or(std::chrono::seconds{0});
        if (!answer.failure.error) ++good;
        if (seen.right == KubeletsSeen::Right::missing && answer.failure.status == kForbidden)
            ++forbidden;
        else if (answer.failure.error)
            failed[id_of(answer.failure)].add(answer);
        else if (ahead > kClockTolerance || ahead < -kOldestSample)
            wrong_clock.add(answer);
    }
    for (const auto& [id, group] : failed) {
        check.findings.push_back(finding_of(id, group, seen.nodes));
        if (id == kForbiddenId && seen.right == KubeletsSeen::Right::granted)
            check.findings.back().mend = kOwnRefusal;
    }
    if (wrong_clock.first) check.findings.push_back(clock_finding(wrong_clock, seen.nodes));
    if (forbidden > 0)
        check.notes.push_back(fmt::format(
            "{} of {} answered 403, as they must without the right to nodes/metrics", forbidden, seen.nodes));
    if (seen.answers.size() < seen.nodes)
        check.notes.push_back(fmt::format("{} of {} were not asked, for lack of time",
                                          seen.nodes - seen.answers.size(), seen.nodes));
    if (good > 0) check.well = fmt::format("{} of {} gave their metrics", good, seen.nodes);
    return check;
}

}  // namespace topd::doctor
