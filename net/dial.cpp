// SPDX-License-Identifier: Apache-2.0
#include "net/dial.hpp"

#include "net/resolver.hpp"

#include <algorithm>

namespace net {

Deadline share_of(Deadline deadline, std::size_t tries, Clock::time_point now) {
    if (tries <= 1 || deadline == Deadline::max() || deadline <= now) return deadline;
    return now + (deadline - now) / static_cast<Clock::rep>(tries + 1);
}

Task<Result<Connection>> dial(DialTarget target, Deadline deadline, StageLimits limits) {
    auto endpoints = co_await resolve(target.host, target.port, within(deadline, limits.look_up));
    if (!endpoints) co_return endpoints.error();
    Error last = make_error_code(Errc::unknown_host);
    const std::size_t tries = std::min(endpoints->size(), kMaxDialled);
    for (std::size_t i = 0; i < tries; ++i) {
        const Deadline by = share_of(deadline, tries - i, Clock::now());
        std::string name = target.peer_name;
        auto opened = co_await Connection::connect((*endpoints)[i], target.tls, std::move(name), by,
                                                   target.judge, limits);
        if (opened) co_return std::move(*opened);
        last = opened.error();
    }
    co_return last;
}

}  // namespace net
