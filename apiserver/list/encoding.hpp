// SPDX-License-Identifier: Apache-2.0
// A list that must be whole before its first byte is sent, made once for all who ask for the same at the same
// time (docs/decisions/0005-protobuf-lists.md).
#pragma once

#include "apiserver/compression/compression.hpp"
#include "apiserver/list/encoded_piece.hpp"
#include "apiserver/list/kept_lists.hpp"
#include "apiserver/list/walk.hpp"
#include "net/event.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace apiserver {

class Encoding {
  public:
    // From the threshold on pieces are kept compressed, a tenth of their size, if `gzip` has room for it;
    // null: they are not. Both must outlive it and its pieces.
    Encoding(KeptLists& lists, ListWalk walk, Compression* gzip);
    Encoding(const Encoding&) = delete;
    Encoding& operator=(const Encoding&) = delete;
    ~Encoding();

    // Until it is complete or refused. One of those who wait does the work; when that one is cancelled,
    // another goes on with it. Lets other work run between pieces.
    net::Task<> made();
    // Else: what it needs is over the budget, and whoever has room is reading.
    bool complete() const { return state_ == State::complete; }

    // When it is complete: the start of the body, or all of it, and whether it is compressed.
    const std::string& head() const { return head_; }
    bool compressed() const { return compressed_; }

    // Where a reader begins; null when it is too late for that. Until then no piece goes.
    const std::shared_ptr<EncodedPiece>& first() const { return first_; }
    KeptLists::Time begun() const { return begun_; }
    void close() { first_.reset(); }

  private:
    enum class State { making, complete, refused };
    class Work;

    net::Task<> work();
    bool keep_next();
    void end(State state);
    void encode();
    void finish();
    void add(std::string piece);
    void begin_compression();
    void pack(std::string_view piece);

    KeptLists& lists_;
    const KeptLists::Time begun_;
    // No value: all rows are there.
    std::optional<ListWalk> walk_;
    State state_ = State::making;
    bool worked_on_ = false;
    // The state, or who works on it.
    net::Event changed_;
    net::Deadline refuse_at_ = net::Deadline::max();

    std::shared_ptr<ByteBudget::Lease> lease_;
    std::shared_ptr<EncodedPiece> first_;
    // The end, where pieces are added.
    std::shared_ptr<EncodedPiece> last_;
    std::string head_;
    // Rows that are no piece yet.
    std::string rows_;
    // Before compression, of all pieces.
    std::size_t bytes_ = 0;
    // Pieces that are not added yet: there was no room, or they may have to be compressed.
    std::vector<std::string> ready_;

    // Set until it is known whether the list is long enough.
    Compression* gzip_;
    std::optional<ByteBudget::Lease> writer_lease_;
    std::optional<gzip::Writer> writer_;
    bool compressed_ = false;
    // Compressed, not yet a piece.
    std::string packed_;
};

}  // namespace apiserver
