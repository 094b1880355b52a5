// SPDX-License-Identifier: Apache-2.0
// A list in pieces that several clients are sent, each at its own pace.
#pragma once

#include "apiserver/compression/byte_budget.hpp"

#include <memory>
#include <string>
#include <utility>

namespace apiserver {

// Held by the piece before it and by those who are to send it next: it goes when the last of them has passed.
struct EncodedPiece {
    explicit EncodedPiece(std::shared_ptr<ByteBudget::Lease> of_list) : lease{std::move(of_list)} {}
    EncodedPiece(const EncodedPiece&) = delete;
    EncodedPiece& operator=(const EncodedPiece&) = delete;
    ~EncodedPiece();

    // Behind the last there is one without bytes.
    bool is_end() const { return next == nullptr; }

    // Counts the bytes.
    std::shared_ptr<ByteBudget::Lease> lease;
    std::string bytes;
    std::shared_ptr<EncodedPiece> next;
};

// Appends the piece's bytes to `out`, and goes on to the one behind it.
void send_piece(std::shared_ptr<EncodedPiece>& piece, std::string& out);

}  // namespace apiserver
