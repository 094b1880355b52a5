// SPDX-License-Identifier: Apache-2.0
#include "apiserver/groups/custom_metrics/object_turns.hpp"

#include <algorithm>

namespace apiserver {

// In the queue, however the wait ends.
struct ObjectTurns::Place {
    Place(ObjectTurns& all, std::string of)
        : turns{all}, name_space{std::move(of)}, at{all.waiting_.insert(all.waiting_.end(), this)} {}
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;
    ~Place() {
        turns.waiting_.erase(at);
        turns.changed_.notify();
    }

    ObjectTurns& turns;
    std::string name_space;
    std::list<const Place*>::const_iterator at;
};

ObjectTurns::Turn::~Turn() {
    if (turns_ == nullptr) return;
    turns_->taken_[lane_] = false;
    const auto running = turns_->running_.find(name_space_);
    if (--running->second == 0) turns_->running_.erase(running);
    turns_->changed_.notify();
}

bool ObjectTurns::may_begin(std::string_view name_space) const {
    const auto running = running_.find(name_space);
    return running == running_.end() || running->second < kOfNamespace;
}

bool ObjectTurns::is_due(const Place& place) const {
    if (std::find(taken_.begin(), taken_.end(), false) == taken_.end()) return false;
    const auto first = std::find_if(waiting_.begin(), waiting_.end(),
                                    [this](const Place* each) { return may_begin(each->name_space); });
    return first != waiting_.end() && *first == &place;
}

ObjectTurns::Turn ObjectTurns::begin(std::string name_space) {
    const auto lane = std::find(taken_.begin(), taken_.end(), false);
    *lane = true;
    ++running_[name_space];
    return Turn{*this, std::move(name_space), static_cast<std::size_t>(lane - taken_.begin())};
}

net::Task<std::optional<ObjectTurns::Turn>> ObjectTurns::take(std::string name_space, net::Deadline until) {
    std::optional<Turn> turn;
    const auto of_namespace = std::count_if(
        waiting_.begin(), waiting_.end(), [&](const Place* each) { return each->name_space == name_space; });
    if (waiting_.size() >= kWaiting || static_cast<std::size_t>(of_namespace) >= kWaitingOfNamespace)
        co_return turn;
    const Place place{*this, name_space};
    while (!is_due(place)) {
        if (net::Clock::now() >= until) co_return turn;
        co_await changed_.wait_until(until);
    }
    turn.emplace(begin(std::move(name_space)));
    co_return turn;
}

}  // namespace apiserver
