// SPDX-License-Identifier: Apache-2.0
#include "apiserver/table/partial_metadata.hpp"

#include <utility>

namespace apiserver {

PartialMetadataEncoder::PartialMetadataEncoder(const storage::Store& store, EncodedLabels& labels,
                                               RowStyle style)
    : style_{std::move(style)}, metadata_{store, labels, style_.created} {}

void PartialMetadataEncoder::object(std::string& out, const Row& row) {
    begin_json_object(out, style_.kind, style_.api_version);
    metadata_.append(out, R"(,"metadata":{"name":)", row);
    out.append("}}");
}

void PartialMetadataEncoder::item(std::string& out, const Row& row) {
    if (!std::exchange(empty_, false)) out.push_back(',');
    object(out, row);
}

void PartialMetadataEncoder::list_head(std::string& out, std::size_t) {
    begin_json_object(out, style_.list_kind, style_.api_version);
    // An empty Go slice is null.
    out.append(empty_ ? ",\"metadata\":{},\"items\":null" : ",\"metadata\":{},\"items\":[");
}

void PartialMetadataEncoder::list_tail(std::string& out) {
    out.append(empty_ ? "}" : "]}");
}

}  // namespace apiserver
