// SPDX-License-Identifier: Apache-2.0
// PartialObjectMetadata and its list in JSON: rows without their figures (k8s.io/apiserver,
// pkg/endpoints/handlers/response.go).
#pragma once

#include "apiserver/encode/json.hpp"

#include <string>
#include <string_view>

namespace apiserver {

class PartialMetadataEncoder final : public Encoder {
  public:
    // `style`: metadata_style().
    PartialMetadataEncoder(const storage::Store& store, EncodedLabels& labels, RowStyle style);

    void object(std::string& out, const Row& row) override;
    void item(std::string& out, const Row& row) override;
    void list_head(std::string& out, std::size_t item_bytes) override;
    void list_tail(std::string& out) override;

  private:
    RowStyle style_;
    MetadataJson metadata_;
    bool empty_ = true;
};

}  // namespace apiserver
