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

void MetadataJson::append(std::string& out, std::string_view before, const Row& row) {
    out.append(before);
    text::append_json_string(out, row.name);
    if (!row.name_space.empty()) {
        out.append(",\"namespace\":");
        text::append_json_string(out, row.name_space);
    }
    out.append(created_).append(labels_.of(store_, row.labels));
}

void begin_json_object(std::string& out, std::string_view kind, std::string_view api_version) {
    out.append("{\"kind\":\"").append(kind).append("\",\"apiVersion\":\"").append(api_version);
    out.push_back('"');
}

JsonEncoder::JsonEncoder(const storage::Store& store, EncodedLabels& labels, RowStyle style)
    : style_{std::move(style)}, metadata_{store, labels, style_.created} {}

void JsonEncoder::object(std::string& out, const Row& row) {
    begin_json_object(out, style_.kind, style_.api_version);
    members(out, R"(,"metadata":{"name":)", row);
}

void JsonEncoder::item(std::string& out, const Row& row) {
    constexpr std::string_view kNext = R"(,{"metadata":{"name":)";
    members(out, first_ ? kNext.substr(1) : kNext, row);
    first_ = false;
}

void JsonEncoder::list_head(std::string& out, std::size_t) {
    begin_json_object(out, style_.list_kind, style_.api_version);
    out.append(",\"metadata\":{},\"items\":[");
}

void JsonEncoder::list_tail(std::string& out) {
    out.append("]}");
}

void JsonEncoder::members(std::string& out, std::string_view before, const Row& row) {
    metadata_.append(out, before, row);
    out.append("},\"timestamp\":\"");
    text::append_timestamp(out, whole_seconds(row.timestamp));
    out.append("\",\"window\":\"");
    text::append_duration(out, row.window);
    if (row.usage != nullptr) {
        out.append("\",\"usage\":");
        append_usage(out, *row.usage);
        out.push_back('}');
    } else {
        out.append("\",\"containers\":[");
        append_containers(out, row);
        out.append("]}");
    }
}

void JsonEncoder::append_containers(std::string& out, const Row& row) const {
    bool first = true;
    for (const storage::ContainerView& container : row.containers) {
        out.append(first ? "{\"name\":" : ",{\"name\":");
        first = false;
        text::append_json_string(out, container.name);
        out.append(",\"usage\":");
        append_usage(out, container.usage);
        out.push_back('}');
    }
}

void JsonEncoder::append_usage(std::string& out, const storage::Usage& usage) const {
    out.append("{\"cpu\":\"").append(QuantityText::of_nanocores(usage.cpu).view());
    out.append("\",\"memory\":\"").append(QuantityText::of_bytes(usage.memory).view());
    if (style_.swap && usage.swap)
        out.append("\",\"swap\":\"").append(QuantityText::of_bytes(*usage.swap).view());
    out.append("\"}");
}

}  // namespace apiserver
