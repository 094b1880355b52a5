// SPDX-License-Identifier: Apache-2.0
#include "apiserver/encode/protobuf.hpp"

#include "apiserver/encode/quantity.hpp"

#include <utility>

namespace apiserver {
namespace {

// A meta/v1 Time: its nanos are always 0.
void write_time(ReverseProtobuf& out, unsigned field, std::int64_t seconds) {
    const std::size_t mark = out.size();
    out.number(2, 0);
    out.number(1, static_cast<std::uint64_t>(seconds));
    out.message(field, mark);
}

void write_window(ReverseProtobuf& out, std::chrono::nanoseconds window) {
    const std::size_t mark = out.size();
    out.number(1, static_cast<std::uint64_t>(window.count()));
    out.message(3, mark);
}

// ObjectMeta: selfLink, uid, resourceVersion, generation, creationTimestamp.
std::string metadata_middle(std::int64_t created) {
    ReverseProtobuf out;
    write_time(out, 8, created);
    out.number(7, 0);
    out.text(6, "");
    out.text(5, "");
    out.text(4, "");
    return std::string{out.bytes()};
}

}  // namespace

void encode_labels_protobuf(std::string& out, const storage::Labels& labels) {
    ReverseProtobuf entries;
    for (auto label = labels.rbegin(); label != labels.rend(); ++label)
        write_pair(entries, 11, label->first, label->second);
    out.append(entries.bytes());
}

ProtobufEncoder::ProtobufEncoder(const storage::Store& store, EncodedLabels& labels, RowStyle style,
                                 ProtobufRows rows)
    : store_{store},
      labels_{labels},
      style_{std::move(style)},
      rows_{rows},
      middle_{metadata_middle(style_.created)} {}

void ProtobufEncoder::object(std::string& out, const Row& row) {
    row_.clear();
    const std::size_t mark = begin_envelope(row_);
    write(row);
    end_envelope(row_, mark, style_.api_version, style_.kind);
    out.append(row_.bytes());
}

void ProtobufEncoder::item(std::string& out, const Row& row) {
    row_.clear();
    write(row);
    row_.message(2, 0);
    out.append(row_.bytes());
}

void ProtobufEncoder::list_head(std::string& out, std::size_t item_bytes) {
    row_.clear();
    write_list_meta(row_);
    row_.length_prefix(2, row_.size() + item_bytes);
    write_pair(row_, 1, style_.api_version, style_.list_kind);
    row_.raw(kProtobufMagic);
    out.append(row_.bytes());
}

void ProtobufEncoder::list_tail(std::string& out) {
    row_.clear();
    begin_envelope(row_);
    out.append(row_.bytes());
}

void ProtobufEncoder::write(const Row& row) {
    if (rows_ == ProtobufRows::metrics) write_figures(row);
    write_metadata(row);
}

void ProtobufEncoder::write_figures(const Row& row) {
    if (row.usage != nullptr) write_usage(4, *row.usage);
    for (auto container = row.containers.rbegin(); container != row.containers.rend(); ++container) {
        const std::size_t mark = row_.size();
        write_usage(2, container->usage);
        row_.text(1, container->name);
        row_.message(4, mark);
    }
    write_window(row_, row.window);
    write_time(row_, 2, whole_seconds(row.timestamp));
}

void ProtobufEncoder::write_metadata(const Row& row) {
    const std::size_t mark = row_.size();
    row_.raw(labels_.of(store_, row.labels));
    row_.raw(middle_);
    row_.text(3, row.name_space);
    row_.text(2, "");
    row_.text(1, row.name);
    row_.message(1, mark);
}

void ProtobufEncoder::write_usage(unsigned field, const storage::Usage& usage) {
    if (style_.swap && usage.swap) write_quantity(field, "swap", QuantityText::of_bytes(*usage.swap).view());
    write_quantity(field, "memory", QuantityText::of_bytes(usage.memory).view());
    write_quantity(field, "cpu", QuantityText::of_nanocores(usage.cpu).view());
}

// A map<string, Quantity> entry.
void ProtobufEncoder::write_quantity(unsigned field, std::string_view key, std::string_view text) {
    const std::size_t entry = row_.size();
    row_.text(1, text);
    row_.message(2, entry);
    row_.text(1, key);
    row_.message(field, entry);
}

}  // namespace apiserver
