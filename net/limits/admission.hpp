// SPDX-License-Identifier: Apache-2.0
// Chooses the connection to close when a server has too many (docs/decisions/0016-hostile-clients.md).
#pragma once

#include <array>
#include <cstddef>
#include <map>

#include <boost/asio/ip/address.hpp>
#include <boost/intrusive/list.hpp>

namespace net {

// Tells clients apart: an IPv4 address as it is, IPv6 by its /64, since who has one address of it has all.
std::array<unsigned char, 16> network_of(const boost::asio::ip::address& address);

// The open connections of a server by their worth. Clients that proved nothing go before those that did;
// among either, the address with the most connections loses one first, so that a flood displaces itself.
class Admission {
  public:
    // Among the connections of one address the silent go first, then the idle, then the sending; among
    // equals, the one that has been so for the longest time.
    enum class State {
        // It shakes hands, or has not sent a whole request yet.
        silent,
        // Between two requests, or in the middle of one.
        idle,
        // An answer is on its way. That of a client that proved who it is is not cut.
        sending,
        // Never given up: the handler has limits of its own.
        answering
    };
    struct Crowd;

    // A connection. It is in from enter() to its end or on_dropped(), whichever is first.
    class Guest : public boost::intrusive::list_base_hook<
                      boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
      public:
        Guest() = default;
        Guest(const Guest&) = delete;
        Guest& operator=(const Guest&) = delete;
        // The connection has to end now.
        virtual void on_dropped() = 0;

        // Once, before anything else here. The admission must outlive the guest.
        void enter(Admission& admission, const boost::asio::ip::address& address);
        void set_state(State state);
        // The client proved who it is, which holds for as long as the connection.
        void set_proven();
        bool proven() const { return proven_; }
        // How many connections of the same address are worth as much, this one included.
        std::size_t crowd() const;

      protected:
        ~Guest();

      private:
        friend class Admission;
        void line_up();
        void leave();

        Admission* admission_ = nullptr;
        // Null: not in.
        Crowd* crowd_ = nullptr;
        State state_ = State::silent;
        bool proven_ = false;
    };

    // The connections of one address.
    struct Crowd {
        using Line = boost::intrusive::list<Guest, boost::intrusive::constant_time_size<false>>;
        struct Class {
            // In all states.
            std::size_t count = 0;
            // By state, but for the answering.
            std::array<Line, 3> lines;
        };
        // The one that goes next; null: none may.
        Guest* next(bool proven);

        std::array<unsigned char, 16> address{};
        // Those that proved nothing, and those that did.
        std::array<Class, 2> classes;
    };

    // Gives up the connection that is worth least; false: none may go.
    bool drop_one();

  private:
    std::map<std::array<unsigned char, 16>, Crowd> crowds_;
};

}  // namespace net
