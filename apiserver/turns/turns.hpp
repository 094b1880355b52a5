// SPDX-License-Identifier: Apache-2.0
// Who may begin costly work now: so many at once, and the others in the order in which they came. Owners,
// such as namespaces, may have a share each, so that one of them keeps no turn from others.
#pragma once

#include "net/event.hpp"
#include "net/task.hpp"

#include <cstddef>
#include <cstdint>
#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace apiserver {

struct TurnLimits {
    // Those who wait beyond that are turned away.
    std::size_t waiting = 0;
    std::size_t at_once = 1;
    // Of one owner.
    std::size_t waiting_of_one = SIZE_MAX;
    std::size_t at_once_of_one = SIZE_MAX;
};

// Must outlive its turns and whoever waits for one.
class Turns {
  public:
    explicit Turns(TurnLimits limits) : limits_{limits}, lanes_(limits.at_once) {}

    class Turn {
      public:
        Turn(Turns& turns, std::size_t lane) : turns_{&turns}, lane_{lane} {}
        Turn(Turn&& other) noexcept : turns_{std::exchange(other.turns_, nullptr)}, lane_{other.lane_} {}
        Turn& operator=(Turn&& other) noexcept {
            std::swap(turns_, other.turns_);
            std::swap(lane_, other.lane_);
            return *this;
        }
        ~Turn();

        // No other turn has it: below `at_once`.
        std::size_t lane() const { return lane_; }

      private:
        Turns* turns_;
        std::size_t lane_;
    };

    // In the order in which they came, but for those whose owner has its share. nullopt: too many are
    // waiting, or it did not come by then.
    net::Task<std::optional<Turn>> take(net::Deadline until, std::string owner = {});

    std::size_t waiting() const { return waiting_.size(); }

  private:
    class Place;

    // There is a turn left, of the owner's share too.
    bool is_free(std::string_view owner) const;
    // The first of those who wait that may begin; null: there is none.
    const Place* due() const;
    bool has_room(std::string_view owner) const;

    TurnLimits limits_;
    // Who has each; nullopt: nobody.
    std::vector<std::optional<std::string>> lanes_;
    std::list<const Place*> waiting_;
    // A turn is over, or somebody waits no longer.
    net::Event changed_;
};

}  // namespace apiserver
