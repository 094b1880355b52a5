// SPDX-License-Identifier: Apache-2.0
// NodeMetrics and PodMetrics in JSON, compact, as encoding/json writes them.
#pragma once

#include "apiserver/encode/encoded_labels.hpp"
#include "apiserver/encode/encoder.hpp"

#include <string>

namespace apiserver {

// The member `,"labels":{...}`.
void encode_labels_json(std::string& out, const storage::Labels& labels);

// The metadata of a row, the same in all that is made of it. The store and the label sets must outlive it.
class MetadataJson {
  public:
    MetadataJson(const storage::Store& store, EncodedLabels& labels, std::int64_t created);

    // The member "metadata":{...}.
    void append(std::string& out, const storage::NodeView& node);
    void append(std::string& out, const storage::PodView& pod);

  private:
    void end(std::string& out, storage::LabelSetId labels);

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

    void object(std::string& out, const storage::NodeView& node) override;
    void object(std::string& out, const storage::PodView& pod) override;
    void item(std::string& out, const storage::NodeView& node) override;
    void item(std::string& out, const storage::PodView& pod) override;
    void list_head(std::string& out, const Resource& resource, std::size_t item_bytes) override;
    void list_tail(std::string& out) override;

  private:
    void separate(std::string& out);
    // What follows the opening brace, the closing one included.
    void members(std::string& out, const storage::NodeView& node);
    void members(std::string& out, const storage::PodView& pod);
    void append_time(std::string& out, storage::Nanos at, std::chrono::nanoseconds window);
    void append_usage(std::string& out, const storage::Usage& usage) const;

    RowStyle style_;
    MetadataJson metadata_;
    bool first_ = true;
};

}  // namespace apiserver
