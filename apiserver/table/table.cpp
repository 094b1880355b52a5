// SPDX-License-Identifier: Apache-2.0
#include "apiserver/table/table.hpp"

#include "apiserver/encode/quantity.hpp"
#include "text/go_text.hpp"
#include "text/go_time.hpp"

#include <utility>

namespace apiserver {
namespace {

void append_column(std::string& out, std::string_view name, std::string_view format,
                   std::string_view description) {
    if (out.back() != '[') out.push_back(',');
    out.append(R"({"name":")").append(name).append(R"(","type":"string","format":")").append(format);
    out.append(R"(","description":")").append(description).append(R"(","priority":0})");
}

void append_quantity(std::string& out, const QuantityText& quantity) {
    out.append(",\"").append(quantity.view()).append("\"");
}

// What the object used itself, or all its containers together.
storage::Usage usage_of(const Row& row) {
    if (row.usage != nullptr) return *row.usage;
    storage::Usage sum;
    for (const storage::ContainerView& container : row.containers) {
        sum.cpu += container.usage.cpu;
        sum.memory += container.usage.memory;
        if (container.usage.swap) sum.swap = sum.swap.value_or(0) + *container.usage.swap;
    }
    return sum;
}

}  // namespace

std::optional<IncludeObject> parse_include_object(std::string_view text) {
    if (text.empty() || text == "Metadata") return IncludeObject::metadata;
    if (text == "Object") return IncludeObject::object;
    if (text == "None") return IncludeObject::none;
    return std::nullopt;
}

TableEncoder::TableEncoder(const storage::Store& store, EncodedLabels& labels, RowStyle style,
                           std::string_view meta_version, IncludeObject include)
    : meta_version_{meta_version},
      include_{include},
      swap_allowed_{style.swap},
      whole_{store, labels, style},
      partial_{store, labels, metadata_style(std::move(style), meta_version)} {}

// A table of one row.
void TableEncoder::object(std::string& out, const Row& row) {
    std::string only;
    item(only, row);
    list_head(out, 0);
    out.append(only);
    list_tail(out);
}

void TableEncoder::item(std::string& out, const Row& row) {
    const storage::Usage usage = usage_of(row);
    if (std::exchange(empty_, false))
        swap_column_ = swap_allowed_ && usage.swap.has_value();
    else
        out.push_back(',');
    out.append("{\"cells\":[");
    text::append_json_string(out, row.name);
    append_quantity(out, QuantityText::of_nanocores(usage.cpu));
    append_quantity(out, QuantityText::of_bytes(usage.memory));
    if (swap_column_) append_quantity(out, QuantityText::of_bytes(usage.swap.value_or(0)));
    out.append(",\"");
    text::append_duration(out, row.window);
    out.append("\"],\"object\":");
    if (include_ == IncludeObject::none) out.append("null");
    if (include_ == IncludeObject::metadata) partial_.object(out, row);
    if (include_ == IncludeObject::object) whole_.object(out, row);
    out.push_back('}');
}

void TableEncoder::list_head(std::string& out, std::size_t) {
    begin_json_object(out, "Table", meta_version_);
    out.append(",\"metadata\":{},\"columnDefinitions\":");
    if (empty_) {
        out.append("null,\"rows\":null");
        return;
    }
    out.push_back('[');
    append_column(out, "Name", "name", "Name of the resource");
    append_column(out, "cpu", "quantity", "");
    append_column(out, "memory", "quantity", "");
    if (swap_column_) append_column(out, "swap", "quantity", "");
    append_column(out, "Window", "duration", "");
    out.append("],\"rows\":[");
}

void TableEncoder::list_tail(std::string& out) {
    out.append(empty_ ? "}" : "]}");
}

}  // namespace apiserver
