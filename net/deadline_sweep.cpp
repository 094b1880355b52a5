// SPDX-License-Identifier: Apache-2.0
#include "net/deadline_sweep.hpp"

#include "net/connection.hpp"

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
    if (!entry.is_linked()) entries_.push_back(entry);
    if (!armed_) arm();
}

void DeadlineSweep::remove(Entry& entry) {
    if (entry.is_linked()) entry.unlink();
}

void DeadlineSweep::arm() {
    armed_ = true;
    timer_->expires_after(kDeadlineTick);
    timer_->async_wait([this](boost::system::error_code error) {
        armed_ = false;
        if (!error) sweep();
    });
}

void DeadlineSweep::sweep() {
    const Deadline now = Clock::now();
    for (auto it = entries_.begin(); it != entries_.end();) {
        Entry& entry = *it;
        if (entry.deadline_ > now) {
            ++it;
            continue;
        }
        it = entries_.erase(it);
        entry.on_deadline();
    }
    if (!entries_.empty()) arm();
}

void DeadlineSweep::shutdown() {
    entries_.clear();
    timer_.reset();
}

}  // namespace net
