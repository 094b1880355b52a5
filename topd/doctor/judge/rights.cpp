// SPDX-License-Identifier: Apache-2.0
#include "topd/doctor/judge/rights.hpp"

#include "kube/json/members.hpp"
#include "topd/settings.hpp"

#include <array>

#include <fmt/format.h>

namespace topd::doctor {
namespace {

constexpr std::string_view kConfigMap = "extension-apiserver-authentication";

// What a missing right costs, and what grants it in deploy/topd.yaml.
struct Explanation {
    std::string_view id;
    std::string_view costs;
    std::string_view mend;
    Severity severity = Severity::error;
};
constexpr std::array<Explanation, 7> kExplanations{{
    {"rbac-nodes", "topd does not learn which nodes there are and serves nothing",
     "allow get, list and watch on nodes: ClusterRole and ClusterRoleBinding system:metrics-server of "
     "deploy/topd.yaml"},
    {"rbac-pods", "topd does not learn which pods run and serves no pod metrics",
     "allow get, list and watch on pods: ClusterRole and ClusterRoleBinding system:metrics-server of "
     "deploy/topd.yaml"},
    {"rbac-nodes-metrics", "kubelets answer topd with 403",
     "allow get on nodes/metrics: ClusterRole and ClusterRoleBinding system:metrics-server of "
     "deploy/topd.yaml"},
    {"rbac-nodes-stats", "kubelets answer --kubelet-summary with 403",
     "allow get on nodes/stats: ClusterRole and ClusterRoleBinding system:metrics-server:summary of "
     "deploy/summary",
     Severity::warning},
    {"rbac-custom-metrics",
     "autoscalers get no metrics of Services, or of Deployments and what else has a scale",
     "allow get on services and */scale: ClusterRole and ClusterRoleBinding "
     "system:metrics-server:custom-metrics of deploy/custom-metrics",
     Severity::warning},
    {"rbac-auth-delegator", "topd cannot ask who its clients are and what they may, and refuses them",
     "bind the ClusterRole system:auth-delegator: ClusterRoleBinding metrics-server:system:auth-delegator of "
     "deploy/topd.yaml"},
    {"rbac-auth-reader",
     "topd does not learn which front proxy and client authorities to trust, and refuses "
     "what the aggregator asks",
     "bind the Role extension-apiserver-authentication-reader in kube-system: RoleBinding "
     "metrics-server-auth-reader of deploy/topd.yaml"},
}};

// "list nodes", "get configmaps kube-system/extension-apiserver-authentication".
std::string words(const Right& right) {
    std::string text = fmt::format("{} {}", right.verb, right.resource);
    if (!right.subresource.empty()) text += fmt::format("/{}", right.subresource);
    if (!right.name.empty()) text += fmt::format(" {}/{}", right.name_space, right.name);
    return text;
}

enum class Decision { allowed, denied, unknown };

Decision decision(const Answer& review) {
    if (!review) return Decision::unknown;
    const auto document = nlohmann::json::parse(*review, nullptr, false);
    const nlohmann::json& status = kube::member(document, "status");
    if (!status.is_object()) return Decision::unknown;
    return kube::flag(status, "allowed") ? Decision::allowed : Decision::denied;
}

bool is_service_account(std::string_view who) {
    return who.starts_with("system:serviceaccount:");
}

}  // namespace

std::vector<Right> needed_rights(const Flags& flags) {
    std::vector<Right> rights;
    for (const char* verb : {"list", "watch"})
        rights.push_back({"rbac-nodes", Asker::cluster, verb, "", "nodes"});
    for (const char* verb : {"list", "watch"})
        rights.push_back({"rbac-pods", Asker::cluster, verb, "", "pods"});
    // Kubelets judge whoever the client certificate names, or nobody at all.
    if (flags.kubelet_client_certificate.empty() && !flags.deprecated_kubelet_completely_insecure)
        rights.push_back({"rbac-nodes-metrics", Asker::cluster, "get", "", "nodes", "metrics"});
    if (flags.kubelet_summary && flags.kubelet_client_certificate.empty() &&
        !flags.deprecated_kubelet_completely_insecure)
        rights.push_back({"rbac-nodes-stats", Asker::cluster, "get", "", "nodes", "stats"});
    if (flags.custom_metrics) {
        rights.push_back({"rbac-custom-metrics", Asker::cluster, "get", "", "services"});
        rights.push_back({"rbac-custom-metrics", Asker::cluster, "get", "apps", "deployments", "scale"});
    }
    rights.push_back(
        {"rbac-auth-delegator", Asker::authentication, "create", "authentication.k8s.io", "tokenreviews"});
    rights.push_back({"rbac-auth-delegator", Asker::authorization, "create", "authorization.k8s.io",
                      "subjectaccessreviews"});
    if (!needs_authentication_config(flags)) return rights;
    for (const char* verb : {"get", "list", "watch"})
        rights.push_back({"rbac-auth-reader", Asker::authentication, verb, "", "configmaps", "",
                          "kube-system", kConfigMap});
    return rights;
}

std::string self_access_review(const Right& right) {
    nlohmann::json attributes = {{"verb", right.verb}, {"resource", right.resource}};
    const auto add = [&](const char* key, std::string_view value) {
        if (!value.empty()) attributes[key] = value;
    };
    add("group", right.group);
    add("subresource", right.subresource);
    add("namespace", right.name_space);
    add("name", right.name);
    return nlohmann::json{{"apiVersion", "authorization.k8s.io/v1"},
                          {"kind", "SelfSubjectAccessReview"},
                          {"spec", {{"resourceAttributes", attributes}}}}
        .dump();
}

bool is_granted(const std::vector<AskedRight>& asked, std::string_view id) {
    bool any = false;
    for (const AskedRight& ask : asked) {
        if (ask.right.id != id) continue;
        if (decision(ask.review) != Decision::allowed) return false;
        any = true;
    }
    return any;
}

Check judge_rights(const std::vector<AskedRight>& asked, const std::string& who) {
    Check check;
    check.title = "Rights";
    std::size_t allowed = 0;
    for (const Explanation& one : kExplanations) {
        std::string missing;
        for (const AskedRight& ask : asked) {
            if (ask.right.id != one.id) continue;
            if (decision(ask.review) == Decision::allowed) ++allowed;
            if (decision(ask.review) == Decision::denied)
                missing += (missing.empty() ? "" : ", ") + words(ask.right);
        }
        if (missing.empty()) continue;
        check.findings.push_back({one.severity, std::string{one.id}, who.empty() ? "topd's identity" : who,
                                  fmt::format("may not: {}; so {}", missing, one.costs),
                                  std::string{one.mend}});
    }
    for (const AskedRight& ask : asked)
        if (decision(ask.review) == Decision::unknown)
            check.notes.push_back(fmt::format(
                "whether topd may {} is not known: {}", words(ask.right),
                ask.review ? "the answer is no review" : one_line(ask.review.error().text(), 200)));
    if (!who.empty() && !is_service_account(who))
        check.notes.push_back(
            fmt::format("these are the rights of {}, not those of topd's service account", who));
    if (allowed > 0) check.well = fmt::format("all {} that were asked for are granted", allowed);
    return check;
}

}  // namespace topd::doctor
