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
    State(Executor e, Failed f) : executor{std::move(e)}, failed{std::move(f)} {}

    void done(std::list<asio::cancellation_signal>::iterator child, std::string_view name,
              const std::exception_ptr& failure) {
        children.erase(child);
        if (children.empty()) idle.notify();
        if (failure) report(name, failure);
    }

    void report(std::string_view name, const std::exception_ptr& failure) {
        try {
            std::rethrow_exception(failure);
        } catch (const boost::system::system_error& error) {
            // How a cancelled child ends; unasked for it is a failure like others.
            if (error.code() == asio::error::operation_aborted && cancelled) return;
            failed(name, error.what());
        } catch (const std::exception& error) {
            failed(name, error.what());
        } catch (...) {
            failed(name, "an exception of an unknown type");
        }
    }

    Executor executor;
    Failed failed;
    // A list: a signal must not move while a child is bound to it.
    std::list<asio::cancellation_signal> children;
    // The last child ended.
    Event idle;
    bool cancelled = false;
};

TaskGroup::TaskGroup(Executor executor)
    : TaskGroup{std::move(executor), [](std::string_view child, std::string_view what) {
                    // Sessions are such children, and whoever finds how to end one may do it often.
                    telemetry::paced_error("A task failed", {{"task", child}, {"err", what}});
                }} {}
TaskGroup::TaskGroup(Executor executor, Failed failed)
    : state_{std::make_shared<State>(std::move(executor), std::move(failed))} {}
TaskGroup::~TaskGroup() = default;

void TaskGroup::spawn(Task<> child, std::string_view name) {
    const auto it = state_->children.emplace(state_->children.end());
    asio::co_spawn(
        state_->executor, std::move(child),
        asio::bind_cancellation_slot(it->slot(), [state = state_, it, name](std::exception_ptr failure) {
            state->done(it, name, failure);
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
