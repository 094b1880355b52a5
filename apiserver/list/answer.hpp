// SPDX-License-Identifier: Apache-2.0
// Lists of nodes or pods as answers (docs/decisions/0005-protobuf-lists.md).
#pragma once

#include "apiserver/compression/compression.hpp"
#include "apiserver/list/kept_lists.hpp"
#include "apiserver/list/walk.hpp"
#include "apiserver/representation/representation.hpp"
#include "net/http/message.hpp"

#include <optional>

namespace apiserver {

// The answer 200 with the list. One that has to be whole first, as in protobuf, is one of `kept`, and
// waits for room there: 429 when there is none. Lets other work run between pieces. `gzip`: compresses it if
// it is long; null: as it is. `key`: when it may be shared with others who ask for the same.
net::Task<net::Response> answer_list(ListWalk walk, Representation form, Compression* gzip,
                                     std::optional<ListKey> key, KeptLists& kept);

}  // namespace apiserver
