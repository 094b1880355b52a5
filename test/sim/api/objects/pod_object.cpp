// SPDX-License-Identifier: Apache-2.0
#include "test/sim/api/objects/core_objects.hpp"
#include "test/sim/api/objects/protobuf.hpp"
#include "test/sim/cluster/names.hpp"

#include <nlohmann/json.hpp>
#include <protozero/pbf_writer.hpp>

namespace sim {
namespace {

using nlohmann::ordered_json;
using protozero::pbf_writer;

constexpr std::string_view kImage = "registry.example.com/app:1.4.2";
constexpr std::string_view kImageId =
    "registry.example.com/app@sha256:4bf0aefd4c1b3bbd4c4cbf2b5f2e6a0de7d1b1a8f6a3de59fb5b0f3a9b6d1c20";

// What the controller manager and the kubelet write, as in real pods: with it the metadata have about 2.3 kB.
constexpr std::string_view kManaged =
    R"({"f:metadata":{"f:annotations":{".":{},"f:checksum/config":{}},"f:generateName":{},"f:labels":{".":{},)"
    R"("f:app":{},"f:app.kubernetes.io/name":{},"f:pod-template-hash":{}},"f:ownerReferences":{".":{},)"
    R"("k:{\"uid\":\"3f1cb3a8-77b7-4f7e-a11b-d1ed8c7cf0c8\"}":{}}},"f:spec":{"f:containers":{)"
    R"("k:{\"name\":\"app\"}":{".":{},"f:env":{".":{},"k:{\"name\":\"LOG_LEVEL\"}":{".":{},"f:name":{},"f:value":{}},)"
    R"("k:{\"name\":\"PORT\"}":{".":{},"f:name":{},"f:value":{}}},"f:image":{},"f:imagePullPolicy":{},)"
    R"("f:livenessProbe":{".":{},"f:failureThreshold":{},"f:httpGet":{".":{},"f:path":{},"f:port":{},"f:scheme":{}},)"
    R"("f:initialDelaySeconds":{},"f:periodSeconds":{},"f:successThreshold":{},"f:timeoutSeconds":{}},"f:name":{},)"
    R"("f:ports":{".":{},"k:{\"containerPort\":8080,\"protocol\":\"TCP\"}":{".":{},"f:containerPort":{},"f:name":{},)"
    R"("f:protocol":{}}},"f:readinessProbe":{".":{},"f:failureThreshold":{},"f:httpGet":{".":{},"f:path":{},"f:port":{},)"
    R"("f:scheme":{}},"f:periodSeconds":{},"f:successThreshold":{},"f:timeoutSeconds":{}},"f:volumeMounts":{".":{},)"
    R"("k:{\"mountPath\":\"/etc/app\"}":{".":{},"f:mountPath":{},"f:name":{},"f:readOnly":{}},)"
    R"("k:{\"mountPath\":\"/tmp\"}":{".":{},"f:mountPath":{},"f:name":{}}},)"
    R"("f:resources":{".":{},"f:limits":{".":{},"f:memory":{}},"f:requests":{".":{},"f:cpu":{},)"
    R"("f:memory":{}}},"f:securityContext":{},"f:terminationMessagePath":{},"f:terminationMessagePolicy":{}}},)"
    R"("f:dnsPolicy":{},"f:enableServiceLinks":{},"f:restartPolicy":{},"f:schedulerName":{},"f:securityContext":{},)"
    R"("f:serviceAccount":{},"f:serviceAccountName":{},"f:terminationGracePeriodSeconds":{},"f:volumes":{".":{},)"
    R"("k:{\"name\":\"config\"}":{".":{},"f:configMap":{".":{},"f:defaultMode":{},"f:name":{}},"f:name":{}}}},"f:status":{)"
    R"("f:conditions":{".":{},"k:{\"type\":\"Ready\"}":{".":{},"f:lastTransitionTime":{},"f:status":{},"f:type":{}}},)"
    R"("f:containerStatuses":{},"f:hostIP":{},"f:phase":{},"f:podIP":{},"f:podIPs":{},"f:startTime":{}}})";

ordered_json quantities_json(const Labels& quantities) {
    ordered_json json = ordered_json::object();
    for (const auto& [name, text] : quantities) json[name] = text;
    return json;
}

}  // namespace

PodObject::PodObject(const Pod& pod, const Node& node)
    : node_name_{node.name},
      node_ip_{node.ip},
      ip_{pod.ip},
      running_{pod.phase == Pod::Phase::running},
      started_{pod.started} {
    meta_.name = pod.name;
    meta_.name_space = pod.name_space;
    meta_.uid = pod.uid;
    meta_.created = pod.created;
    meta_.labels = pod.labels;
    meta_.annotations = {{"checksum/config", "8a1f6e2d0c5b4a39" + pod.workload->template_hash}};
    meta_.annotations.insert(meta_.annotations.end(), pod.annotations.begin(), pod.annotations.end());
    meta_.owner_kind = pod.workload->owner_kind();
    meta_.owner_name = pod.workload->owner_name();
    meta_.owner_uid = pod.workload->owner_uid();
    meta_.managed_fields = kManaged;
    for (const Container& container : pod.containers) {
        ContainerState state = reserved(container);
        state.name = container.name;
        // Istio's proxy runs as a sidecar since Kubernetes has them.
        state.sidecar = container.name == "istio-proxy";
        state.started = container.lives.back().start;
        state.restarts = container.restarts;
        containers_.push_back(std::move(state));
    }
}

