// SPDX-License-Identifier: Apache-2.0
#include "apiserver/encode/json.hpp"

#include "apiserver/encode/quantity.hpp"
#include "text/go_text.hpp"
#include "text/go_time.hpp"

#include <utility>

namespace apiserver {

void encode_labels_json(std::string& out, const storage::Labels& labels) {
    if (labels.empty()) return;
    out.append(",\"labels\":");
    char separator = '{';
    for (const auto& [key, value] : labels) {
        out.push_back(separator);
        text::append_json_string(out, key);
        out.push_back(':');
        text::append_json_string(out, value);
        separator = ',';
    }
    out.push_back('}');
}

MetadataJson::MetadataJson(const storage::Store& store, EncodedLabels& labels, std::int64_t created)
    : store_{store}, labels_{labels} {
    created_ = ",\"creationTimestamp\":\"";
    text::append_timestamp(created_, created);
    created_.push_back('"');
}

void MetadataJson::append(std::string& out, const storage::NodeView& node) {
    out.append("\"metadata\":{\"name\":");
    text::append_json_string(out, node.name);
    end(out, node.labels);
}

void MetadataJson::append(std::string& out, const storage::PodView& pod) {
    out.append("\"metadata\":{\"name\":");
    text::append_json_string(out, pod.name);
    out.append(",\"namespace\":");
    text::append_json_string(out, pod.name_space);
    end(out, pod.labels);
}

void MetadataJson::end(std::string& out, storage::LabelSetId labels) {
    out.append(created_).append(labels_.of(store_, labels));
    out.push_back('}');
}

void begin_json_object(std::string& out, std::string_view kind, std::string_view api_version) {
    out.append("{\"kind\":\"").append(kind).append("\",\"apiVersion\":\"").append(api_version);
    out.push_back('"');
}

JsonEncoder::JsonEncoder(const storage::Store& store, EncodedLabels& labels, RowStyle style)
    : style_{std::move(style)}, metadata_{store, labels, style_.created} {}

void JsonEncoder::object(std::string& out, const storage::NodeView& node) {
    begin_json_object(out, kNodes.kind, style_.api_version);
    out.push_back(',');
    members(out, node);
}

void JsonEncoder::object(std::string& out, const storage::PodView& pod) {
    begin_json_object(out, kPods.kind, style_.api_version);
    out.push_back(',');
    members(out, pod);
}

void JsonEncoder::item(std::string& out, const storage::NodeView& node) {
    separate(out);
    members(out, node);
}

void JsonEncoder::item(std::string& out, const storage::PodView& pod) {
    separate(out);
    members(out, pod);
}

void JsonEncoder::list_head(std::string& out, const Resource& resource, std::size_t) {
    begin_json_object(out, resource.list_kind, style_.api_version);
    out.append(",\"metadata\":{},\"items\":[");
}

void JsonEncoder::list_tail(std::string& out) {
    out.append("]}");
}

void JsonEncoder::separate(std::string& out) {
    out.append(first_ ? "{" : ",{");
    first_ = false;
}

void JsonEncoder::members(std::string& out, const storage::NodeView& node) {
    metadata_.append(out, node);
    append_time(out, node.usage->timestamp, node.usage->window);
    out.append(",\"usage\":");
    append_usage(out, *node.usage);
    out.push_back('}');
}

void JsonEncoder::members(std::string& out, const storage::PodView& pod) {
    metadata_.append(out, pod);
    append_time(out, pod.timestamp, pod.window);
    out.append(",\"containers\":[");
    bool first = true;
    for (const storage::ContainerView& container : pod.containers) {
        out.append(first ? "{\"name\":" : ",{\"name\":");
        first = false;
        text::append_json_string(out, container.name);
        out.append(",\"usage\":");
        append_usage(out, container.usage);
        out.push_back('}');
    }
    out.append("]}");
}

void JsonEncoder::append_time(std::string& out, storage::Nanos at, std::chrono::nanoseconds window) {
    out.append(",\"timestamp\":\"");
    text::append_timestamp(out, whole_seconds(at));
    out.append("\",\"window\":\"");
    text::append_duration(out, window);
    out.push_back('"');
}

void JsonEncoder::append_usage(std::string& out, const storage::Usage& usage) const {
    out.append("{\"cpu\":\"").append(QuantityText::of_nanocores(usage.cpu).view());
    out.append("\",\"memory\":\"").append(QuantityText::of_bytes(usage.memory).view());
    if (style_.swap && usage.swap)
        out.append("\",\"swap\":\"").append(QuantityText::of_bytes(*usage.swap).view());
    out.append("\"}");
}

}  // namespace apiserver
