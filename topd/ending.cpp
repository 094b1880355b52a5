// SPDX-License-Identifier: Apache-2.0
#include "topd/ending.hpp"

#include "telemetry/log.hpp"

#include <csignal>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <sys/time.h>
#include <unistd.h>

namespace topd {
namespace {

volatile std::sig_atomic_t last_status = 0;

extern "C" void end_now(int) {
    ::_exit(last_status);
}

}  // namespace

Ending::Ending(net::Executor executor) : signals_{executor, SIGTERM, SIGINT} {}

net::TaskGroup::Failed Ending::on_failure() {
    return [this](std::string_view task, std::string_view what) {
        telemetry::error("A task failed, topd ends", {{"task", task}, {"err", what}});
        if (!failure_.empty()) return;
        failure_ = fmt::format("{} failed: {}", task, what);
        signals_.cancel();
    };
}

net::Task<> Ending::wait() {
    if (failure_.empty()) {
        const auto [error, signal] =
            co_await signals_.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
        if (!error)
            telemetry::info("Shutting down", {{"signal", signal == SIGINT ? "interrupt" : "terminated"}});
    }
    signals_.async_wait([](const boost::system::error_code& cancelled, int) {
        if (!cancelled) ::_exit(1);
    });
}

void end_within(std::chrono::milliseconds limit, int status) {
    last_status = status;
    std::signal(SIGALRM, end_now);
    const auto seconds = std::chrono::floor<std::chrono::seconds>(limit);
    itimerval timer{};
    timer.it_value.tv_sec = seconds.count();
    timer.it_value.tv_usec = std::chrono::microseconds{limit - seconds}.count();
    ::setitimer(ITIMER_REAL, &timer, nullptr);
}

}  // namespace topd
