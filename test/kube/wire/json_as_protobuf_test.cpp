// SPDX-License-Identifier: Apache-2.0
// Random objects, written in protobuf and in JSON, are the same to both decoders.
#include "kube/json/decode_full.hpp"
#include "kube/wire/decode_full.hpp"
#include "test/kube/bytes.hpp"

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <tuple>
#include <vector>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace kube;
using namespace kube::test;

namespace {

using Json = nlohmann::ordered_json;
using Members = std::vector<std::pair<std::string, Json>>;

// An object in both forms, and what makes it.
class Writer {
  public:
    explicit Writer(unsigned seed) : random_{seed} {}

    unsigned up_to(unsigned most) { return static_cast<unsigned>(random_() % (most + 1)); }
    bool coin() { return up_to(1) == 1; }

    std::string text() {
        static const std::vector<std::string> kParts{"a",      "Ready",      "True", "\"",   "\\", "/", "\n",
                                                     "\x01",   "{",          "]",    ",",    ":",  " ", "é",
                                                     "\u2028", "\U0001F600", "\x7f", "null", "7"};
        std::string text;
        for (unsigned i = up_to(4); i > 0; --i)
            text += kParts[up_to(static_cast<unsigned>(kParts.size()) - 1)];
        return text;
    }

    Json unknown(int depth = 0) {
        switch (up_to(depth > 3 ? 4 : 6)) {
            case 0:
                return nullptr;
            case 1:
                return coin();
            case 2:
                return -1.5e10;
            case 3:
                return up_to(1000);
            case 4:
                return text();
            case 5:
                return Json::array({unknown(depth + 1), unknown(depth + 1)});
            default:
                return {{"name", unknown(depth + 1)}, {"metadata", unknown(depth + 1)}};
        }
    }

    // In any order, with others between them.
    Json object(Members members) {
        for (unsigned i = up_to(2); i > 0; --i)
            members.emplace_back("unknown" + std::to_string(i), unknown());
        std::shuffle(members.begin(), members.end(), random_);
        Json object = Json::object();
        for (auto& [key, value] : members) object[key] = std::move(value);
        return object;
    }
    std::string message(std::vector<std::string> fields) {
        for (unsigned i = up_to(2); i > 0; --i) fields.push_back(coin() ? number(90, 7) : bytes(91, "x"));
        std::shuffle(fields.begin(), fields.end(), random_);
        std::string message;
        for (const std::string& field : fields) message += field;
        return message;
    }

    // A member with a text: there, empty or missing.
    void add_text(unsigned field, const char* key, std::vector<std::string>& fields, Members& members) {
        if (up_to(3) == 0) {
            if (coin()) members.emplace_back(key, nullptr);
            return;
        }
        const std::string value = text();
        fields.push_back(bytes(field, value));
        members.emplace_back(key, value);
    }
    void add_map(unsigned field, const char* key, std::vector<std::string>& fields, Members& members) {
        std::map<std::string, std::string> map;
        for (unsigned i = up_to(4); i > 0; --i) map[text()] = text();
        if (coin()) map["metrics.k8s.io/resource-metrics-path"] = text();
        if (map.empty() && coin()) return;
        for (const auto& [name, value] : map) fields.push_back(entry(field, name, value));
        members.emplace_back(key, Json(map));
    }

    std::string dump(const Json& json) { return json.dump(static_cast<int>(up_to(3)) - 1, ' ', coin()); }

