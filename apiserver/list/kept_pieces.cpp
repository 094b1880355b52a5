// SPDX-License-Identifier: Apache-2.0
#include "apiserver/list/kept_pieces.hpp"

#include "apiserver/list/yield.hpp"

#include <memory>
#include <utility>

namespace apiserver {
namespace {

constexpr std::size_t kPackedPieceBytes = 32 * 1024;

// Frees what is sent.
class KeptBody final : public net::BodySource, public KeptLists::List {
  public:
    KeptBody(KeptLists& lists, std::deque<std::string> pieces, ByteBudget::Lease lease)
        : lists_{lists}, pieces_{std::move(pieces)}, lease_{std::move(lease)} {
        lists_.taken(*this);
    }

    net::Task<net::Result<net::Piece>> next(std::string& out) override {
        co_await yield();
        if (pieces_.empty()) co_return make_error_code(net::Errc::overloaded);
        lists_.taken(*this);
        lease_->give_back(pieces_.front().size());
        if (out.empty())
            out.swap(pieces_.front());
        else
            out.append(pieces_.front());
        pieces_.pop_front();
        co_return pieces_.empty() ? net::Piece::last : net::Piece::more;
    }

    void give_up() override {
        pieces_.clear();
        lease_.reset();
    }

  private:
    KeptLists& lists_;
    // Empty before the end: given up.
    std::deque<std::string> pieces_;
    std::optional<ByteBudget::Lease> lease_;
};

}  // namespace

bool KeptPieces::keep(std::string piece) {
    while (!lease_.take(piece.size()))
        if (!lists_.make_room()) return false;
    pieces_.push_back(std::move(piece));
    return true;
}

bool KeptPieces::pack(std::string_view piece) {
    writer_->write(packed_, piece);
    if (packed_.size() < kPackedPieceBytes) return true;
    // A copy takes no more memory than it needs.
    const bool kept = keep(packed_);
    packed_.clear();
    return kept;
}

bool KeptPieces::begin_compression() {
    if (writers_ == nullptr || bytes_ <= kGzipThreshold) return true;
    writer_lease_ = std::exchange(writers_, nullptr)->lease(kGzipWriterBytes);
    if (!writer_lease_) return true;
    writer_.emplace();
    for (const std::string& piece : std::exchange(pieces_, {})) {
        lease_.give_back(piece.size());
        if (!pack(piece)) return false;
    }
    return true;
}

bool KeptPieces::add(std::string piece) {
    bytes_ += piece.size();
    if (writer_) return pack(piece);
    return keep(std::move(piece)) && begin_compression();
}

bool KeptPieces::finish(net::Response& response, std::string last) {
    if (pieces_.empty() && !writer_) {
        response.body.append(last);
        return true;
    }
    bytes_ += response.body.size();
    if (!add(std::move(last))) return false;
    if (writer_) {
        set_gzip_headers(response);
        std::string head = std::exchange(response.body, {});
        writer_->begin(response.body, head);
        writer_->finish(packed_);
        if (!keep(std::exchange(packed_, {}))) return false;
    }
    response.source = std::make_unique<KeptBody>(lists_, std::move(pieces_), std::move(lease_));
    return true;
}

}  // namespace apiserver
