// SPDX-License-Identifier: Apache-2.0
#include "net/limits/handshake_pace.hpp"

#include <algorithm>
#include <ctime>

namespace net {
namespace {

// Not wall time: a process that was kept from its core did not use it.
std::chrono::nanoseconds cpu_time() {
    std::timespec spent{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &spent);
    return std::chrono::seconds{spent.tv_sec} + std::chrono::nanoseconds{spent.tv_nsec};
}

}  // namespace

HandshakePace::HandshakePace(const Executor& executor, double share)
    : timer_{executor}, share_{std::clamp(share, 0.01, 1.0)} {}

void HandshakePace::ask(Step& step) {
    if (waiting_.empty() && Clock::now() >= free_at_) {
        take(step);
        return;
    }
    waiting_.push_front(step);
    arm();
}

void HandshakePace::take(Step& step) {
    const auto before = cpu_time();
    step.take();
    const std::chrono::duration<double> pause = (cpu_time() - before) * ((1 - share_) / share_);
    free_at_ = Clock::now() + std::chrono::duration_cast<Clock::duration>(pause);
}

void HandshakePace::arm() {
    if (armed_) return;
    armed_ = true;
    timer_.expires_at(free_at_);
    timer_.async_wait([this, alive = std::weak_ptr{alive_}](boost::system::error_code error) {
        if (error || alive.expired()) return;
        armed_ = false;
        if (waiting_.empty()) return;
        const auto next =
            std::min_element(waiting_.begin(), waiting_.end(),
                             [](const Step& a, const Step& b) { return a.crowd() < b.crowd(); });
        Step& step = *next;
        waiting_.erase(next);
        take(step);
        if (!waiting_.empty()) arm();
    });
}

}  // namespace net
