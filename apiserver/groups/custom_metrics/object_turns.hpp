// SPDX-License-Identifier: Apache-2.0
// Who asks the API server about an object now: a few at once and fewer of one namespace, so that an API that
// hangs keeps no turn from other namespaces.
#pragma once

#include "net/event.hpp"
#include "net/task.hpp"

#include <array>
#include <cstddef>
#include <functional>
#include <list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace apiserver {

// Must outlive its turns and whoever waits for one.
class ObjectTurns {
  public:
    static constexpr std::size_t kAtOnce = 4;
    static constexpr std::size_t kOfNamespace = 2;
    // Those who wait beyond that are turned away.
    static constexpr std::size_t kWaiting = 64;
    static constexpr std::size_t kWaitingOfNamespace = 16;

    class Turn {
      public:
        Turn(ObjectTurns& turns, std::string name_space, std::size_t lane)
            : turns_{&turns}, name_space_{std::move(name_space)}, lane_{lane} {}
        Turn(Turn&& other) noexcept
            : turns_{std::exchange(other.turns_, nullptr)},
              name_space_{std::move(other.name_space_)},
              lane_{other.lane_} {}
        Turn& operator=(Turn&&) = delete;
        ~Turn();

        // No other turn has it: below kAtOnce.
        std::size_t lane() const { return lane_; }

      private:
        ObjectTurns* turns_;
        std::string name_space_;
        std::size_t lane_;
    };

    // In the order in which they came, but for those whose namespace has its turns. nullopt: too many are
    // waiting, or it did not come by then.
    net::Task<std::optional<Turn>> take(std::string name_space, net::Deadline until);

  private:
    struct Place;

    bool may_begin(std::string_view name_space) const;
    bool is_due(const Place& place) const;
    Turn begin(std::string name_space);

    std::array<bool, kAtOnce> taken_{};
    // Turns that are taken, by namespace.
    std::map<std::string, std::size_t, std::less<>> running_;
    std::list<const Place*> waiting_;
    // A turn is over, or somebody waits no longer.
    net::Event changed_;
};

}  // namespace apiserver
