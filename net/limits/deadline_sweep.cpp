// SPDX-License-Identifier: Apache-2.0
#include "net/limits/deadline_sweep.hpp"

#include "net/connection.hpp"

#include <algorithm>

#include <boost/asio/query.hpp>

namespace net {

namespace asio = boost::asio;

asio::execution_context::id DeadlineSweep::id;

DeadlineSweep::DeadlineSweep(asio::execution_context& context) : service{context} {}

DeadlineSweep& DeadlineSweep::of(const Executor& executor) {
    asio::execution_context& context = asio::query(executor, asio::execution::context);
    auto& sweep = asio::use_service<DeadlineSweep>(context);
    if (!sweep.timer_) sweep.timer_ = std::make_unique<asio::steady_timer>(executor);
    return sweep;
}

void DeadlineSweep::add(Entry& entry, Deadline deadline) {
    entry.deadline_ = deadline;
    entry.sweep_ = this;
    if (!entry.is_linked()) entries_.push_back(entry);
    if (deadline < armed_for_ - kDeadlineTick) arm(deadline);
}

void DeadlineSweep::remove(Entry& entry) {
    if (!entry.is_linked()) return;
    entry.unlink();
    if (entry.sweep_->entries_.empty()) entry.sweep_->disarm();
}

void DeadlineSweep::arm(Deadline when) {
    // Not more often than every tick.
    armed_for_ = std::max(when, Clock::now() + kDeadlineTick);
    timer_->expires_at(armed_for_);
    timer_->async_wait([this](boost::system::error_code error) {
        if (!error) sweep();
    });
}

void DeadlineSweep::disarm() {
    if (armed_for_ == Deadline::max()) return;
    armed_for_ = Deadline::max();
    timer_->cancel();
}

void DeadlineSweep::sweep() {
    armed_for_ = Deadline::max();
    const Deadline now = Clock::now();
    Deadline next = Deadline::max();
    for (auto it = entries_.begin(); it != entries_.end();) {
        Entry& entry = *it;
        if (entry.deadline_ > now) {
            next = std::min(next, entry.deadline_);
            ++it;
            continue;
        }
        it = entries_.erase(it);
        entry.on_deadline();
    }
    if (next < armed_for_) arm(next);
}

void DeadlineSweep::shutdown() {
    entries_.clear();
    timer_.reset();
}

}  // namespace net
