// SPDX-License-Identifier: Apache-2.0
// The Table of meta.k8s.io that `kubectl get` prints, in JSON (k8s.io/apiserver,
// pkg/endpoints/handlers/response.go; columns: metrics-server, pkg/api/table.go).
#pragma once

#include "apiserver/encode/json.hpp"
#include "apiserver/table/partial_metadata.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace apiserver {

// What each row carries beside its cells: ?includeObject.
enum class IncludeObject { none, metadata, object };

// nullopt: no such value. Empty is metadata.
std::optional<IncludeObject> parse_include_object(std::string_view text);

class TableEncoder final : public Encoder {
  public:
    // `style` is for whole objects in rows; meta_version, of the table, is one of meta.k8s.io.
    TableEncoder(const storage::Store& store, EncodedLabels& labels, RowStyle style,
                 std::string_view meta_version, IncludeObject include);

    void object(std::string& out, const Row& row) override;
    void item(std::string& out, const Row& row) override;
    void list_head(std::string& out, std::size_t item_bytes) override;
    void list_tail(std::string& out) override;

  private:
    std::string meta_version_;
    IncludeObject include_;
    bool swap_allowed_;
    JsonEncoder whole_;
    PartialMetadataEncoder partial_;
    bool empty_ = true;
    // The first row has the column, so that all have it.
    bool swap_column_ = false;
};

}  // namespace apiserver
