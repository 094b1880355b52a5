// SPDX-License-Identifier: Apache-2.0
// A list that must be whole before its first byte is sent (docs/decisions/0005-protobuf-lists.md).
#pragma once

#include "apiserver/list/byte_budget.hpp"
#include "apiserver/list/gzip.hpp"
#include "apiserver/list/kept_lists.hpp"
#include "net/http.hpp"

#include <cstddef>
#include <deque>
#include <optional>
#include <string>

namespace apiserver {

class KeptPieces {
  public:
    // The lists and budgets must outlive it and the answer.
    explicit KeptPieces(KeptLists& lists) : lists_{lists}, lease_{lists.budget()} {}

    // From the threshold on pieces are kept compressed, a sixth of their size, if `writers` has room for it.
    void compress_long(ByteBudget& writers) { writers_ = &writers; }

    // False: over the budget, and whoever has room is reading. About a millisecond may pass when compression
    // begins.
    bool add(std::string piece);
    // Adds the last piece and makes all of them the body of `response`, behind what it has: that is short.
    bool finish(net::Response& response, std::string last);

  private:
    bool keep(std::string piece);
    bool begin_compression();
    bool pack(std::string_view piece);

    KeptLists& lists_;
    ByteBudget::Lease lease_;
    std::deque<std::string> pieces_;
    std::size_t bytes_ = 0;
    ByteBudget* writers_ = nullptr;
    std::optional<ByteBudget::Lease> writer_lease_;
    std::optional<GzipWriter> writer_;
    // Compressed, not yet a piece.
    std::string packed_;
};

}  // namespace apiserver
