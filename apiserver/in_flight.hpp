// SPDX-License-Identifier: Apache-2.0
// How many requests are being answered, and how many may be (k8s.io/apiserver, pkg/server/filters:
// maxinflight and waitgroup).
#pragma once

#include "apiserver/auth/user.hpp"
#include "apiserver/in_flight_limits.hpp"
#include "apiserver/request/request_info.hpp"
#include "net/event.hpp"
#include "net/task.hpp"

#include <cstddef>
#include <memory>

namespace apiserver {

// True of a watch: elsewhere it may last for ever, so it has no deadline.
bool is_long_running(const RequestInfo& info);

class InFlight {
    struct Counts;

  public:
    explicit InFlight(InFlightLimits limits);

    // One request, from its arrival until its answer was sent or dropped: however that ends, it is counted
    // for as long as its place is there.
    class Place {
      public:
        explicit Place(std::shared_ptr<Counts> counts);
        Place(const Place&) = delete;
        Place& operator=(const Place&) = delete;
        ~Place();

        // Whether it may go on; if not, there are too many of its kind. system:masters always may, and are
        // counted only while there is room.
        bool admit(const User& user, const RequestInfo& info);

      private:
        std::shared_ptr<Counts> counts_;
        // Where it is counted beside all().
        std::size_t* counted_ = nullptr;
    };
    std::shared_ptr<Place> enter() { return std::make_shared<Place>(counts_); }

    std::size_t all() const { return counts_->all; }
    std::size_t reading() const { return counts_->reading; }
    std::size_t mutating() const { return counts_->mutating; }

    // Returns when none is left, or then.
    net::Task<> drained(net::Deadline until);

  private:
    struct Counts {
        InFlightLimits limits;
        std::size_t all = 0;
        std::size_t reading = 0;
        std::size_t mutating = 0;
        net::Event none_left;
    };
    std::shared_ptr<Counts> counts_;
};

}  // namespace apiserver
