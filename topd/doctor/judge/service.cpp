// SPDX-License-Identifier: Apache-2.0
#include "topd/doctor/judge/service.hpp"

#include "kube/json/members.hpp"

#include <optional>

#include <fmt/format.h>

namespace topd::doctor {
namespace {

std::string object_of(const ApiService& service) {
    return "Service " + service.leads_to();
}

// The name of the Service's port of that number; nullopt: there is none.
std::optional<std::string> port_name(const nlohmann::json& spec, int port, std::string& ports) {
    for (const nlohmann::json& one : kube::member(spec, "ports")) {
        const nlohmann::json& number = kube::member(one, "port");
        if (!number.is_number_integer()) continue;
        if (number == port) return kube::text(one, "name");
        ports += (ports.empty() ? "" : ", ") + std::to_string(number.get<int>());
    }
    return std::nullopt;
}

bool has_port(const nlohmann::json& slice, const std::string& name) {
    for (const nlohmann::json& port : kube::member(slice, "ports"))
        if (kube::text(port, "name") == name) return true;
    return false;
}

struct Endpoints {
    std::size_t ready = 0;
    std::size_t not_ready = 0;
    std::size_t without_port = 0;
};

Endpoints count(const nlohmann::json& slices, const std::string& port) {
    Endpoints counted;
    for (const nlohmann::json& slice : kube::member(slices, "items")) {
        const bool right_port = has_port(slice, port);
        for (const nlohmann::json& endpoint : kube::member(slice, "endpoints")) {
            // Not said counts as ready.
            const nlohmann::json& ready = kube::member(kube::member(endpoint, "conditions"), "ready");
            const bool is_ready = !ready.is_boolean() || ready.get<bool>();
            ++(!right_port ? counted.without_port : is_ready ? counted.ready : counted.not_ready);
        }
    }
    return counted;
}

Finding no_endpoints(const ApiService& service, const nlohmann::json& spec, const Endpoints& seen) {
    std::string selector =
        kube::member(spec, "selector").is_object() ? kube::member(spec, "selector").dump() : "none";
    std::string what = fmt::format("has no ready endpoint (selector {}): ", one_line(selector, 200));
    std::string mend;
    if (seen.not_ready > 0) {
        what += fmt::format("{} not ready", seen.not_ready);
        mend =
            "see why topd's pod is not ready: kubectl -n kube-system logs deploy/metrics-server, and "
            "/readyz?verbose of it";
    } else if (seen.without_port > 0) {
        what += fmt::format("{} without the Service's port name", seen.without_port);
        mend =
            "let the Service's targetPort name a port of the container (https in deploy/topd.yaml), and a "
            "port of an own EndpointSlice bear the Service port's name";
    } else {
        what += "no pod with an address is selected";
        mend =
            "let the Service's selector match the labels of topd's pod (k8s-app: metrics-server in "
            "deploy/topd.yaml), and see that the pod runs";
    }
    return {Severity::error, "service-endpoints", object_of(service), std::move(what), std::move(mend)};
}

}  // namespace

std::string service_path(const ApiService& service) {
    return fmt::format("/api/v1/namespaces/{}/services/{}", service.name_space, service.service);
}

std::string slices_path(const ApiService& service) {
    return fmt::format(
        "/apis/discovery.k8s.io/v1/namespaces/{}/"
        "endpointslices?labelSelector=kubernetes.io%2Fservice-name%3D{}",
        service.name_space, service.service);
}

void judge_service(const ServiceSeen& seen, Check& into) {
    const ApiService& api = seen.api_service;
    if (!seen.service) {
        const kube::Failure& failure = seen.service.error();
        if (failure.http_status == 404)
            into.findings.push_back(
                {Severity::error, "service-missing", api.object(),
                 fmt::format("leads to {}, which does not exist", object_of(api)),
                 "apply deploy/topd.yaml again, or correct spec.service of the APIService"});
        else
            into.notes.push_back(
                fmt::format("{} was not looked at: {}", object_of(api), one_line(failure.text(), 200)));
        return;
    }
    const auto document = nlohmann::json::parse(*seen.service, nullptr, false);
    const nlohmann::json& spec = kube::member(document, "spec");
    // Its name is dialled as it is, at the APIService's port.
    if (kube::text(spec, "type") == "ExternalName") return;
    std::string ports;
    const std::optional<std::string> port = port_name(spec, api.port, ports);
    if (!port) {
        into.findings.push_back({Severity::error, "service-port", api.object(),
                                 fmt::format("asks for port {} of {}, which has {}", api.port, object_of(api),
                                             ports.empty() ? "none" : one_line(ports, 100)),
                                 "let spec.service.port of the APIService be a port of the Service (443 in "
                                 "deploy/topd.yaml)"});
        return;
    }
    if (!seen.slices) {
        into.notes.push_back(fmt::format("the endpoints of {} were not looked at: {}", object_of(api),
                                         one_line(seen.slices.error().text(), 200)));
        return;
    }
    const Endpoints endpoints = count(nlohmann::json::parse(*seen.slices, nullptr, false), *port);
    if (endpoints.ready == 0) into.findings.push_back(no_endpoints(api, spec, endpoints));
}

}  // namespace topd::doctor
