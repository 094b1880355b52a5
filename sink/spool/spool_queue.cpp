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
    Outcome outcome = co_await on_thread(opened());
    co_return std::move(outcome.problem);
}

net::Task<> SpoolQueue::push(Batch batch) {
    co_await on_thread(pushed(std::move(batch)));
}

net::Task<const Batch*> SpoolQueue::front() {
    if (!shown_ || !state_.is_shown) {
        Outcome outcome = co_await on_thread(fetched());
        shown_ = std::move(outcome.front);
    }
    co_return shown_ ? &*shown_ : nullptr;
}

net::Task<> SpoolQueue::pop() {
    shown_.reset();
    co_await on_thread(popped());
}

SpoolQueue::State SpoolQueue::state() const {
    return {spool_.waiting(), spool_.newest_on_disk(), spool_.is_shown(), spool_.may_be_sent()};
}

net::Task<SpoolQueue::Outcome> SpoolQueue::opened() {
    Outcome outcome;
    outcome.problem = spool_.open();
    outcome.state = state();
    co_return outcome;
}

net::Task<SpoolQueue::Outcome> SpoolQueue::pushed(Batch batch) {
    Outcome outcome;
    spool_.push(std::move(batch));
    outcome.state = state();
    co_return outcome;
}

net::Task<SpoolQueue::Outcome> SpoolQueue::fetched() {
    Outcome outcome;
    outcome.front = spool_.front();
    outcome.state = state();
    co_return outcome;
}

net::Task<SpoolQueue::Outcome> SpoolQueue::popped() {
    Outcome outcome;
    spool_.pop();
    outcome.state = state();
    co_return outcome;
}

net::Task<SpoolQueue::Outcome> SpoolQueue::on_thread(net::Task<Outcome> work) {
    Outcome outcome = co_await boost::asio::co_spawn(thread_, std::move(work), boost::asio::use_awaitable);
    // One thread: what ends later knows more.
    state_ = outcome.state;
    co_return outcome;
}

}  // namespace sink::spool
