// SPDX-License-Identifier: Apache-2.0
#include "sink/spool/spool_queue.hpp"

#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace sink::spool {

SpoolQueue::~SpoolQueue() {
    thread_.join();
    spool_.close();
}

net::Task<std::string> SpoolQueue::open() {
    Work work = [this](Outcome& outcome) { outcome.problem = spool_.open(); };
    Outcome outcome = co_await on_thread(std::move(work));
    co_return std::move(outcome.problem);
}

net::Task<> SpoolQueue::push(Batch batch) {
    Work work = [this, held = std::move(batch)](Outcome&) mutable { spool_.push(std::move(held)); };
    co_await on_thread(std::move(work));
}

net::Task<const Batch*> SpoolQueue::front() {
    if (!shown_ || !state_.is_shown) {
        Work work = [this](Outcome& outcome) { outcome.front = spool_.front(); };
        Outcome outcome = co_await on_thread(std::move(work));
        shown_ = std::move(outcome.front);
    }
    co_return shown_ ? &*shown_ : nullptr;
}

net::Task<> SpoolQueue::pop() {
    shown_.reset();
    Work work = [this](Outcome&) { spool_.pop(); };
    co_await on_thread(std::move(work));
}

net::Task<SpoolQueue::Outcome> SpoolQueue::done(Work work) {
    Outcome outcome;
    work(outcome);
    outcome.state = {spool_.waiting(), spool_.newest_on_disk(), spool_.is_shown(), spool_.may_be_sent()};
    co_return outcome;
}

net::Task<SpoolQueue::Outcome> SpoolQueue::on_thread(Work work) {
    Outcome outcome =
        co_await boost::asio::co_spawn(thread_, done(std::move(work)), boost::asio::use_awaitable);
    // One thread: what ends later knows more.
    state_ = outcome.state;
    co_return outcome;
}

}  // namespace sink::spool
