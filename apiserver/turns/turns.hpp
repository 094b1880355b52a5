// SPDX-License-Identifier: Apache-2.0
// One after the other, in the order in which they came.
#pragma once

#include "net/event.hpp"
#include "net/task.hpp"

#include <cstddef>
#include <list>
#include <optional>
#include <utility>

namespace apiserver {

// Must outlive its turns and whoever waits for one.
class Turns {
  public:
    // waiting: how many may wait.
    explicit Turns(std::size_t waiting) : most_waiting_{waiting} {}

    class Turn {
      public:
        explicit Turn(Turns& turns) : turns_{&turns} { turns.taken_ = true; }
        Turn(Turn&& other) noexcept : turns_{std::exchange(other.turns_, nullptr)} {}
        Turn& operator=(Turn&& other) noexcept {
            std::swap(turns_, other.turns_);
            return *this;
        }
        ~Turn();

      private:
        Turns* turns_;
    };

    // nullopt: too many are waiting, or it did not come by then.
    net::Task<std::optional<Turn>> take(net::Deadline until);

    std::size_t waiting() const { return waiting_.size(); }

  private:
    class Place;

    std::size_t most_waiting_;
    bool taken_ = false;
    std::list<const Place*> waiting_;
    // The turn is over, or somebody waits no longer.
    net::Event changed_;
};

}  // namespace apiserver
