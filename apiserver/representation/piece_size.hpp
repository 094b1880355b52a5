// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace apiserver {

// Lists over about this many bytes are sent in pieces of this size, without Content-Length.
inline constexpr std::size_t kPieceBytes = std::size_t{64} * 1024;
// Rows do not end exactly at the piece's size.
inline constexpr std::size_t kPieceReserve = kPieceBytes + std::size_t{8} * 1024;

}  // namespace apiserver
