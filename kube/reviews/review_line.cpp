// SPDX-License-Identifier: Apache-2.0
#include "kube/reviews/review_line.hpp"

#include <algorithm>

namespace kube {
namespace {

bool holds(std::size_t bound, std::size_t used, std::size_t bytes) {
    return used == 0 || used + bytes <= bound;
}

}  // namespace

template <class Change>
void ReviewLine::change(Crowd& crowd, Change alter) {
    alter(crowd.use);
    if (!crowd.key.first) alter(unproven_);
    alter(all_);
}

ReviewLine::Place::Place(ReviewLine& line, const Asker& asker, std::size_t bytes)
    : line_{line}, bytes_{bytes} {
    const Key key{asker.proven, asker.name};
    Crowd& crowd = line.crowds_[key];
    crowd.key = key;
    if (!line.fits(crowd, bytes)) {
        if (crowd.use.connections + crowd.use.waiting == 0) line.crowds_.erase(key);
        return;
    }
    crowd_ = &crowd;
    line.change(crowd, [bytes](Use& use) {
        ++use.waiting;
        use.bytes += bytes;
    });
    if (crowd.waiting.empty()) line.turns_[crowd.key.first].push_back(&crowd);
    crowd.waiting.push_back(*this);
    line.call_all();
}

ReviewLine::Place::~Place() {
    if (crowd_ == nullptr) return;
    line_.change(*crowd_, [this](Use& use) {
        --(called_ ? use.connections : use.waiting);
        use.bytes -= bytes_;
    });
    if (!called_) {
        unlink();
        if (crowd_->waiting.empty()) line_.turns_[crowd_->key.first].remove(crowd_);
    }
    if (crowd_->use.connections + crowd_->use.waiting == 0) line_.crowds_.erase(Key{crowd_->key});
    line_.call_all();
}

bool ReviewLine::fits(const Crowd& crowd, std::size_t bytes) const {
    const bool proven = crowd.key.first;
    const std::size_t kind = proven ? shares_.bytes : shares_.bytes / 2;
    const std::size_t each = proven ? shares_.waiting_each : shares_.unproven_waiting_each;
    if (crowd.use.waiting >= each || !holds(kind / 2, crowd.use.bytes, bytes)) return false;
    if (all_.waiting >= shares_.waiting || !holds(shares_.bytes, all_.bytes, bytes)) return false;
    return proven || (unproven_.waiting < shares_.unproven_waiting && holds(kind, unproven_.bytes, bytes));
}

bool ReviewLine::may_ask(const Crowd& crowd) const {
    const bool proven = crowd.key.first;
    const std::size_t kind = proven ? shares_.connections : shares_.unproven_connections;
    if (!proven && unproven_.connections >= kind) return false;
    return all_.connections < shares_.connections &&
           crowd.use.connections < std::max<std::size_t>(1, kind / 2);
}

ReviewLine::Place* ReviewLine::next() {
    for (const bool proven : {true, false}) {
        std::list<Crowd*>& turns = turns_[proven];
        const auto crowd =
            std::find_if(turns.begin(), turns.end(), [this](const Crowd* c) { return may_ask(*c); });
        if (crowd == turns.end()) continue;
        Place& place = (*crowd)->waiting.front();
        place.unlink();
        if ((*crowd)->waiting.empty())
            turns.erase(crowd);
        else
            turns.splice(turns.end(), turns, crowd);
        return &place;
    }
    return nullptr;
}

void ReviewLine::call_all() {
    while (Place* place = next()) {
        change(*place->crowd_, [](Use& use) {
            --use.waiting;
            ++use.connections;
        });
        place->called_ = true;
        place->change_.notify();
    }
}

}  // namespace kube
