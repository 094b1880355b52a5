// SPDX-License-Identifier: Apache-2.0
// What the lists that are held whole until they are read may take together
// (docs/decisions/0005-protobuf-lists.md).
#pragma once

#include "apiserver/list/byte_budget.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <utility>

#include <boost/intrusive/list.hpp>

namespace apiserver {

// Must outlive its lists.
class KeptLists {
  public:
    using Clock = std::function<std::chrono::steady_clock::time_point()>;
    // A list whose client took nothing for this long may have to make room for another.
    static constexpr std::chrono::seconds kPatience{1};

    KeptLists(std::size_t bytes, Clock clock) : budget_{bytes}, clock_{std::move(clock)} {}

    // A list on its way to its client.
    class List : public boost::intrusive::list_base_hook<
                     boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
      public:
        List() = default;
        List(const List&) = delete;
        List& operator=(const List&) = delete;
        // Frees all that it holds: its client gets no more of it.
        virtual void give_up() = 0;

      protected:
        ~List() = default;

      private:
        friend class KeptLists;
        std::chrono::steady_clock::time_point taken_{};
    };

    // The client takes a piece now.
    void taken(List& list);
    // Gives up the list of which nothing was taken for the longest time; false: all are being read.
    bool make_room();

    ByteBudget& budget() { return budget_; }

  private:
    ByteBudget budget_;
    Clock clock_;
    // Whoever waits longest comes first.
    boost::intrusive::list<List, boost::intrusive::constant_time_size<false>> lists_;
};

}  // namespace apiserver
