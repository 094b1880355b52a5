// SPDX-License-Identifier: Apache-2.0
#include "net/task_group.hpp"

#include "net/event.hpp"
#include "telemetry/log.hpp"

#include <cassert>
#include <exception>
#include <list>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace net {

namespace asio = boost::asio;

struct TaskGroup::State : std::enable_shared_from_this<State> {
    explicit State(Executor e) : executor{std::move(e)} {}

    void done(std::list<asio::cancellation_signal>::iterator child, const std::exception_ptr& failure) {
        children.erase(child);
        if (children.empty()) idle.notify();
        if (failure) report(failure);
    }

    static void report(const std::exception_ptr& failure) {
        try {
            std::rethrow_exception(failure);
        } catch (const boost::system::system_error& error) {
            if (error.code() == asio::error::operation_aborted) return;
            telemetry::error("A task failed", {{"err", error.what()}});
        } catch (const std::exception& error) {
            telemetry::error("A task failed", {{"err", error.what()}});
        }
    }

    Executor executor;
    // A list: a signal must not move while a child is bound to it.
    std::list<asio::cancellation_signal> children;
    // The last child ended.
    Event idle;
    bool cancelled = false;
};

TaskGroup::TaskGroup(Executor executor) : state_{std::make_shared<State>(std::move(executor))} {}
TaskGroup::~TaskGroup() = default;

void TaskGroup::spawn(Task<> child) {
    const auto it = state_->children.emplace(state_->children.end());
    asio::co_spawn(state_->executor, std::move(child),
                   asio::bind_cancellation_slot(it->slot(), [state = state_, it](std::exception_ptr failure) {
                       state->done(it, failure);
                   }));
    if (state_->cancelled) it->emit(asio::cancellation_type::terminal);
}

void TaskGroup::cancel() {
    state_->cancelled = true;
    // A child may end, and leave the list, while its signal is emitted.
    for (auto it = state_->children.begin(); it != state_->children.end();)
        (it++)->emit(asio::cancellation_type::terminal);
}

Task<> TaskGroup::wait() {
    const std::shared_ptr<State> state = state_;
    while (!state->children.empty()) co_await state->idle.wait_until(Clock::time_point::max());
}

std::size_t TaskGroup::size() const {
    return state_->children.size();
}

Task<> sleep_until(Clock::time_point then) {
    asio::steady_timer timer{co_await asio::this_coro::executor, then};
    co_await timer.async_wait(asio::use_awaitable);
}

}  // namespace net
