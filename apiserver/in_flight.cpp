// SPDX-License-Identifier: Apache-2.0
#include "apiserver/in_flight.hpp"

#include <utility>

namespace apiserver {

bool is_long_running(const RequestInfo& info) {
    return info.verb == "watch" || (!info.is_resource && info.path.starts_with("/debug/pprof/"));
}

InFlight::InFlight(InFlightLimits limits) : counts_{std::make_shared<Counts>()} {
    counts_->limits = limits;
}

InFlight::Place::Place(std::shared_ptr<Counts> counts) : counts_{std::move(counts)} {
    ++counts_->all;
}

InFlight::Place::~Place() {
    if (counted_ != nullptr) --*counted_;
    if (--counts_->all == 0) counts_->none_left.notify();
}

bool InFlight::Place::admit(const User& user, const RequestInfo& info) {
    // A watch as well: it is refused here and ends at once, where it runs on at others.
    const bool reads = info.verb == "get" || info.verb == "list" || info.verb == "watch";
    const std::size_t limit = reads ? counts_->limits.reading : counts_->limits.mutating;
    std::size_t& count = reads ? counts_->reading : counts_->mutating;
    if (limit != 0 && count >= limit) return user.is_in(kMastersGroup);
    ++count;
    counted_ = &count;
    return true;
}

net::Task<> InFlight::drained(net::Deadline until) {
    while (all() > 0 && net::Clock::now() < until) co_await counts_->none_left.wait_until(until);
}

}  // namespace apiserver
