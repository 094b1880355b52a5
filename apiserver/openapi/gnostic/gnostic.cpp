// SPDX-License-Identifier: Apache-2.0
#include "apiserver/openapi/gnostic/gnostic.hpp"

#include "apiserver/openapi/gnostic/gnostic_type.hpp"
#include "apiserver/yaml/yaml.hpp"

#include <algorithm>
#include <stdexcept>

#include <protozero/pbf_writer.hpp>

namespace apiserver {
namespace {

using Form = GnosticType::Form;
using protozero::pbf_writer;

void write_content(pbf_writer& out, const Json& value, const GnosticType& type);

// A text or list alone is written as it is behind a key, the key cut off.
std::string to_yaml(const Json& value) {
    constexpr std::string_view kKey = "v:";
    std::string yaml;
    if (value.is_object() && !value.empty()) {
        append_yaml(yaml, value.dump());
        return yaml;
    }
    append_yaml(yaml, Json{{"v", value}}.dump());
    return yaml.substr(kKey.size() + 1);
}

// proto3 leaves out what is empty, zero or false.
bool is_default(const Json& value, Form form) {
    if (form == Form::text) return value.get_ref<const std::string&>().empty();
    if (form == Form::boolean) return !value.get<bool>();
    return form == Form::integer && value.get<std::int64_t>() == 0;
}

void write_field(pbf_writer& out, unsigned number, const Json& value, const GnosticType& type) {
    switch (type.form) {
        case Form::text:
            return out.add_string(number, value.get_ref<const std::string&>());
        case Form::boolean:
            return out.add_bool(number, value.get<bool>());
        case Form::integer:
            return out.add_int64(number, value.get<std::int64_t>());
        default:
            break;
    }
    // On its own, because a pbf_writer inside another leaves out a message without fields.
    std::string bytes;
    pbf_writer content{bytes};
    write_content(content, value, type);
    out.add_message(number, bytes);
}

// A NamedAny, NamedSchema and so on.
void write_entry(pbf_writer& out, unsigned number, const std::string& name, const Json& value,
                 const GnosticType& type) {
    pbf_writer entry{out, number};
    entry.add_string(1, name);
    write_field(entry, 2, value, type);
}

void write_object(pbf_writer& out, const Json& object, const GnosticType& type) {
    for (const GnosticField& field : type.fields) {
        const auto member = object.find(field.key);
        if (member == object.end()) continue;
        if (field.repeated)
            for (const Json& element : *member) write_field(out, field.number, element, *field.type);
        else if (!is_default(*member, field.type->form))
            write_field(out, field.number, *member, *field.type);
    }
    for (const auto& [name, value] : object.items()) {
        const auto is_it = [&key = name](const GnosticField& field) { return field.key == key; };
        if (std::any_of(type.fields.begin(), type.fields.end(), is_it)) continue;
        if (type.extensions != 0 && name.starts_with("x-"))
            write_entry(out, type.extensions, name, value, kGnosticAny);
        else if (type.entries != 0)
            write_entry(out, type.entries, name, value, *type.entry);
        else
            throw std::logic_error{"no field for " + name};
    }
}

void write_choice(pbf_writer& out, const Json& value, const GnosticType& type) {
    const auto choice = std::find_if(type.choices.begin(), type.choices.end(),
                                     [&](const GnosticChoice& c) { return c.fits(value); });
    if (choice == type.choices.end()) throw std::logic_error{"no choice for " + value.dump()};
    write_field(out, choice->number, value, *choice->type);
}

void write_default(pbf_writer& out, const Json& value) {
    if (value.is_number()) out.add_double(1, value.get<double>());
    if (value.is_boolean()) out.add_bool(2, value.get<bool>());
    if (value.is_string()) out.add_string(3, value.get_ref<const std::string&>());
}

void write_content(pbf_writer& out, const Json& value, const GnosticType& type) {
    switch (type.form) {
        case Form::object:
            return write_object(out, value, type);
        case Form::choice:
            return write_choice(out, value, type);
        case Form::default_value:
            return write_default(out, value);
        case Form::box:
            if (!value.is_array()) return write_field(out, 1, value, *type.entry);
            for (const Json& element : value) write_field(out, 1, element, *type.entry);
            return;
        case Form::any:
            return out.add_string(2, to_yaml(value));
        default:
            throw std::logic_error{"not a message"};
    }
}

}  // namespace

std::string to_gnostic(OpenApiVersion openapi, const Json& document) {
    std::string bytes;
    pbf_writer out{bytes};
    write_content(out, document, openapi == OpenApiVersion::v2 ? kGnosticV2Document : kGnosticV3Document);
    return bytes;
}

}  // namespace apiserver
