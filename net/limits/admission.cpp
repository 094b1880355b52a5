// SPDX-License-Identifier: Apache-2.0
#include "net/limits/admission.hpp"

#include <algorithm>

namespace net {

std::array<unsigned char, 16> network_of(const boost::asio::ip::address& address) {
    std::array<unsigned char, 16> key{};
    if (address.is_v4()) {
        const auto bytes = address.to_v4().to_bytes();
        std::copy(bytes.begin(), bytes.end(), key.begin() + 12);
        return key;
    }
    const auto bytes = address.to_v6().to_bytes();
    if (address.to_v6().is_v4_mapped())
        std::copy(bytes.begin() + 12, bytes.end(), key.begin() + 12);
    else
        std::copy(bytes.begin(), bytes.begin() + 8, key.begin());
    return key;
}

Admission::Guest::~Guest() {
    leave();
}

void Admission::Guest::enter(Admission& admission, const boost::asio::ip::address& address) {
    admission_ = &admission;
    const auto key = network_of(address);
    crowd_ = &admission.crowds_[key];
    crowd_->address = key;
    ++crowd_->classes[0].count;
    line_up();
}

void Admission::Guest::leave() {
    if (!crowd_) return;
    unlink();
    --crowd_->classes[proven_].count;
    if (crowd_->classes[0].count + crowd_->classes[1].count == 0) admission_->crowds_.erase(crowd_->address);
    crowd_ = nullptr;
}

void Admission::Guest::line_up() {
    if (is_linked()) unlink();
    if (state_ != State::answering)
        crowd_->classes[proven_].lines[static_cast<std::size_t>(state_)].push_back(*this);
}

void Admission::Guest::set_state(State state) {
    if (!crowd_) return;
    state_ = state;
    line_up();
}

void Admission::Guest::set_proven() {
    if (!crowd_ || proven_) return;
    --crowd_->classes[0].count;
    ++crowd_->classes[1].count;
    proven_ = true;
    line_up();
}

std::size_t Admission::Guest::crowd() const {
    return crowd_ ? crowd_->classes[proven_].count : 0;
}

Admission::Guest* Admission::Crowd::next(bool proven) {
    auto& lines = classes[proven].lines;
    for (const State state : {State::silent, State::idle, State::sending}) {
        if (proven && state == State::sending) break;
        auto& line = lines[static_cast<std::size_t>(state)];
        if (!line.empty()) return &line.front();
    }
    return nullptr;
}

bool Admission::drop_one() {
    for (const bool proven : {false, true}) {
        Guest* least = nullptr;
        for (auto& [address, crowd] : crowds_) {
            Guest* guest = crowd.next(proven);
            if (guest && (!least || guest->crowd() > least->crowd())) least = guest;
        }
        if (!least) continue;
        least->leave();
        least->on_dropped();
        return true;
    }
    return false;
}

}  // namespace net
