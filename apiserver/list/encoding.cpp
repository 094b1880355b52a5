// SPDX-License-Identifier: Apache-2.0
#include "apiserver/list/encoding.hpp"

#include "apiserver/representation/piece_size.hpp"
#include "net/yield.hpp"

#include <utility>

namespace apiserver {
namespace {

constexpr std::size_t kPackedPieceBytes = std::size_t{32} * 1024;

}  // namespace

// However it ends: whoever waits sees that nobody is at work.
class Encoding::Work {
  public:
    explicit Work(Encoding& encoding) : encoding_{encoding} { encoding_.worked_on_ = true; }
    Work(const Work&) = delete;
    Work& operator=(const Work&) = delete;
    ~Work() {
        encoding_.worked_on_ = false;
        encoding_.changed_.notify();
    }

  private:
    Encoding& encoding_;
};

Encoding::Encoding(KeptLists& lists, ListWalk walk, Compression* gzip)
    : lists_{lists},
      begun_{lists.now()},
      walk_{std::move(walk)},
      lease_{std::make_shared<ByteBudget::Lease>(lists.budget())},
      first_{std::make_shared<EncodedPiece>(lease_)},
      last_{first_},
      gzip_{gzip} {}

Encoding::~Encoding() {
    lists_.grown(*lease_);
}

net::Task<> Encoding::made() {
    while (state_ == State::making) {
        if (worked_on_) {
            co_await changed_.wait_until(net::Deadline::max());
            continue;
        }
        const Work at_work{*this};
        co_await work();
    }
}

// May be cancelled at each co_await, and begun again.
net::Task<> Encoding::work() {
    for (;;) {
        while (gzip_ == nullptr && !ready_.empty()) {
            if (keep_next()) continue;
            const bool again = co_await lists_.wait_for_room(*lease_, refuse_at_);
            if (!again) {
                end(State::refused);
                co_return;
            }
        }
        if (!walk_) break;
        try {
            encode();
        } catch (...) {
            // Nobody can go on with a part of a piece.
            end(State::refused);
            throw;
        }
        if (walk_) co_await net::yield();
    }
    end(State::complete);
}

bool Encoding::keep_next() {
    std::string& piece = ready_.front();
    auto end = std::make_shared<EncodedPiece>(lease_);
    if (!lists_.take(*lease_, piece.size())) return false;
    last_->bytes = std::move(piece);
    last_->next = end;
    last_ = std::move(end);
    ready_.erase(ready_.begin());
    return true;
}

void Encoding::end(State state) {
    state_ = state;
    last_.reset();
    lists_.grown(*lease_);
    if (state == State::refused) close();
}

// The next piece's rows. About a millisecond may pass when compression begins.
void Encoding::encode() {
    if (!walk_->advance(rows_, kPieceBytes)) return finish();
    if (rows_.size() < kPieceBytes / 2) return;
    add(std::exchange(rows_, {}));
    rows_.reserve(kPieceReserve);
}

void Encoding::finish() {
    walk_->encoder().list_head(head_, bytes_ + rows_.size());
    walk_->encoder().list_tail(rows_);
    walk_.reset();
    if (bytes_ == 0) {
        head_.append(std::exchange(rows_, {}));
    } else {
        bytes_ += head_.size();
        add(std::exchange(rows_, {}));
    }
    gzip_ = nullptr;
    if (!writer_) return;
    const std::string head = std::exchange(head_, {});
    writer_->begin(head_, head);
    writer_->finish(packed_);
    ready_.push_back(std::exchange(packed_, {}));
    writer_.reset();
    writer_lease_.reset();
}

void Encoding::add(std::string piece) {
    bytes_ += piece.size();
    if (writer_) return pack(piece);
    if (!piece.empty()) ready_.push_back(std::move(piece));
    if (gzip_ != nullptr && bytes_ > kGzipThreshold) begin_compression();
}

void Encoding::begin_compression() {
    writer_lease_ = std::exchange(gzip_, nullptr)->lease(0);
    if (!writer_lease_) return;
    compressed_ = true;
    writer_.emplace();
    for (const std::string& piece : std::exchange(ready_, {})) pack(piece);
}

void Encoding::pack(std::string_view piece) {
    writer_->write(packed_, piece);
    if (packed_.size() < kPackedPieceBytes) return;
    // A copy takes no more memory than it needs.
    ready_.push_back(packed_);
    packed_.clear();
}

}  // namespace apiserver
