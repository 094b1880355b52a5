// SPDX-License-Identifier: Apache-2.0
#include "apiserver/list/encoded_piece.hpp"

#include "apiserver/representation/piece_size.hpp"

namespace apiserver {

EncodedPiece::~EncodedPiece() {
    lease->give_back(bytes.size());
    // One after the other: a piece that ends the next would go as deep as the list is long.
    while (next && next.use_count() == 1) next = std::exchange(next->next, nullptr);
}

void send_piece(std::shared_ptr<EncodedPiece>& piece, std::string& out) {
    if (out.empty() && piece.use_count() == 1) {
        // Nobody else wants it: no need for a copy.
        piece->lease->give_back(piece->bytes.size());
        out.swap(piece->bytes);
    } else {
        // Room for what HTTP puts around it.
        out.reserve(kPieceReserve);
        out.append(piece->bytes);
    }
    std::shared_ptr<EncodedPiece> next = piece->next;
    piece = std::move(next);
}

}  // namespace apiserver
