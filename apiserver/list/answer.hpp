// SPDX-License-Identifier: Apache-2.0
// Lists of nodes or pods as answers (docs/decisions/0005-protobuf-lists.md).
#pragma once

#include "apiserver/list/byte_budget.hpp"
#include "apiserver/list/kept_lists.hpp"
#include "apiserver/list/piece_size.hpp"
#include "apiserver/list/walk.hpp"
#include "apiserver/request/negotiate.hpp"
#include "net/http/message.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <utility>

namespace apiserver {

// What all lists under way may hold together.
struct ListBudgets {
    ListBudgets(std::size_t encoded_bytes, std::chrono::milliseconds encoded_wait, std::size_t gzip_bytes,
                KeptLists::Clock clock)
        : encoded{encoded_bytes, encoded_wait, std::move(clock)}, gzip{gzip_bytes} {}

    // Protobuf lists, complete before they are sent. Over it they wait, and get 429 in the end.
    KeptLists encoded;
    // Compression under way, with what is held back to see whether it is worth it. Over it: not compressed.
    ByteBudget gzip;
};

// The answer 200 with the list, or 429 when the budget does not allow it. Lets other work run between pieces.
// `gzip`: compressed if it is long. `key`: when it may be shared with others who ask for the same.
net::Task<net::Response> answer_list(ListWalk walk, Representation form, bool gzip,
                                     std::optional<ListKey> key, ListBudgets& budgets);

}  // namespace apiserver
