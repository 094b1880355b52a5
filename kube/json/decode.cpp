// SPDX-License-Identifier: Apache-2.0
#include "kube/json/decode.hpp"

#include "kube/json/fields.hpp"
#include "kube/json/object_splitter.hpp"
#include "kube/wire/protobuf_stream.hpp"
#include "kube/wire/quantity.hpp"

#include <algorithm>
#include <limits>

namespace kube {
namespace {

std::int32_t to_int32(std::int64_t value) {
    using Limits = std::numeric_limits<std::int32_t>;
    return static_cast<std::int32_t>(std::clamp<std::int64_t>(value, Limits::min(), Limits::max()));
}

constexpr Member kListMeta[] = {{"resourceVersion", text_of(Field::resource_version)},
                                {"continue", text_of(Field::continue_token)}};

class ListMetaTarget final : public FieldTarget {
  public:
    explicit ListMetaTarget(ListMeta& meta) : meta_{meta} {}
    void text(Field field, const std::string&, const std::string& value) override {
        if (field == Field::resource_version) meta_.resource_version = value;
        if (field == Field::continue_token) meta_.continue_token = value;
    }

  private:
    ListMeta& meta_;
};

constexpr Member kStatusDetails[] = {{"retryAfterSeconds", number_of(Field::retry_after)}};
constexpr Member kStatus[] = {{"message", text_of(Field::message)},
                              {"reason", text_of(Field::reason)},
                              {"code", number_of(Field::code)},
                              {"details", object_of(kStatusDetails)}};

class StatusTarget final : public FieldTarget {
  public:
    explicit StatusTarget(Status& status) : status_{status} {}
    void text(Field field, const std::string&, const std::string& value) override {
        if (field == Field::message) status_.message = value;
        if (field == Field::reason) status_.reason = value;
    }
    void number(Field field, std::int64_t value) override {
        if (field == Field::code) status_.code = to_int32(value);
        if (field == Field::retry_after) status_.retry_after = std::chrono::seconds{to_int32(value)};
    }

  private:
    Status& status_;
};

constexpr std::string_view kMetricsPathAnnotation = "metrics.k8s.io/resource-metrics-path";

constexpr Member kPodMeta[] = {
    {"name", text_of(Field::name)},   {"namespace", text_of(Field::name_space)},
    {"uid", text_of(Field::uid)},     {"resourceVersion", text_of(Field::resource_version)},
    {"labels", map_of(Field::label)}, {"annotations", map_of(Field::annotation)}};
constexpr Member kPod[] = {{"metadata", object_of(kPodMeta)}};

constexpr Member kPlaceMeta[] = {{"uid", text_of(Field::uid)}};
constexpr Member kPlaceSpec[] = {{"nodeName", text_of(Field::node_name)}};
constexpr Member kPlace[] = {{"metadata", object_of(kPlaceMeta)}, {"spec", object_of(kPlaceSpec)}};

constexpr Member kConfigMapMeta[] = {{"name", text_of(Field::name)},
                                     {"namespace", text_of(Field::name_space)},
                                     {"resourceVersion", text_of(Field::resource_version)}};
constexpr Member kConfigMap[] = {{"metadata", object_of(kConfigMapMeta)}, {"data", map_of(Field::data)}};

constexpr Member kNodeMeta[] = {{"name", text_of(Field::name)},
                                {"uid", text_of(Field::uid)},
                                {"resourceVersion", text_of(Field::resource_version)},
                                {"labels", map_of(Field::label)},
                                {"annotations", map_of(Field::annotation)}};
constexpr Member kCondition[] = {{"type", text_of(Field::condition_type)},
                                 {"status", text_of(Field::condition_status)}};
constexpr Member kAddress[] = {{"type", text_of(Field::address_type)},
                               {"address", text_of(Field::address_text)}};
// Alone in Kubernetes' API with a capital.
constexpr Member kEndpoint[] = {{"Port", number_of(Field::kubelet_port)}};
constexpr Member kEndpoints[] = {{"kubeletEndpoint", object_of(kEndpoint)}};
constexpr Member kNodeStatus[] = {{"conditions", list_of(Field::condition, kCondition)},
                                  {"addresses", list_of(Field::address, kAddress)},
                                  {"capacity", map_of(Field::capacity)},
                                  {"daemonEndpoints", object_of(kEndpoints)}};
constexpr Member kNode[] = {{"metadata", object_of(kNodeMeta)}, {"status", object_of(kNodeStatus)}};

class PodTarget final : public FieldTarget {
  public:
    explicit PodTarget(Pod& pod) : pod_{pod} {}
    void text(Field field, const std::string& key, const std::string& value) override {
        if (field == Field::name) pod_.name = value;
        if (field == Field::name_space) pod_.name_space = value;
        if (field == Field::uid) pod_.uid = value;
        if (field == Field::resource_version) pod_.resource_version = value;
        if (field == Field::label) pod_.labels.emplace_back(key, value);
        if (field == Field::annotation) pod_.scrape.take(key, value);
    }