  private:
    std::minstd_rand random_;
};

struct Written {
    std::string protobuf;
    Json json;
};

Written object_meta(Writer& writer) {
    std::vector<std::string> fields;
    Members members;
    writer.add_text(1, "name", fields, members);
    writer.add_text(3, "namespace", fields, members);
    writer.add_text(5, "uid", fields, members);
    writer.add_text(6, "resourceVersion", fields, members);
    writer.add_map(11, "labels", fields, members);
    writer.add_map(12, "annotations", fields, members);
    return {writer.message(fields), writer.object(members)};
}

// NodeCondition and NodeAddress are alike.
void add_pairs(Writer& writer, unsigned field, const char* key, const char* second,
               std::vector<std::string>& fields, Members& members) {
    Json list = Json::array();
    for (unsigned i = writer.up_to(3); i > 0; --i) {
        const bool ready = writer.coin();
        const std::string a = ready ? "Ready" : writer.text(), b = ready ? "True" : writer.text();
        fields.push_back(bytes(field, writer.message({bytes(1, a), bytes(2, b)})));
        list.push_back(writer.object({{"type", a}, {second, b}}));
    }
    members.emplace_back(key, list);
}

Written node_status(Writer& writer) {
    std::vector<std::string> conditions, addresses;
    Members members;
    add_pairs(writer, 4, "conditions", "status", conditions, members);
    add_pairs(writer, 5, "addresses", "address", addresses, members);
    const unsigned port = writer.up_to(70'000);
    const std::string endpoints = bytes(6, bytes(1, number(1, port)));
    members.emplace_back("daemonEndpoints", Json{{"kubeletEndpoint", {{"Port", port}}}});
    std::string message = endpoints;
    const std::string cores = writer.coin() ? std::to_string(writer.up_to(100)) + "m" : writer.text();
    members.emplace_back("capacity", Json{{"cpu", cores}, {"memory", "8Gi"}});
    message += bytes(1, bytes(1, "cpu") + bytes(2, bytes(1, cores)));
    message += bytes(1, bytes(1, "memory") + bytes(2, bytes(1, "8Gi")));
    for (const std::string& field : conditions) message += field;
    for (const std::string& field : addresses) message += field;
    return {message, writer.object(members)};
}

// A resource list, of which some entries are no quantities.
void add_resources(Writer& writer, unsigned field, const char* key, std::vector<std::string>& fields,
                   Members& members) {
    static const std::vector<std::string> kTexts{"1", "250m", "64Mi", "1e3", "-1", "", "1.5Gi", "8Ei", "0.1"};
    std::map<std::string, std::string> list;
    for (unsigned i = writer.up_to(4); i > 0; --i) {
        const std::string resource = writer.coin() ? "cpu" : writer.text();
        list[resource] = kTexts[writer.up_to(static_cast<unsigned>(kTexts.size()) - 1)];
    }
    for (const auto& [resource, text] : list)
        fields.push_back(bytes(field, bytes(1, resource) + bytes(2, bytes(1, text))));
    members.emplace_back(key, Json(list));
}

Written requirements(Writer& writer) {
    std::vector<std::string> fields;
    Members members;
    add_resources(writer, 1, "limits", fields, members);
    add_resources(writer, 2, "requests", fields, members);
    return {writer.message(fields), writer.object(members)};
}

Written container(Writer& writer) {
    std::vector<std::string> fields;
    Members members;
    writer.add_text(1, "name", fields, members);
    writer.add_text(2, "image", fields, members);
    if (writer.coin()) {
        fields.push_back(bytes(24, "Always"));
        members.emplace_back("restartPolicy", "Always");
    }
    const Written resources = requirements(writer);
    fields.push_back(bytes(8, resources.protobuf));
    members.emplace_back("resources", resources.json);
    return {writer.message(fields), writer.object(members)};
}

Written container_status(Writer& writer) {
    std::vector<std::string> fields;
    Members members;
    writer.add_text(1, "name", fields, members);
    const unsigned restarts = writer.up_to(5);
    fields.push_back(number(5, restarts));
    members.emplace_back("restartCount", restarts);
    return {writer.message(fields), writer.object(members)};
}

Written owner(Writer& writer) {
    std::vector<std::string> fields;
    Members members;
    writer.add_text(1, "kind", fields, members);
    writer.add_text(3, "name", fields, members);
    const bool controller = writer.coin();
    fields.push_back(number(6, controller ? 1 : 0));
    members.emplace_back("controller", controller);
    return {writer.message(fields), writer.object(members)};
}

// Of elements of one kind, which stay in their order.
template <class Make>
void add_list(Writer& writer, unsigned field, const char* key, Make make, std::string& message,
              Members& members) {
    Json list = Json::array();
    for (unsigned i = writer.up_to(3); i > 0; --i) {
        const Written element = make(writer);
        message += bytes(field, element.protobuf);
        list.push_back(element.json);
    }
    members.emplace_back(key, list);
}

// The order of the two lists of containers is that of the message; so it is written the same in both.
Written whole_pod(Writer& writer) {
    Members spec, status, meta;
    std::string spec_message, status_message, meta_message;
    add_list(writer, 20, "initContainers", container, spec_message, spec);
    add_list(writer, 2, "containers", container, spec_message, spec);
    const Written resources = requirements(writer);
    spec_message += bytes(40, resources.protobuf);
    spec.emplace_back("resources", resources.json);
    std::vector<std::string> texts;
    writer.add_text(10, "nodeName", texts, spec);
    for (const std::string& text : texts) spec_message += text;
    texts.clear();
    writer.add_text(1, "phase", texts, status);
    writer.add_text(5, "hostIP", texts, status);
    writer.add_text(6, "podIP", texts, status);
    for (const std::string& text : texts) status_message += text;
    add_list(writer, 10, "initContainerStatuses", container_status, status_message, status);
    add_list(writer, 8, "containerStatuses", container_status, status_message, status);
    add_list(writer, 13, "ownerReferences", owner, meta_message, meta);
    const auto plain = [](const Members& members) {
        Json object = Json::object();
        for (const auto& [key, value] : members) object[key] = value;
        return object;
    };
    return {bytes(1, meta_message) + bytes(2, spec_message) + bytes(3, status_message),
            {{"metadata", plain(meta)}, {"spec", plain(spec)}, {"status", plain(status)}}};
}

auto fields_of(const Node& node) {
    std::vector<std::pair<std::string, std::string>> addresses;
    for (const NodeAddress& address : node.addresses) addresses.emplace_back(address.type, address.address);
    return std::tuple{node.name,         node.uid,          node.resource_version,
                      node.labels,       node.metrics_path, addresses,
                      node.kubelet_port, node.ready,        node.cpu_capacity};
}
auto fields_of(const Pod& pod) {
    return std::tuple{pod.name_space, pod.name, pod.uid, pod.resource_version, pod.labels};
}
auto fields_of(const FullNode& node) {
    return std::tuple{fields_of(static_cast<const Node&>(node)), node.capacity, node.allocatable};
}
auto fields_of(const FullPod& pod) {
    std::vector<std::tuple<std::string, std::string, bool, ResourceList, ResourceList>> containers;
    for (const PodContainer& each : pod.containers)
        containers.emplace_back(each.name, each.image, each.sidecar, each.resources.requests,
                                each.resources.limits);
    return std::tuple{fields_of(static_cast<const Pod&>(pod)),
                      pod.owner_kind,
                      pod.owner_name,
                      pod.node,
                      containers,
                      pod.resources.requests,
                      pod.resources.limits,
                      pod.phase,
                      pod.host_ip,
                      pod.pod_ip,
                      pod.restarts};
}
auto fields_of(const ConfigMap& map) {
    return std::tuple{map.name_space, map.name, map.resource_version, map.data};
}

template <class Object>
void check_same(const std::string& protobuf, const std::string& json) {
    Object first, second;
    CAPTURE(json);
    REQUIRE(decode(protobuf, first));
    REQUIRE(decode_json(json, second));
    if (fields_of(first) != fields_of(second)) FAIL("not the same");
}

}  // namespace

TEST_CASE("Objects are the same in JSON and in protobuf") {
    int ready = 0, with_path = 0;
    for (unsigned round = 0; round < 2'000; ++round) {
        Writer writer{round + 1};
        const Written meta = object_meta(writer);
        const Written status = node_status(writer);
        std::vector<std::string> fields{bytes(1, meta.protobuf)};
        Members members{{"metadata", meta.json}};
        writer.add_map(2, "data", fields, members);
        check_same<ConfigMap>(writer.message(fields), writer.dump(writer.object(members)));

        const std::string bytes_of_node =
            writer.message({bytes(1, meta.protobuf), bytes(3, status.protobuf)});
        const std::string json =
            writer.dump(writer.object({{"metadata", meta.json}, {"status", status.json}}));
        check_same<Node>(bytes_of_node, json);
        check_same<FullNode>(bytes_of_node, json);
        check_same<Pod>(bytes_of_node, json);
        Node node;
        REQUIRE(decode_json(json, node));
        ready += node.ready;
        with_path += !node.metrics_path.empty();
    }
    CHECK(ready > 100);
    CHECK(with_path > 100);
}

TEST_CASE("Whole pods are the same in JSON and in protobuf") {
    std::size_t sidecars = 0, owned = 0, amounts = 0, restarts = 0;
    for (unsigned round = 0; round < 2'000; ++round) {
        Writer writer{round + 1};
        const Written pod = whole_pod(writer);
        check_same<FullPod>(pod.protobuf, pod.json.dump());
        FullPod read;
        REQUIRE(decode(pod.protobuf, read));
        for (const PodContainer& each : read.containers) {
            sidecars += each.sidecar;
            amounts += each.resources.requests.size();
        }
        owned += !read.owner_kind.empty();
        restarts += read.restarts.size();
    }
    CHECK(sidecars > 100);
    CHECK(owned > 100);
    CHECK(amounts > 1000);
    CHECK(restarts > 1000);
}
