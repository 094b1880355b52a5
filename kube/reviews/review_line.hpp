// SPDX-License-Identifier: Apache-2.0
// Chooses the next review when more are wanted than there are connections
// (docs/decisions/0016-hostile-clients.md).
#pragma once

#include "net/event.hpp"
#include "net/task.hpp"

#include <array>
#include <cstddef>
#include <list>
#include <map>
#include <string>
#include <utility>

#include <boost/intrusive/list.hpp>

namespace kube {

// On whose behalf a review is asked.
struct Asker {
    // It has shown who it is.
    bool proven = false;
    // The name of the user; of a client that showed nothing, its address.
    std::string name;
};

struct ReviewShares {
    // Reviews that are asked at once. Any one asker has half of what is there for its kind.
    std::size_t connections = 8;
    // How many of them are for all askers who proved nothing.
    std::size_t unproven_connections = 4;
    // Reviews that wait for a connection: of all, of all who proved nothing, of one user, of one address.
    std::size_t waiting = 1024;
    std::size_t unproven_waiting = 128;
    std::size_t waiting_each = 512;
    std::size_t unproven_waiting_each = 64;
    // What reviews hold together while they are asked or wait. Those who proved nothing get half, any one
    // asker half of what there is for its kind; but one review of each is never too large.
    std::size_t bytes = 4 * 1024 * 1024;
};

// Proven askers go before others; among equals one asker after the other has a turn, each in the order it
// came.
class ReviewLine {
    struct Crowd;

  public:
    explicit ReviewLine(const ReviewShares& shares) : shares_{shares} {}

    // One review: it waits, then it is called, then it ends. The line must outlive it.
    class Place : public boost::intrusive::list_base_hook<
                      boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
      public:
        Place(ReviewLine& line, const Asker& asker, std::size_t bytes);
        Place(const Place&) = delete;
        Place& operator=(const Place&) = delete;
        ~Place();

        // Whether it may wait at all; if not, its share is used up.
        bool admitted() const { return crowd_ != nullptr; }
        bool called() const { return called_; }
        // Until it is called, or then.
        net::Task<> wait_until(net::Deadline then) { return change_.wait_until(then); }

      private:
        friend class ReviewLine;

        ReviewLine& line_;
        Crowd* crowd_ = nullptr;
        std::size_t bytes_;
        bool called_ = false;
        net::Event change_;
    };

    // Askers of whom something waits or is asked.
    std::size_t askers() const { return crowds_.size(); }

  private:
    struct Use {
        std::size_t connections = 0;
        std::size_t waiting = 0;
        std::size_t bytes = 0;
    };
    using Key = std::pair<bool, std::string>;
    // The reviews of one asker.
    struct Crowd {
        Key key;
        Use use;
        boost::intrusive::list<Place, boost::intrusive::constant_time_size<false>> waiting;
    };

    bool fits(const Crowd& crowd, std::size_t bytes) const;
    bool may_ask(const Crowd& crowd) const;
    // The next to be called; null: none may be.
    Place* next();
    void call_all();
    // Does the same to the use of the crowd, of its kind and of all.
    template <class Change>
    void change(Crowd& crowd, Change alter);

    ReviewShares shares_;
    std::map<Key, Crowd> crowds_;
    // What the unproven use, and what all use.
    Use unproven_;
    Use all_;
    // Crowds with a review that waits, in the order of their turns: unproven ones, proven ones.
    std::array<std::list<Crowd*>, 2> turns_;
};

}  // namespace kube
