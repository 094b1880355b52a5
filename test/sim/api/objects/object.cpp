// SPDX-License-Identifier: Apache-2.0
#include "test/sim/api/objects/object.hpp"

#include "test/sim/api/objects/protobuf.hpp"
#include "test/sim/cluster/names.hpp"

#include <nlohmann/json.hpp>
#include <protozero/pbf_writer.hpp>

namespace sim {
namespace {

using nlohmann::ordered_json;

ordered_json map_json(const Labels& map) {
    ordered_json json = ordered_json::object();
    for (const auto& [key, value] : map) json[key] = value;
    return json;
}

std::string owner_message(const ObjectMeta& meta) {
    std::string out;
    protozero::pbf_writer writer{out};
    writer.add_string(1, meta.owner_kind);
    writer.add_string(3, meta.owner_name);
    writer.add_string(4, meta.owner_uid);
    writer.add_string(5, "apps/v1");
    writer.add_bool(6, true);
    writer.add_bool(7, true);
    return out;
}

std::string managed_fields_message(const ObjectMeta& meta) {
    std::string fields;
    protozero::pbf_writer{fields}.add_bytes(1, meta.managed_fields.data(), meta.managed_fields.size());
    std::string out;
    protozero::pbf_writer writer{out};
    writer.add_string(1, "kube-controller-manager");
    writer.add_string(2, "Update");
    writer.add_string(3, "v1");
    writer.add_message(4, time_message(meta.created));
    writer.add_string(6, "FieldsV1");
    writer.add_message(7, fields);
    writer.add_string(8, "");
    return out;
}

}  // namespace

std::optional<std::string> Object::field(std::string_view path) const {
    if (path == "metadata.name") return meta_.name;
    if (path == "metadata.namespace" && !meta_.name_space.empty()) return meta_.name_space;
    return own_field(path);
}

std::string metadata_text(const ObjectMeta& meta, std::uint64_t version) {
    ordered_json json;
    json["name"] = meta.name;
    if (!meta.name_space.empty()) json["namespace"] = meta.name_space;
    json["uid"] = meta.uid;
    json["resourceVersion"] = std::to_string(version);
    json["creationTimestamp"] = rfc3339(meta.created);
    if (!meta.labels.empty()) json["labels"] = map_json(meta.labels);
    if (!meta.annotations.empty()) json["annotations"] = map_json(meta.annotations);
    if (!meta.owner_kind.empty())
        json["ownerReferences"] = {{{"apiVersion", "apps/v1"},
                                    {"kind", meta.owner_kind},
                                    {"name", meta.owner_name},
                                    {"uid", meta.owner_uid},
                                    {"controller", true},
                                    {"blockOwnerDeletion", true}}};
    std::string text = json.dump();
    if (meta.managed_fields.empty()) return text;
    // The fields are JSON already, and parsing them would cost more than all the rest.
    const ordered_json entry{{"manager", "kube-controller-manager"},
                             {"operation", "Update"},
                             {"apiVersion", "v1"},
                             {"time", rfc3339(meta.created)},
                             {"fieldsType", "FieldsV1"}};
    const std::string begin = entry.dump();
    text.pop_back();
    text.append(",\"managedFields\":[").append(begin, 0, begin.size() - 1);
    return text.append(",\"fieldsV1\":").append(meta.managed_fields).append("}]}");
}

std::string metadata_protobuf(const ObjectMeta& meta, std::uint64_t version) {
    std::string out;
    protozero::pbf_writer writer{out};
    writer.add_string(1, meta.name);
    writer.add_string(2, "");
    writer.add_string(3, meta.name_space);
    writer.add_string(4, "");
    writer.add_string(5, meta.uid);
    writer.add_string(6, std::to_string(version));
    writer.add_int64(7, 0);
    writer.add_message(8, time_message(meta.created));
    add_map(writer, 11, meta.labels);
    add_map(writer, 12, meta.annotations);
    if (!meta.owner_kind.empty()) writer.add_message(13, owner_message(meta));
    if (!meta.managed_fields.empty()) writer.add_message(17, managed_fields_message(meta));
    return out;
}

std::string encode_item(const Object& object, std::uint64_t version, Encoding encoding, Shape shape) {
    if (encoding == Encoding::protobuf) {
        std::string out;
        protozero::pbf_writer{out}.add_message(1, metadata_protobuf(object.meta(), version));
        if (shape == Shape::whole) object.write_protobuf(out);
        return out;
    }
    const std::string metadata = "\"metadata\":" + metadata_text(object.meta(), version);
    if (shape == Shape::metadata)
        return "{\"kind\":\"" + std::string{kPartialMetadata} + "\",\"apiVersion\":\"" +
               std::string{kMetaVersion} + "\"," + metadata + "}";
    ordered_json rest = ordered_json::object();
    object.write_json(rest);
    return "{" + metadata + (rest.empty() ? "}" : "," + rest.dump().substr(1));
}

std::string encode_object(const Object& object, std::uint64_t version, const TypeName& type,
                          Encoding encoding, Shape shape) {
    const std::string item = encode_item(object, version, encoding, shape);
    if (encoding == Encoding::json)
        return shape == Shape::metadata ? item
                                        : "{\"kind\":\"" + type.kind + "\",\"apiVersion\":\"" +
                                              type.api_version + "\"," + item.substr(1);
    if (shape == Shape::metadata) return protobuf_envelope(kPartialMetadata, kMetaVersion, item);
    return protobuf_envelope(type.kind, type.api_version, item);
}

}  // namespace sim
