// SPDX-License-Identifier: Apache-2.0
#include "apiserver/list.hpp"

#include "apiserver/answer.hpp"
#include "apiserver/encode/json_indent.hpp"

#include <deque>
#include <utility>

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace apiserver {
namespace {

// Rows do not end exactly at the piece's size.
constexpr std::size_t kPieceReserve = kPieceBytes + 8 * 1024;

// Lets everything else that is due run first.
net::Task<> yield() {
    const auto executor = co_await boost::asio::this_coro::executor;
    co_await boost::asio::post(executor, boost::asio::use_awaitable);
}

// The elements of a JSON list, encoded as they are sent.
class StreamedItems {
  public:
    StreamedItems(ListWalk walk, bool pretty) : walk_{std::move(walk)}, pretty_{pretty} {
        walk_.encoder().list_head(piece_, walk_.resource(), 0);
    }

    // Appends the next piece, never an empty one. False: that was the last.
    net::Task<bool> next(std::string& out) {
        bool more = true;
        while (more) {
            more = walk_.advance(piece_, kPieceBytes);
            if (piece_.size() >= kPieceBytes / 2) break;
            if (more) co_await yield();
        }
        if (!more) {
            walk_.encoder().list_tail(piece_);
            if (!pretty_) piece_.push_back('\n');
        }
        if (pretty_)
            indenter_.append(out, piece_);
        else
            out.append(piece_);
        piece_.clear();
        co_return more;
    }

  private:
    ListWalk walk_;
    bool pretty_;
    JsonIndenter indenter_;
    std::string piece_;
};

class StreamedBody final : public net::BodySource {
  public:
    explicit StreamedBody(StreamedItems items) : items_{std::move(items)} {}

    net::Task<net::Result<net::Piece>> next(std::string& out) override {
        co_await yield();
        const bool more = co_await items_.next(out);
        co_return more ? net::Piece::more : net::Piece::last;
    }

  private:
    StreamedItems items_;
};

// A list that was encoded before it was sent; freed as it goes.
class EncodedBody final : public net::BodySource {
  public:
    EncodedBody(std::deque<std::string> pieces, ByteBudget::Lease lease)
        : pieces_{std::move(pieces)}, lease_{std::move(lease)} {}

    net::Task<net::Result<net::Piece>> next(std::string& out) override {
        co_await yield();
        out.append(pieces_.front());
        lease_.give_back(pieces_.front().size());
        pieces_.pop_front();
        co_return pieces_.empty() ? net::Piece::last : net::Piece::more;
    }

  private:
    std::deque<std::string> pieces_;
    ByteBudget::Lease lease_;
};

net::Response ok(MediaType type) {
    net::Response response;
    response.headers.set("Content-Type", content_type(type));
    return response;
}

net::Task<net::Response> answer_streamed(ListWalk walk, Representation form) {
    StreamedItems items{std::move(walk), form.pretty};
    net::Response response = ok(form.type);
    response.body.reserve(kPieceReserve);
    const bool more = co_await items.next(response.body);
    if (more) response.source = std::make_unique<StreamedBody>(std::move(items));
    co_return response;
}

net::Task<net::Response> answer_encoded(ListWalk walk, Representation form, ByteBudget& budget) {
    ByteBudget::Lease lease{budget};
    std::deque<std::string> pieces;
    std::size_t item_bytes = 0;
    std::string piece;
    bool more = true;
    while (more) {
        if (piece.empty()) piece.reserve(kPieceReserve);
        more = walk.advance(piece, kPieceBytes);
        if (more && piece.size() >= kPieceBytes / 2) {
            item_bytes += piece.size();
            if (!lease.take(piece.size())) co_return answer_too_many();
            pieces.push_back(std::exchange(piece, {}));
        }
        if (more) co_await yield();
    }
    item_bytes += piece.size();
    walk.encoder().list_tail(piece);
    if (!lease.take(piece.size())) co_return answer_too_many();
    pieces.push_back(std::move(piece));

    net::Response response = ok(form.type);
    walk.encoder().list_head(response.body, walk.resource(), item_bytes);
    if (pieces.size() > 1) {
        response.source = std::make_unique<EncodedBody>(std::move(pieces), std::move(lease));
    } else {
        response.body.append(pieces.front());
    }
    co_return response;
}

}  // namespace

bool ByteBudget::Lease::take(std::size_t bytes) {
    if (budget_->leases_ > 1 && budget_->used_ + bytes > budget_->limit_) return false;
    budget_->used_ += bytes;
    bytes_ += bytes;
    return true;
}

void ByteBudget::Lease::give_back(std::size_t bytes) {
    budget_->used_ -= bytes;
    bytes_ -= bytes;
}

net::Task<net::Response> answer_list(ListWalk walk, Representation form, ByteBudget& budget) {
    if (walk.encoder().head_needs_size()) return answer_encoded(std::move(walk), form, budget);
    return answer_streamed(std::move(walk), form);
}

}  // namespace apiserver
