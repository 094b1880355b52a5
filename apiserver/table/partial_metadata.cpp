// SPDX-License-Identifier: Apache-2.0
#include "apiserver/table/partial_metadata.hpp"

#include <utility>

namespace apiserver {

PartialMetadataEncoder::PartialMetadataEncoder(const storage::Store& store, EncodedLabels& labels,
                                               RowStyle style)
    : style_{std::move(style)}, metadata_{store, labels, style_.created} {}

template <class View>
void PartialMetadataEncoder::append(std::string& out, const View& view) {
    begin_json_object(out, "PartialObjectMetadata", style_.api_version);
    out.push_back(',');
    metadata_.append(out, view);
    out.push_back('}');
}

template <class View>
void PartialMetadataEncoder::append_item(std::string& out, const View& view) {
    if (!std::exchange(empty_, false)) out.push_back(',');
    append(out, view);
}

void PartialMetadataEncoder::object(std::string& out, const storage::NodeView& node) {
    append(out, node);
}

void PartialMetadataEncoder::object(std::string& out, const storage::PodView& pod) {
    append(out, pod);
}

void PartialMetadataEncoder::item(std::string& out, const storage::NodeView& node) {
    append_item(out, node);
}

void PartialMetadataEncoder::item(std::string& out, const storage::PodView& pod) {
    append_item(out, pod);
}

void PartialMetadataEncoder::list_head(std::string& out, const Resource&, std::size_t) {
    begin_json_object(out, "PartialObjectMetadataList", style_.api_version);
    // An empty Go slice is null.
    out.append(empty_ ? ",\"metadata\":{},\"items\":null" : ",\"metadata\":{},\"items\":[");
}

void PartialMetadataEncoder::list_tail(std::string& out) {
    out.append(empty_ ? "}" : "]}");
}

}  // namespace apiserver