// What each has: a CPU request. Those with a memory limit ask for half of it, and for twice their CPU at
// most; a few have a device, which is both.
PodObject::ContainerState PodObject::reserved(const Container& container) {
    ContainerState state;
    const auto milli = [](std::int64_t value) { return std::to_string(value) + "m"; };
    const auto kibi = [](std::int64_t value) { return std::to_string(value / 1024) + "Ki"; };
    state.requests = {{"cpu", milli(container.cpu_request_milli)}};
    if (container.memory_limit_bytes > 0) {
        state.limits = {{"cpu", milli(2 * container.cpu_request_milli)},
                        {"memory", kibi(container.memory_limit_bytes)}};
        state.requests.emplace_back("memory", kibi(container.memory_limit_bytes / 2));
    }
    if (container.devices > 0) {
        state.limits.emplace_back("nvidia.com/gpu", std::to_string(container.devices));
        state.requests.emplace_back("nvidia.com/gpu", std::to_string(container.devices));
    }
    return state;
}

std::optional<std::string> PodObject::own_field(std::string_view path) const {
    if (path == "status.phase") return phase();
    if (path == "spec.nodeName") return node_name_;
    if (path == "status.podIP") return ip_;
    if (path == "spec.restartPolicy") return "Always";
    return std::nullopt;
}

void PodObject::write_json(ordered_json& to) const {
    ordered_json containers[2] = {ordered_json::array(), ordered_json::array()};
    ordered_json statuses[2] = {ordered_json::array(), ordered_json::array()};
    for (const ContainerState& state : containers_) {
        ordered_json resources{{"requests", quantities_json(state.requests)}};
        if (!state.limits.empty()) resources["limits"] = quantities_json(state.limits);
        ordered_json container{{"name", state.name}, {"image", kImage}, {"resources", resources}};
        if (state.sidecar) container["restartPolicy"] = "Always";
        containers[state.sidecar].push_back(std::move(container));
        statuses[state.sidecar].push_back({{"name", state.name},
                                           {"state", {{"running", {{"startedAt", rfc3339(state.started)}}}}},
                                           {"ready", true},
                                           {"restartCount", state.restarts},
                                           {"image", kImage},
                                           {"imageID", kImageId},
                                           {"started", true}});
    }
    to["spec"] = {{"containers", containers[false]}, {"restartPolicy", "Always"}, {"nodeName", node_name_}};
    if (!containers[true].empty()) to["spec"]["initContainers"] = containers[true];
    ordered_json status{{"phase", phase()}};
    status["conditions"] = {{{"type", "Ready"},
                             {"status", running_ ? "True" : "False"},
                             {"lastTransitionTime", rfc3339(running_ ? started_ : meta_.created)}}};
    status["hostIP"] = node_ip_;
    if (running_) {
        status["podIP"] = ip_;
        status["startTime"] = rfc3339(started_);
        status["containerStatuses"] = statuses[false];
        if (!statuses[true].empty()) status["initContainerStatuses"] = statuses[true];
    }
    to["status"] = status;
}

std::string PodObject::container_message(const ContainerState& container) {
    std::string resources;
    pbf_writer resources_writer{resources};
    add_quantities(resources_writer, 1, container.limits);
    add_quantities(resources_writer, 2, container.requests);
    std::string text;
    pbf_writer writer{text};
    writer.add_string(1, container.name);
    add_text(writer, 2, kImage);
    writer.add_message(8, resources);
    if (container.sidecar) add_text(writer, 24, "Always");
    return text;
}

std::string PodObject::status_message(const ContainerState& container) {
    std::string running, state, text;
    pbf_writer{running}.add_message(1, time_message(container.started));
    pbf_writer{state}.add_message(2, running);
    pbf_writer writer{text};
    writer.add_string(1, container.name);
    writer.add_message(2, state);
    writer.add_bool(4, true);
    writer.add_int32(5, container.restarts);
    add_text(writer, 6, kImage);
    add_text(writer, 7, kImageId);
    writer.add_bool(9, true);
    return text;
}

void PodObject::write_protobuf(std::string& to) const {
    std::string spec, status;
    pbf_writer spec_writer{spec}, status_writer{status};
    add_text(status_writer, 1, phase());
    std::string condition;
    pbf_writer condition_writer{condition};
    add_text(condition_writer, 1, "Ready");
    add_text(condition_writer, 2, running_ ? "True" : "False");
    condition_writer.add_message(4, time_message(running_ ? started_ : meta_.created));
    status_writer.add_message(2, condition);
    add_text(status_writer, 5, node_ip_);
    if (running_) {
        add_text(status_writer, 6, ip_);
        status_writer.add_message(7, time_message(started_));
    }
    for (const ContainerState& container : containers_) {
        spec_writer.add_message(container.sidecar ? 20 : 2, container_message(container));
        if (running_) status_writer.add_message(container.sidecar ? 10 : 8, status_message(container));
    }
    add_text(spec_writer, 3, "Always");
    spec_writer.add_string(10, node_name_);
    pbf_writer object{to};
    object.add_message(2, spec);
    object.add_message(3, status);
}

}  // namespace sim
