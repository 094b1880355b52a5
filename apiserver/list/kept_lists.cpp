// SPDX-License-Identifier: Apache-2.0
#include "apiserver/list/kept_lists.hpp"

#include "apiserver/list/encoding.hpp"

#include <algorithm>

namespace apiserver {

KeptLists::Reader::Reader(KeptLists& lists, std::shared_ptr<Encoding> encoding)
    : lists_{lists}, encoding_{std::move(encoding)}, next_{encoding_->first()} {}

bool KeptLists::Reader::begin() {
    if (next_->is_end()) return false;
    taken_ = lists_.now();
    lists_.readers_.push_back(*this);
    return true;
}

net::Result<net::Piece> KeptLists::Reader::take(std::string& out) {
    if (!next_) return make_error_code(net::Errc::overloaded);
    taken_ = lists_.now();
    unlink();
    // Nobody joins any more: what all have passed goes.
    if (taken_ - encoding_->begun() >= kShared) encoding_->close();
    send_piece(next_, out);
    if (!next_->is_end()) {
        lists_.readers_.push_back(*this);
        return net::Piece::more;
    }
    next_.reset();
    encoding_.reset();
    return net::Piece::last;
}

std::shared_ptr<Encoding> KeptLists::find(const ListKey& key) {
    const Time now = clock_();
    std::shared_ptr<Encoding> found;
    std::erase_if(shared_, [&](const auto& entry) {
        const std::shared_ptr<Encoding> encoding = entry.second.lock();
        if (encoding && now - encoding->begun() >= kShared) encoding->close();
        if (!encoding || !encoding->first()) return true;
        if (entry.first == key) found = encoding;
        return false;
    });
    return found;
}

void KeptLists::share(ListKey key, const std::shared_ptr<Encoding>& encoding) {
    shared_.emplace_back(std::move(key), encoding);
}

bool KeptLists::take(ByteBudget::Lease& lease, std::size_t bytes) {
    const bool small = lease.stays_small(bytes);
    if (!small && !has_turn(lease)) return false;
    while (!lease.take(bytes))
        if (!make_room()) return false;
    if (!small) growing_ = &lease;
    return true;
}

net::Task<bool> KeptLists::wait_for_room(const ByteBudget::Lease& lease, net::Deadline& refuse_at) {
    const net::Deadline present = net::Clock::now();
    if (refuse_at == net::Deadline::max()) refuse_at = present + wait_;
    // Whoever has the turn gets on or is refused.
    if (!has_turn(lease)) {
        co_await budget_.eased().wait_until(net::Deadline::max());
        co_return true;
    }
    if (present >= refuse_at) co_return false;
    // The next reader that may have to make room is known by the time when it took something.
    const Time now = clock_();
    const auto fresh = std::find_if(readers_.begin(), readers_.end(),
                                    [&](const Reader& reader) { return !is_stale(reader, now); });
    net::Deadline then = refuse_at;
    if (fresh != readers_.end()) then = std::min(then, present + (fresh->taken_ + kPatience - now));
    co_await budget_.eased().wait_until(then);
    co_return true;
}

void KeptLists::grown(const ByteBudget::Lease& lease) {
    if (growing_ != &lease) return;
    growing_ = nullptr;
    budget_.eased().notify();
}

// Gives up those that took nothing for the longest time, if that helps; false: nobody's end would.
bool KeptLists::make_room() {
    const Time now = clock_();
    const std::size_t used = budget_.used();
    for (Reader& reader : readers_) {
        if (!is_stale(reader, now)) break;
        give_up(*reader.encoding_, now);
        if (budget_.used() < used) return true;
    }
    return false;
}

// All that are slow together hold what the fast ones have passed. Each lets go, and those who still find
// their piece keep it: somebody else needs it, so that their end would free nothing.
void KeptLists::give_up(Encoding& encoding, Time now) {
    encoding.close();
    std::vector<std::pair<Reader*, std::weak_ptr<EncodedPiece>>> slow;
    for (Reader& reader : readers_) {
        if (!is_stale(reader, now)) break;
        if (reader.encoding_.get() == &encoding)
            slow.emplace_back(&reader, std::exchange(reader.next_, nullptr));
    }
    for (auto& [reader, piece] : slow) {
        reader->next_ = piece.lock();
        if (reader->next_) continue;
        reader->unlink();
        reader->encoding_.reset();
    }
}

}  // namespace apiserver
