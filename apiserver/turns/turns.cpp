// SPDX-License-Identifier: Apache-2.0
#include "apiserver/turns/turns.hpp"

#include <algorithm>

namespace apiserver {

// In the queue, however the wait ends.
class Turns::Place {
  public:
    Place(Turns& turns, std::string of)
        : owner{std::move(of)}, turns_{turns}, at_{turns.waiting_.insert(turns.waiting_.end(), this)} {}
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;
    ~Place() {
        turns_.waiting_.erase(at_);
        turns_.changed_.notify();
    }

    const std::string owner;

  private:
    Turns& turns_;
    std::list<const Place*>::const_iterator at_;
};

Turns::Turn::~Turn() {
    if (turns_ == nullptr) return;
    turns_->lanes_[lane_].reset();
    turns_->changed_.notify();
}

bool Turns::is_free(std::string_view owner) const {
    std::size_t taken = 0;
    std::size_t of_owner = 0;
    for (const std::optional<std::string>& lane : lanes_) {
        taken += lane ? 1 : 0;
        of_owner += lane && *lane == owner ? 1 : 0;
    }
    return taken < lanes_.size() && of_owner < limits_.at_once_of_one;
}

const Turns::Place* Turns::due() const {
    const auto first = std::find_if(waiting_.begin(), waiting_.end(),
                                    [this](const Place* each) { return is_free(each->owner); });
    return first == waiting_.end() ? nullptr : *first;
}

bool Turns::has_room(std::string_view owner) const {
    const auto of_owner = std::count_if(waiting_.begin(), waiting_.end(),
                                        [owner](const Place* each) { return each->owner == owner; });
    return waiting_.size() < limits_.waiting && static_cast<std::size_t>(of_owner) < limits_.waiting_of_one;
}

net::Task<std::optional<Turns::Turn>> Turns::take(net::Deadline until, std::string owner) {
    std::optional<Turn> turn;
    const bool at_once = due() == nullptr && is_free(owner);
    if (!at_once && !has_room(owner)) co_return turn;
    const Place place{*this, std::move(owner)};
    while (due() != &place) {
        if (net::Clock::now() >= until) co_return turn;
        co_await changed_.wait_until(until);
    }
    const auto lane = std::find(lanes_.begin(), lanes_.end(), std::nullopt);
    *lane = place.owner;
    turn.emplace(*this, static_cast<std::size_t>(lane - lanes_.begin()));
    co_return turn;
}

}  // namespace apiserver