  private:
    Pod& pod_;
};

class PlaceTarget final : public FieldTarget {
  public:
    explicit PlaceTarget(PodPlace& place) : place_{place} {}
    void text(Field field, const std::string&, const std::string& value) override {
        if (field == Field::uid) place_.uid = value;
        if (field == Field::node_name) place_.node = value;
    }

  private:
    PodPlace& place_;
};

class ConfigMapTarget final : public FieldTarget {
  public:
    explicit ConfigMapTarget(ConfigMap& map) : map_{map} {}
    void text(Field field, const std::string& key, const std::string& value) override {
        if (field == Field::name) map_.name = value;
        if (field == Field::name_space) map_.name_space = value;
        if (field == Field::resource_version) map_.resource_version = value;
        if (field == Field::data) map_.data.emplace_back(key, value);
    }

  private:
    ConfigMap& map_;
};

class NodeTarget final : public FieldTarget {
  public:
    explicit NodeTarget(Node& node) : node_{node} {}

    void text(Field field, const std::string& key, const std::string& value) override {
        if (field == Field::name) node_.name = value;
        if (field == Field::uid) node_.uid = value;
        if (field == Field::resource_version) node_.resource_version = value;
        if (field == Field::label) node_.labels.emplace_back(key, value);
        if (field == Field::annotation && key == kMetricsPathAnnotation) node_.metrics_path = value;
        if (field == Field::capacity && key == "cpu") node_.cpu_capacity = nanocores_of(value);
        if (field == Field::condition_type) condition_type_ = value;
        if (field == Field::condition_status) condition_status_ = value;
        if (field == Field::address_type) node_.addresses.back().type = value;
        if (field == Field::address_text) node_.addresses.back().address = value;
    }
    void number(Field, std::int64_t port) override {
        node_.kubelet_port = port >= 1 && port <= 65535 ? static_cast<std::int32_t>(port) : 0;
    }
    void begin_list(Field field) override {
        if (field == Field::address) node_.addresses.clear();
        if (field == Field::condition) node_.ready = false;
    }
    void begin_element(Field field) override {
        if (field == Field::address) node_.addresses.emplace_back();
        condition_type_.clear();
        condition_status_.clear();
    }
    void end_element(Field field) override {
        if (field == Field::condition)
            node_.ready |= condition_type_ == "Ready" && condition_status_ == "True";
    }

  private:
    Node& node_;
    std::string condition_type_;
    std::string condition_status_;
};

}  // namespace

net::Result<ListMeta> decode_json_list_meta(std::string_view bytes) {
    ListMeta meta;
    ListMetaTarget target{meta};
    if (auto good = read_fields(bytes, object_of(kListMeta), target); !good) return good.error();
    return meta;
}

net::Result<Status> decode_json_status(std::string_view bytes) {
    Status status;
    StatusTarget target{status};
    if (auto good = read_fields(bytes, object_of(kStatus), target); !good) return good.error();
    return status;
}

net::Result<WatchEvent> decode_json_event(std::string_view bytes) {
    WatchEvent event;
    ObjectSplitter splitter{{"type", "object"}, "", kLongestItem};
    for (;;) {
        const auto part = splitter.next(bytes);
        if (!part) return part.error();
        if (!*part) break;
        if ((*part)->key == "object") {
            event.object = (*part)->value;
            continue;
        }
        auto type = decode_json_text((*part)->value);
        if (!type) return type.error();
        event.type = std::move(*type);
    }
    if (auto whole = splitter.finish(); !whole) return whole.error();
    return event;
}

net::Result<> decode_json(std::string_view bytes, Node& into) {
    into = Node{};
    NodeTarget target{into};
    auto good = read_fields(bytes, object_of(kNode), target);
    sort_by_key(into.labels);
    return good;
}

net::Result<> decode_json(std::string_view bytes, Pod& into) {
    clear_pod(into);
    PodTarget target{into};
    auto good = read_fields(bytes, object_of(kPod), target);
    sort_by_key(into.labels);
    return good;
}

net::Result<> decode_json(std::string_view bytes, PodPlace& into) {
    into = PodPlace{};
    PlaceTarget target{into};
    return read_fields(bytes, object_of(kPlace), target);
}

net::Result<> decode_json(std::string_view bytes, ConfigMap& into) {
    into = ConfigMap{};
    ConfigMapTarget target{into};
    auto good = read_fields(bytes, object_of(kConfigMap), target);
    sort_by_key(into.data);
    return good;
}

}  // namespace kube
