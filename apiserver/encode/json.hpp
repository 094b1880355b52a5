// SPDX-License-Identifier: Apache-2.0
// NodeMetrics and PodMetrics in JSON, compact, as encoding/json writes them.
#pragma once

#include "apiserver/encode/encoded_labels.hpp"
#include "apiserver/encode/encoder.hpp"

#include <string>

namespace apiserver {

// The member `,"labels":{...}`.
void encode_labels_json(std::string& out, const storage::Labels& labels);

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
    bool head_needs_size() const override { return false; }

  private:
    void begin_object(std::string& out, std::string_view kind) const;
    void separate(std::string& out);
    // What follows the opening brace, the closing one included.
    void members(std::string& out, const storage::NodeView& node);
    void members(std::string& out, const storage::PodView& pod);
    void end_metadata(std::string& out, storage::LabelSetId labels);
    void append_time(std::string& out, storage::Nanos at, std::chrono::nanoseconds window);
    void append_usage(std::string& out, const storage::Usage& usage) const;

    const storage::Store& store_;
    EncodedLabels& labels_;
    RowStyle style_;
    // ,"creationTimestamp":"..."
    std::string created_;
    bool first_ = true;
};

}  // namespace apiserver
