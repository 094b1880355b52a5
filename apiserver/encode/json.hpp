// SPDX-License-Identifier: Apache-2.0
// Rows (NodeMetrics, PodMetrics) in JSON, compact, as encoding/json writes them.
#pragma once

#include "apiserver/encode/encoded_labels.hpp"
#include "apiserver/encode/encoder.hpp"

#include <string>
#include <string_view>

namespace apiserver {

// The member `,"labels":{...}`.
void encode_labels_json(std::string& out, const storage::Labels& labels);

// The metadata of a row, the same in all that is made of it. The store and the label sets must outlive it.
class MetadataJson {
  public:
    MetadataJson(const storage::Store& store, EncodedLabels& labels, std::int64_t created);

    // The object's members behind `before`, which ends with the key "name"; its last brace is the caller's.
    void append(std::string& out, std::string_view before, const Row& row);

  private:
    const storage::Store& store_;
    EncodedLabels& labels_;
    // ,"creationTimestamp":"..."
    std::string created_;
};

// {"kind":"...","apiVersion":"..."
void begin_json_object(std::string& out, std::string_view kind, std::string_view api_version);

// The store and the label sets must outlive it.
class JsonEncoder final : public Encoder {
  public:
    JsonEncoder(const storage::Store& store, EncodedLabels& labels, RowStyle style);

    void object(std::string& out, const Row& row) override;
    void item(std::string& out, const Row& row) override;
    void list_head(std::string& out, std::size_t item_bytes) override;
    void list_tail(std::string& out) override;

  private:
    // `before`: see MetadataJson. The closing brace is included.
    void members(std::string& out, std::string_view before, const Row& row);
    void append_containers(std::string& out, const Row& row) const;
    void append_usage(std::string& out, const storage::Usage& usage) const;

    RowStyle style_;
    MetadataJson metadata_;
    bool first_ = true;
};

}  // namespace apiserver
