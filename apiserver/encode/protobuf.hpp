// SPDX-License-Identifier: Apache-2.0
// Rows (NodeMetrics, PodMetrics) in Kubernetes' protobuf form, to the byte as the generated Go code writes it
// (field numbers: contract, "Protobuf wire format"; k8s.io/metrics, generated.proto).
#pragma once

#include "apiserver/encode/encoded_labels.hpp"
#include "apiserver/encode/encoder.hpp"
#include "apiserver/encode/reverse_protobuf.hpp"

#include <string>

namespace apiserver {

// The entries of ObjectMeta.labels.
void encode_labels_protobuf(std::string& out, const storage::Labels& labels);

// How much of each row is written: all, or a PartialObjectMetadata, whose style is metadata_style().
enum class ProtobufRows { metrics, metadata };

// The store and the label sets must outlive it.
class ProtobufEncoder final : public Encoder {
  public:
    ProtobufEncoder(const storage::Store& store, EncodedLabels& labels, RowStyle style,
                    ProtobufRows rows = ProtobufRows::metrics);

    void object(std::string& out, const Row& row) override;
    void item(std::string& out, const Row& row) override;
    void list_head(std::string& out, std::size_t item_bytes) override;
    void list_tail(std::string& out) override;

  private:
    void write(const Row& row);
    void write_figures(const Row& row);
    void write_metadata(const Row& row);
    void write_usage(unsigned field, const storage::Usage& usage);
    void write_quantity(unsigned field, std::string_view key, std::string_view text);

    const storage::Store& store_;
    EncodedLabels& labels_;
    RowStyle style_;
    ProtobufRows rows_;
    // ObjectMeta's fields 4 to 8, which are the same in all rows.
    std::string middle_;
    ReverseProtobuf row_;
};

}  // namespace apiserver
