// SPDX-License-Identifier: Apache-2.0
// The objects that the simulated API server keeps, and how they are written: JSON and protobuf, whole or as
// PartialObjectMetadata.
#pragma once

#include "test/sim/cluster/model.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

namespace sim {

struct ObjectMeta {
    std::string name;
    std::string name_space;
    std::string uid;
    Nanos created = 0;
    // Sorted by key.
    Labels labels;
    Labels annotations;
    // The controller; empty kind: none.
    std::string owner_kind;
    std::string owner_name;
    std::string owner_uid;
    // Who wrote which field: a text that real objects carry, and a good part of their size. Not owned.
    std::string_view managed_fields;
};

// Immutable once it is in a collection.
class Object {
  public:
    virtual ~Object() = default;
    const ObjectMeta& meta() const { return meta_; }

    // The value of a field that selectors may name, "metadata.name" among them; nullopt: not one of those.
    std::optional<std::string> field(std::string_view path) const;
    // Adds all but kind, apiVersion and metadata.
    virtual void write_json(nlohmann::ordered_json& to) const = 0;
    // Appends the fields of the protobuf message but the first, which is the metadata.
    virtual void write_protobuf(std::string& to) const = 0;

  protected:
    virtual std::optional<std::string> own_field(std::string_view path) const = 0;
    ObjectMeta meta_;
};

using ObjectPtr = std::shared_ptr<const Object>;

// As JSON.
std::string metadata_text(const ObjectMeta& meta, std::uint64_t version);
// The message ObjectMeta (k8s.io/apimachinery, generated.proto).
std::string metadata_protobuf(const ObjectMeta& meta, std::uint64_t version);

// How an answer is to look.
enum class Encoding { json, protobuf };
enum class Shape { whole, metadata };
// Kind and apiVersion of what is written whole.
struct TypeName {
    std::string kind;
    std::string api_version;
};

// The object as an item of a list: in JSON without kind and apiVersion unless it is metadata only (as API
// servers do).
std::string encode_item(const Object& object, std::uint64_t version, Encoding encoding, Shape shape);
// The object as an answer of its own, or in a watch event.
std::string encode_object(const Object& object, std::uint64_t version, const TypeName& type,
                          Encoding encoding, Shape shape);

inline constexpr std::string_view kMetaVersion = "meta.k8s.io/v1";
inline constexpr std::string_view kPartialMetadata = "PartialObjectMetadata";

}  // namespace sim
