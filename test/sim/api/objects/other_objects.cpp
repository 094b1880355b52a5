// SPDX-License-Identifier: Apache-2.0
#include "test/sim/api/objects/core_objects.hpp"
#include "test/sim/api/objects/protobuf.hpp"
#include "test/sim/cluster/names.hpp"
#include "test/sim/cluster/seed.hpp"

#include <nlohmann/json.hpp>
#include <protozero/pbf_writer.hpp>

namespace sim {

NamespaceObject::NamespaceObject(std::string name, Nanos created) {
    meta_.uid = make_uid(mix(41, name));
    meta_.labels = {{"kubernetes.io/metadata.name", name}};
    meta_.name = std::move(name);
    meta_.created = created;
}

std::optional<std::string> NamespaceObject::own_field(std::string_view path) const {
    if (path == "status.phase") return "Active";
    return std::nullopt;
}

void NamespaceObject::write_json(nlohmann::ordered_json& to) const {
    to["spec"] = {{"finalizers", {"kubernetes"}}};
    to["status"] = {{"phase", "Active"}};
}

void NamespaceObject::write_protobuf(std::string& to) const {
    std::string spec, status;
    protozero::pbf_writer{spec}.add_string(1, "kubernetes");
    protozero::pbf_writer{status}.add_string(1, "Active");
    protozero::pbf_writer object{to};
    object.add_message(2, spec);
    object.add_message(3, status);
}

ConfigMapObject::ConfigMapObject(std::string name_space, std::string name, Labels data, Nanos created)
    : data_{std::move(data)} {
    meta_.uid = make_uid(mix(43, name));
    meta_.name = std::move(name);
    meta_.name_space = std::move(name_space);
    meta_.created = created;
}

std::optional<std::string> ConfigMapObject::own_field(std::string_view) const {
    return std::nullopt;
}

void ConfigMapObject::write_json(nlohmann::ordered_json& to) const {
    for (const auto& [key, value] : data_) to["data"][key] = value;
}

void ConfigMapObject::write_protobuf(std::string& to) const {
    protozero::pbf_writer writer{to};
    add_map(writer, 2, data_);
}

}  // namespace sim
