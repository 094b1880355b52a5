// SPDX-License-Identifier: Apache-2.0
#include "test/sim/api/objects/core_objects.hpp"
#include "test/sim/api/objects/protobuf.hpp"
#include "test/sim/cluster/workloads.hpp"

#include <string>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <protozero/pbf_reader.hpp>

namespace sim {
namespace {

constexpr Nanos kNow = 1'795'408'000 * kSecond;

// The field's first occurrence, by a path of field numbers; empty: not there.
std::string at_path(std::string message, std::initializer_list<std::uint32_t> path) {
    for (const std::uint32_t field : path) {
        protozero::pbf_reader reader{message};
        if (!reader.next(field)) return "";
        message = std::string{reader.get_view()};
    }
    return message;
}

std::string unwrap(const std::string& enveloped, const std::string& kind, const std::string& api_version) {
    REQUIRE(enveloped.substr(0, 4) == std::string("k8s\0", 4));
    const std::string unknown = enveloped.substr(4);
    CHECK(at_path(unknown, {1, 1}) == api_version);
    CHECK(at_path(unknown, {1, 2}) == kind);
    CHECK(unknown.substr(unknown.size() - 4) == std::string("\x1a\0\x22\0", 4));
    return at_path(unknown, {2});
}

struct Fixture {
    Model model{{2, 10, 1}, kNow};
    const Node& node = model.nodes()[1];
    const Pod& pod = *node.pods[5];
};

}  // namespace

TEST_CASE("The envelope is k8s and the message Unknown with its two empty strings") {
    CHECK(protobuf_envelope("Pod", "v1", "xy") ==
          std::string("k8s\0\x0a\x09\x0a\x02v1\x12\x03Pod\x12\x02xy\x1a\0\x22\0", 4 + 11 + 4 + 4));
    CHECK(field_size(127) == 129);
    CHECK(field_size(128) == 131);
    CHECK(time_message(kNow + 5) == std::string("\x08\x80\x81\x8f\xd8\x06\x10\x00", 8));
}

TEST_CASE("A node says the same in JSON and protobuf") {
    Fixture f;
    f.model.set_metrics_path(f.node.name, "/custom");
    const NodeObject object{f.node, 10250, kNow};
    const auto json =
        nlohmann::json::parse(encode_object(object, 42, {"Node", "v1"}, Encoding::json, Shape::whole));
    const std::string message =
        unwrap(encode_object(object, 42, {"Node", "v1"}, Encoding::protobuf, Shape::whole), "Node", "v1");
    CHECK(json["kind"] == "Node");
    CHECK(json["metadata"]["name"] == "node-0002");
    CHECK(json["metadata"]["resourceVersion"] == "42");
    CHECK(json["metadata"]["annotations"]["metrics.k8s.io/resource-metrics-path"] == "/custom");
    CHECK(json["status"]["addresses"][0]["type"] == "InternalIP");
    CHECK(json["status"]["addresses"][0]["address"] == "127.16.0.2");
    CHECK(json["status"]["daemonEndpoints"]["kubeletEndpoint"]["Port"] == 10250);
    CHECK(json["status"]["capacity"]["memory"] == "67108864Ki");
    CHECK(json["status"]["allocatable"]["memory"] == "67006464Ki");
    CHECK(at_path(message, {1, 1}) == "node-0002");
    CHECK(at_path(message, {1, 6}) == "42");
    CHECK(at_path(message, {1, 12, 1}) == "metrics.k8s.io/resource-metrics-path");
    CHECK(at_path(message, {1, 12, 2}) == "/custom");
    CHECK(at_path(message, {3, 5, 1}) == "InternalIP");
    CHECK(at_path(message, {3, 5, 2}) == "127.16.0.2");
    CHECK(at_path(message, {3, 2, 1}) == "cpu");
    CHECK(at_path(message, {3, 1, 2, 1}) == "16");
    CHECK(at_path(message, {3, 2, 2, 1}) == "15910m");
    CHECK(at_path(message, {3, 6, 1}) == "\x08\x8a\x50");
}

TEST_CASE("A pod says the same in JSON and protobuf") {
    Fixture f;
    const PodObject object{f.pod, f.node};
    const auto json =
        nlohmann::json::parse(encode_object(object, 7, {"Pod", "v1"}, Encoding::json, Shape::whole));
    const std::string message =
        unwrap(encode_object(object, 7, {"Pod", "v1"}, Encoding::protobuf, Shape::whole), "Pod", "v1");
    CHECK(json["metadata"]["namespace"] == f.pod.name_space);
    CHECK(json["spec"]["nodeName"] == "node-0002");
    CHECK(json["status"]["phase"] == "Running");
    CHECK(json["status"]["containerStatuses"].size() + json["status"]["initContainerStatuses"].size() ==
          f.pod.containers.size());
    const auto& resources = json["spec"]["containers"][0]["resources"];
    CHECK(resources["requests"]["cpu"] == std::to_string(f.pod.containers[0].cpu_request_milli) + "m");
    CHECK(at_path(message, {2, 2, 8, 2, 1}) == "cpu");
    CHECK(at_path(message, {2, 2, 8, 2, 2, 1}) == resources["requests"]["cpu"].get<std::string>());
    CHECK(at_path(message, {1, 1}) == f.pod.name);
    CHECK(at_path(message, {1, 3}) == f.pod.name_space);
    CHECK(at_path(message, {1, 11, 1}) == "app");
    CHECK(at_path(message, {1, 11, 2}) == json["metadata"]["labels"]["app"].get<std::string>());
    CHECK(at_path(message, {1, 13, 3}) == json["metadata"]["ownerReferences"][0]["name"].get<std::string>());
    CHECK(at_path(message, {2, 10}) == "node-0002");
    CHECK(at_path(message, {2, 2, 1}) == f.pod.containers[0].name);
    CHECK(at_path(message, {3, 1}) == "Running");
    CHECK(object.field("status.phase") == "Running");
    CHECK(object.field("metadata.name") == f.pod.name);
    CHECK(object.field("spec.nodeName") == "node-0002");
    CHECK_FALSE(object.field("spec.hostname").has_value());
}

TEST_CASE("Istio's proxy is a sidecar in JSON and protobuf") {
    Fixture f;
    Pod pod = f.pod;
    pod.containers.resize(1);
    pod.containers.push_back(pod.containers[0]);
    pod.containers[1].name = "istio-proxy";
    pod.containers[1].restarts = 2;
    const PodObject object{pod, f.node};
    const auto json =
        nlohmann::json::parse(encode_object(object, 7, {"Pod", "v1"}, Encoding::json, Shape::whole));
    const std::string message =
        unwrap(encode_object(object, 7, {"Pod", "v1"}, Encoding::protobuf, Shape::whole), "Pod", "v1");
    CHECK(json["spec"]["containers"].size() == 1);
    CHECK(json["spec"]["initContainers"][0]["name"] == "istio-proxy");
    CHECK(json["spec"]["initContainers"][0]["restartPolicy"] == "Always");
    CHECK(json["status"]["initContainerStatuses"][0]["restartCount"] == 2);
    CHECK(at_path(message, {2, 20, 1}) == "istio-proxy");
    CHECK(at_path(message, {2, 20, 24}) == "Always");
    CHECK(at_path(message, {3, 10, 1}) == "istio-proxy");
}

TEST_CASE("Metadata alone has its own kind and a real object's size") {
    Fixture f;
    const PodObject object{f.pod, f.node};
    const std::string bytes = encode_object(object, 7, {"Pod", "v1"}, Encoding::protobuf, Shape::metadata);
    const std::string message = unwrap(bytes, "PartialObjectMetadata", "meta.k8s.io/v1");
    CHECK(at_path(message, {1, 1}) == f.pod.name);
    CHECK(at_path(message, {2}).empty());
    CHECK(bytes.size() > 1'800);
    CHECK(bytes.size() < 3'000);
    const auto json =
        nlohmann::json::parse(encode_object(object, 7, {"Pod", "v1"}, Encoding::json, Shape::metadata));
    CHECK(json["kind"] == "PartialObjectMetadata");
    CHECK(json["metadata"]["uid"] == f.pod.uid);
    CHECK_FALSE(json.contains("status"));
}

}  // namespace sim
