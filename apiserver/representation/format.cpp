// SPDX-License-Identifier: Apache-2.0
#include "apiserver/representation/format.hpp"

#include "apiserver/encode/json.hpp"
#include "apiserver/encode/json_indent.hpp"
#include "apiserver/encode/protobuf.hpp"
#include "apiserver/representation/piece_size.hpp"
#include "apiserver/status.hpp"
#include "apiserver/table/partial_metadata.hpp"
#include "apiserver/table/table.hpp"
#include "apiserver/yaml/yaml.hpp"
#include "apiserver/yaml/yaml_encoder.hpp"

#include <array>
#include <utility>

namespace apiserver {
namespace {

std::unique_ptr<Encoder> json_encoder(EncoderSource& source, RowStyle style, const Representation& form,
                                      IncludeObject include) {
    switch (form.shape) {
        case Shape::table:
            return std::make_unique<TableEncoder>(source.store, source.json, std::move(style),
                                                  form.meta_version, include);
        case Shape::metadata:
        case Shape::metadata_list:
            return std::make_unique<PartialMetadataEncoder>(
                source.store, source.json, metadata_style(std::move(style), form.meta_version));
        case Shape::object:
            break;
    }
    return std::make_unique<JsonEncoder>(source.store, source.json, std::move(style));
}

std::unique_ptr<Encoder> yaml_encoder(EncoderSource& source, RowStyle style, const Representation& form,
                                      IncludeObject include) {
    return std::make_unique<YamlEncoder>(json_encoder(source, std::move(style), form, include));
}

// Never a table.
std::unique_ptr<Encoder> protobuf_encoder(EncoderSource& source, RowStyle style, const Representation& form,
                                          IncludeObject) {
    if (form.shape == Shape::object)
        return std::make_unique<ProtobufEncoder>(source.store, source.protobuf, std::move(style));
    return std::make_unique<ProtobufEncoder>(source.store, source.protobuf,
                                             metadata_style(std::move(style), form.meta_version),
                                             ProtobufRows::metadata);
}

std::string json_text(std::string compact, const Representation& form) {
    if (form.pretty) return indented(compact);
    compact.push_back('\n');
    return compact;
}

std::string yaml_text(std::string_view json) {
    std::string text;
    append_yaml(text, json);
    return text;
}

std::string as_encoded(std::string encoded, const Representation&) {
    return encoded;
}

// By MediaType.
constexpr std::array<Format, 3> kFormats{{
    {.type = MediaType::json,
     .name = "application/json",
     .streams = true,
     .tables = true,
     .encoder = json_encoder,
     .object = json_text,
     .document = [](const Document& document,
                    const Representation& form) { return json_text(document.json, form); },
     .status = [](const Status& status,
                  const Representation& form) { return json_text(to_json(status), form); },
     .indents = true,
     .piece_bytes = kPieceBytes},
    {.type = MediaType::yaml,
     .name = "application/yaml",
     .streams = false,
     .tables = true,
     .encoder = yaml_encoder,
     .object = as_encoded,
     .document = [](const Document& document, const Representation&) { return yaml_text(document.json); },
     .status = [](const Status& status, const Representation&) { return yaml_text(to_json(status)); },
     .indents = false,
     // It takes so much longer that a whole piece would stop others for over a millisecond.
     .piece_bytes = kPieceBytes / 2},
    {.type = MediaType::protobuf,
     .name = "application/vnd.kubernetes.protobuf",
     .streams = true,
     .tables = false,
     .encoder = protobuf_encoder,
     .object = as_encoded,
     .document = [](const Document& document, const Representation&) { return document.protobuf; },
     .status = [](const Status& status, const Representation&) { return to_protobuf(status); },
     .indents = false,
     // runtime.Unknown.raw, which holds the list, begins with its length.
     .piece_bytes = 0},
}};

constexpr bool are_in_order() {
    for (std::size_t i = 0; i < kFormats.size(); ++i)
        if (kFormats[i].type != static_cast<MediaType>(i)) return false;
    return true;
}
static_assert(are_in_order());

}  // namespace

EncoderSource::EncoderSource(const storage::Store& from)
    : store{from}, json{encode_labels_json}, protobuf{encode_labels_protobuf} {}

std::span<const Format> formats() {
    return kFormats;
}

}  // namespace apiserver
