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
    // style.api_version: one of meta.k8s.io.
    PartialMetadataEncoder(const storage::Store& store, EncodedLabels& labels, RowStyle style);

    void object(std::string& out, const storage::NodeView& node) override;
    void object(std::string& out, const storage::PodView& pod) override;
    void item(std::string& out, const storage::NodeView& node) override;
    void item(std::string& out, const storage::PodView& pod) override;
    void list_head(std::string& out, const Resource& resource, std::size_t item_bytes) override;
    void list_tail(std::string& out) override;

  private:
    template <class View>
    void append(std::string& out, const View& view);
    template <class View>
    void append_item(std::string& out, const View& view);

    RowStyle style_;
    MetadataJson metadata_;
    bool empty_ = true;
};

}  // namespace apiserver
