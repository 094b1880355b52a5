// SPDX-License-Identifier: Apache-2.0
// Lists of nodes or pods as answers (docs/decisions/0005-protobuf-lists.md).
#pragma once

#include "apiserver/list/byte_budget.hpp"
#include "apiserver/list/kept_lists.hpp"
#include "apiserver/list/walk.hpp"
#include "apiserver/request/negotiate.hpp"
#include "net/http.hpp"

#include <cstddef>
#include <utility>

namespace apiserver {

// Lists over about this many bytes are sent in pieces of this size, without Content-Length.
inline constexpr std::size_t kPieceBytes = 64 * 1024;

// What all lists under way may hold together.
struct ListBudgets {
    ListBudgets(std::size_t encoded_bytes, std::size_t gzip_bytes, KeptLists::Clock clock)
        : encoded{encoded_bytes, std::move(clock)}, gzip{gzip_bytes} {}

    // Protobuf lists, complete before they are sent. Over it: 429.
    KeptLists encoded;
    // Compression under way, with what is held back to see whether it is worth it. Over it: not compressed.
    ByteBudget gzip;
};

// The answer 200 with the list, or 429 when the budget does not allow it. Lets other work run between pieces.
// `gzip`: compressed if it is long.
net::Task<net::Response> answer_list(ListWalk walk, Representation form, bool gzip, ListBudgets& budgets);

}  // namespace apiserver
