// SPDX-License-Identifier: Apache-2.0
#include "apiserver/turns/turns.hpp"

namespace apiserver {

// In the queue, however the wait ends.
class Turns::Place {
  public:
    explicit Place(Turns& turns) : turns_{turns}, at_{turns.waiting_.insert(turns.waiting_.end(), this)} {}
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;
    ~Place() {
        turns_.waiting_.erase(at_);
        turns_.changed_.notify();
    }

    bool is_due() const { return !turns_.taken_ && turns_.waiting_.front() == this; }

  private:
    Turns& turns_;
    std::list<const Place*>::const_iterator at_;
};

Turns::Turn::~Turn() {
    if (turns_ == nullptr) return;
    turns_->taken_ = false;
    turns_->changed_.notify();
}

net::Task<std::optional<Turns::Turn>> Turns::take(net::Deadline until) {
    std::optional<Turn> turn;
    const bool free = !taken_ && waiting_.empty();
    if (!free && waiting_.size() >= most_waiting_) co_return turn;
    const Place place{*this};
    while (!place.is_due()) {
        if (net::Clock::now() >= until) co_return turn;
        co_await changed_.wait_until(until);
    }
    turn.emplace(*this);
    co_return turn;
}

}  // namespace apiserver
