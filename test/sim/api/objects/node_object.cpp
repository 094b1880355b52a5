// SPDX-License-Identifier: Apache-2.0
#include "test/sim/api/objects/core_objects.hpp"
#include "test/sim/api/objects/protobuf.hpp"
#include "test/sim/cluster/names.hpp"
#include "test/sim/cluster/seed.hpp"

#include <nlohmann/json.hpp>
#include <protozero/pbf_writer.hpp>

namespace sim {
namespace {

using nlohmann::ordered_json;
using protozero::pbf_writer;

constexpr std::string_view kKubelet = "v1.37.2";
constexpr std::string_view kRuntime = "containerd://2.4.2";
constexpr std::string_view kOs = "Debian GNU/Linux 12 (bookworm)";
constexpr std::string_view kKernel = "6.1.0-28-amd64";
// An annotation of metrics-server's: where the page is, when not at /metrics/resource.
constexpr std::string_view kPathAnnotation = "metrics.k8s.io/resource-metrics-path";

constexpr std::string_view kManaged =
    R"({"f:metadata":{"f:annotations":{".":{},"f:volumes.kubernetes.io/controller-managed-attach-detach":{}},)"
    R"("f:labels":{".":{},"f:beta.kubernetes.io/arch":{},"f:kubernetes.io/arch":{},"f:kubernetes.io/hostname":{},)"
    R"("f:kubernetes.io/os":{},"f:topology.kubernetes.io/zone":{}}}})";

std::string condition_message(std::string_view type, std::string_view status, std::string_view reason,
                              Nanos at) {
    std::string out;
    pbf_writer writer{out};
    add_text(writer, 1, type);
    add_text(writer, 2, status);
    writer.add_message(3, time_message(at));
    writer.add_message(4, time_message(at));
    add_text(writer, 5, reason);
    add_text(writer, 6, "");
    return out;
}

std::string address_message(std::string_view type, std::string_view address) {
    std::string out;
    pbf_writer writer{out};
    add_text(writer, 1, type);
    add_text(writer, 2, address);
    return out;
}

std::string info_message(const std::string& uid) {
    std::string out;
    pbf_writer writer{out};
    add_text(writer, 1, uid);
    add_text(writer, 2, uid);
    add_text(writer, 3, uid);
    add_text(writer, 4, kKernel);
    add_text(writer, 5, kOs);
    add_text(writer, 6, kRuntime);
    add_text(writer, 7, kKubelet);
    add_text(writer, 8, "");
    add_text(writer, 9, "linux");
    add_text(writer, 10, "amd64");
    return out;
}

}  // namespace

NodeObject::NodeObject(const Node& node, std::uint16_t kubelet_port, Nanos now)
    : ip_{node.ip},
      ready_{node.ready},
      cores_{node.cores},
      memory_bytes_{node.memory_capacity_bytes},
      kubelet_port_{kubelet_port},
      booted_{node.booted},
      changed_{now} {
    meta_.name = node.name;
    meta_.uid = node.uid;
    meta_.created = node.booted;
    meta_.labels = {{"beta.kubernetes.io/arch", "amd64"},
                    {"kubernetes.io/arch", "amd64"},
                    {"kubernetes.io/hostname", node.name},
                    {"kubernetes.io/os", "linux"},
                    {"topology.kubernetes.io/zone", node.zone}};
    if (!node.metrics_path.empty()) meta_.annotations.emplace_back(kPathAnnotation, node.metrics_path);
    meta_.annotations.emplace_back("volumes.kubernetes.io/controller-managed-attach-detach", "true");
    meta_.managed_fields = kManaged;
}

std::optional<std::string> NodeObject::own_field(std::string_view path) const {
    if (path == "spec.unschedulable") return "false";
    return std::nullopt;
}

Labels NodeObject::capacity() const {
    return {{"cpu", std::to_string(cores_)},
            {"ephemeral-storage", "102687672Ki"},
            {"memory", std::to_string(memory_bytes_ / 1024) + "Ki"},
            {"pods", "110"}};
}

// As a kubelet writes it: storage without a suffix.
Labels NodeObject::allocatable() const {
    return {{"cpu", std::to_string(cores_ * 1000 - 90) + "m"},
            {"ephemeral-storage", "94636958361"},
            {"memory", std::to_string(memory_bytes_ / 1024 - 100 * 1024) + "Ki"},
            {"pods", "110"}};
}

void NodeObject::write_json(ordered_json& to) const {
    const auto quantities = [](const Labels& list) {
        ordered_json json;
        for (const auto& [name, text] : list) json[name] = text;
        return json;
    };
    const auto condition = [](std::string_view type, std::string_view status, std::string_view reason,
                              Nanos at) {
        return ordered_json{{"type", type},
                            {"status", status},
                            {"lastHeartbeatTime", rfc3339(at)},
                            {"lastTransitionTime", rfc3339(at)},
                            {"reason", reason},
                            {"message", ""}};
    };
    to["spec"] = ordered_json::object();
    to["status"] = {
        {"capacity", quantities(capacity())},
        {"allocatable", quantities(allocatable())},
        {"conditions",
         {condition("MemoryPressure", "False", "KubeletHasSufficientMemory", booted_),
          condition("Ready", ready_ ? "True" : "Unknown", ready_ ? "KubeletReady" : "NodeStatusUnknown",
                    changed_)}},
        {"addresses",
         {{{"type", "InternalIP"}, {"address", ip_}}, {{"type", "Hostname"}, {"address", meta_.name}}}},
        {"daemonEndpoints", {{"kubeletEndpoint", {{"Port", kubelet_port_}}}}},
        {"nodeInfo",
         {{"machineID", meta_.uid},
          {"systemUUID", meta_.uid},
          {"bootID", meta_.uid},
          {"kernelVersion", kKernel},
          {"osImage", kOs},
          {"containerRuntimeVersion", kRuntime},
          {"kubeletVersion", kKubelet},
          {"kubeProxyVersion", ""},
          {"operatingSystem", "linux"},
          {"architecture", "amd64"}}}};
}

void NodeObject::write_protobuf(std::string& to) const {
    std::string endpoint;
    pbf_writer{endpoint}.add_int32(1, kubelet_port_);
    std::string endpoints;
    pbf_writer{endpoints}.add_message(1, endpoint);

    std::string status;
    pbf_writer writer{status};
    add_quantities(writer, 1, capacity());
    add_quantities(writer, 2, allocatable());
    add_text(writer, 3, "");
    writer.add_message(4,
                       condition_message("MemoryPressure", "False", "KubeletHasSufficientMemory", booted_));
    writer.add_message(4, condition_message("Ready", ready_ ? "True" : "Unknown",
                                            ready_ ? "KubeletReady" : "NodeStatusUnknown", changed_));
    writer.add_message(5, address_message("InternalIP", ip_));
    writer.add_message(5, address_message("Hostname", meta_.name));
    writer.add_message(6, endpoints);
    writer.add_message(7, info_message(meta_.uid));
    pbf_writer object{to};
    object.add_message(2, std::string{});
    object.add_message(3, status);
}

}  // namespace sim
