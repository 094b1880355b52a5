// SPDX-License-Identifier: Apache-2.0
#include "topd/doctor/judge/api_services.hpp"

#include "kube/config/config_values.hpp"
#include "kube/json/members.hpp"

#include <fmt/format.h>

namespace topd::doctor {
namespace {

int number(const nlohmann::json& object, const char* key, int otherwise) {
    const nlohmann::json& value = kube::member(object, key);
    return value.is_number_integer() ? value.get<int>() : otherwise;
}

void read_condition(const nlohmann::json& status, ApiService& into) {
    for (const nlohmann::json& condition : kube::member(status, "conditions")) {
        if (kube::text(condition, "type") != "Available") continue;
        const std::string value = kube::text(condition, "status");
        using Available = ApiService::Available;
        into.available = value == "True"    ? Available::yes
                         : value == "False" ? Available::no
                                            : Available::unknown;
        into.reason = one_line(kube::text(condition, "reason"), 60);
        into.message = one_line(kube::text(condition, "message"));
    }
}

bool is_unavailable(const ApiServiceSeen& seen) {
    const std::optional<ApiService> service = read_api_service(seen);
    if (service && service->available == ApiService::Available::no) return true;
    return !is_missing(seen) && !seen.discovery;
}

// What the condition says, else what a client is told.
std::string complaint(const ApiServiceSeen& seen) {
    const std::optional<ApiService> service = read_api_service(seen);
    if (service && service->available == ApiService::Available::no)
        return fmt::format("{}: {}", service->reason, service->message);
    return seen.discovery ? "" : one_line(seen.discovery.error().text());
}

std::string target(const ApiService& service) {
    return service.service.empty() ? "no Service" : "Service " + service.leads_to();
}

void judge_pair(const ApiService& beta, const ApiService& v1, Findings& into) {
    if (target(beta) != target(v1)) {
        into.push_back(
            {Severity::error, "apiservice-conflict", beta.object() + ", " + v1.object(),
             fmt::format("they lead to different servers: {} to {}, {} to {}; only one of them is topd",
                         beta.name, target(beta), v1.name, target(v1)),
             "remove the other server of metrics.k8s.io (another metrics-server, prometheus-adapter) and "
             "apply deploy/topd.yaml again"});
        return;
    }
    if (v1.version_priority >= beta.version_priority)
        into.push_back(
            {Severity::warning, "apiservice-priority", v1.object(),
             fmt::format(
                 "its versionPriority {} is not below the {} of {}: kubectl top asks v1, and fails as soon "
                 "as a server that does not know v1 takes topd's place",
                 v1.version_priority, beta.version_priority, beta.name),
             "set versionPriority to 50 and that of v1beta1 to 100, or delete v1.metrics.k8s.io before a way "
             "back"});
}

}  // namespace

bool is_missing(const ApiServiceSeen& seen) {
    const auto missing = [](const Answer& answer) { return !answer && answer.error().http_status == 404; };
    return !seen.object && (missing(seen.object) || missing(seen.discovery));
}

std::optional<ApiService> read_api_service(const ApiServiceSeen& seen) {
    if (!seen.object) return std::nullopt;
    const auto document = nlohmann::json::parse(*seen.object, nullptr, false);
    const nlohmann::json& spec = kube::member(document, "spec");
    const nlohmann::json& target = kube::member(spec, "service");
    ApiService service;
    service.name = seen.name;
    service.service = one_line(kube::text(target, "name"), 253);
    service.name_space = one_line(kube::text(target, "namespace"), 253);
    service.port = number(target, "port", 443);
    service.insecure = kube::flag(spec, "insecureSkipTLSVerify");
    service.version_priority = number(spec, "versionPriority", 0);
    const auto bundle = kube::decode_base64(kube::text(spec, "caBundle"));
    service.ca_bundle = bundle.value_or("");
    service.ca_bundle_readable = bundle.has_value();
    read_condition(kube::member(document, "status"), service);
    return service;
}

Check judge_api_services(const ApiServiceSeen& v1beta1, const ApiServiceSeen& v1) {
    Check check;
    check.title = "APIServices";
    if (is_missing(v1beta1))
        check.findings.push_back({Severity::error, "apiservice-missing", "APIService " + v1beta1.name,
                                  "does not exist: autoscalers and kubectl top find no metrics API",
                                  "apply deploy/topd.yaml, which holds it"});
    const std::optional<ApiService> beta = read_api_service(v1beta1);
    const std::optional<ApiService> stable = read_api_service(v1);
    for (const auto& service : {beta, stable})
        if (service && service->service.empty())
            check.findings.push_back({Severity::error, "apiservice-local", service->object(),
                                      "names no Service, so kube-apiserver looks for the group in itself",
                                      "apply deploy/topd.yaml, which says spec.service"});
    if (beta && stable && check.findings.empty()) judge_pair(*beta, *stable, check.findings);
    for (const ApiServiceSeen* seen : {&v1beta1, &v1})
        if (!seen->object && seen->object.error().http_status == 403)
            check.notes.push_back(
                fmt::format("APIService {} was not looked at: not allowed (topd itself needs no "
                            "such right); name your own kubeconfig by --admin-kubeconfig",
                            seen->name));
        else if (!seen->object && seen->object.error().http_status != 404)
            check.notes.push_back(fmt::format("APIService {} was not looked at: {}", seen->name,
                                              one_line(seen->object.error().text(), 200)));
    check.well = is_missing(v1) ? "v1beta1 is registered, v1 is not" : "v1beta1 and v1 are registered";
    return check;
}

void judge_availability(const ApiServiceSeen& v1beta1, const ApiServiceSeen& v1, Check& into) {
    const bool beta_away = is_unavailable(v1beta1);
    const bool stable_away = is_unavailable(v1);
    if (beta_away) {
        const std::string where = "APIService " + v1beta1.name + (stable_away ? ", " + v1.name : "");
        into.findings.push_back({Severity::error, "apiservice-unavailable", where,
                                 "kube-apiserver does not reach topd: " + complaint(v1beta1),
                                 "see that topd's pod runs (kubectl -n kube-system get pods -l "
                                 "k8s-app=metrics-server) and that the control plane reaches its port: "
                                 "firewalls, security groups, network policies, and the port clash of two "
                                 "servers on one host network"});
    } else if (stable_away) {
        into.findings.push_back(
            {Severity::error, "apiservice-v1-not-served", "APIService " + v1.name,
             "is registered, and the server behind it does not serve v1: kubectl top may fail, and deleted "
             "namespaces stay in Terminating: " +
                 complaint(v1),
             "kubectl delete apiservice v1.metrics.k8s.io, or finish the rollout of topd"});
    }
}

}  // namespace topd::doctor
