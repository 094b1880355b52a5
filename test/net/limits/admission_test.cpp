// SPDX-License-Identifier: Apache-2.0
#include "net/limits/admission.hpp"

#include <list>
#include <string>

#include <catch2/catch.hpp>

using State = net::Admission::State;

namespace {

struct Guest final : net::Admission::Guest {
    Guest(std::string n, std::string& l) : name{std::move(n)}, log{l} {}
    void on_dropped() override { log += name; }
    std::string name;
    std::string& log;
};

class Lab {
  public:
    Guest& enter(const std::string& name, const std::string& address, State state = State::silent,
                 bool proven = false) {
        Guest& guest = guests_.emplace_back(name, dropped_);
        guest.enter(admission_, boost::asio::ip::make_address(address));
        if (proven) guest.set_proven();
        guest.set_state(state);
        return guest;
    }
    void end(const Guest& guest) {
        guests_.remove_if([&](const Guest& g) { return &g == &guest; });
    }
    // The names of those that go, in order.
    std::string drop_all() {
        while (admission_.drop_one()) {
        }
        return dropped_;
    }

  private:
    net::Admission admission_;
    std::string dropped_;
    std::list<Guest> guests_;
};

}  // namespace

TEST_CASE("Of one address those go first that are worth least, the longest so first") {
    Lab lab;
    lab.enter("a", "10.0.0.1", State::idle, true);
    lab.enter("b", "10.0.0.1", State::sending);
    lab.enter("c", "10.0.0.1", State::idle);
    lab.enter("d", "10.0.0.1");
    lab.enter("e", "10.0.0.1", State::answering);
    lab.enter("f", "10.0.0.1");
    lab.enter("g", "10.0.0.1", State::idle);
    lab.enter("h", "10.0.0.1", State::sending, true);
    lab.enter("i", "10.0.0.1", State::idle, true);
    CHECK(lab.drop_all() == "dfcgbai");
}

TEST_CASE("A connection that did something was silent for less time than one that did not") {
    Lab lab;
    Guest& a = lab.enter("a", "10.0.0.1", State::idle);
    lab.enter("b", "10.0.0.1", State::idle);
    a.set_state(State::answering);
    a.set_state(State::idle);
    CHECK(lab.drop_all() == "ba");
}

TEST_CASE("The address with the most connections loses one first") {
    Lab lab;
    lab.enter("p", "10.0.0.1");
    lab.enter("q", "10.0.0.1", State::idle);
    for (const char* name : {"a", "b", "c", "d"}) lab.enter(name, "10.0.0.2", State::idle);
    // Down to as many as the other has, then in turns.
    CHECK(lab.drop_all() == "abpcqd");
}

TEST_CASE("Who proved something stays while others did not, however few their address has") {
    Lab lab;
    for (const char* name : {"a", "b", "c"}) lab.enter(name, "10.0.0.1", State::idle, true);
    lab.enter("x", "10.0.0.2", State::sending);
    lab.enter("y", "10.0.0.3", State::idle, true);
    CHECK(lab.drop_all() == "xabcy");
}

TEST_CASE("Addresses of one IPv6 network count as one and IPv4 is the same in both spellings") {
    struct Case {
        const char* one;
        const char* other;
        std::size_t crowd;
    };
    const Case cases[] = {{"2001:db8::1", "2001:db8::2:1", 2},
                          {"2001:db8::1", "2001:db8:0:1::1", 1},
                          {"::ffff:10.0.0.1", "10.0.0.1", 2},
                          {"10.0.0.1", "10.0.0.2", 1}};
    for (const Case& c : cases) {
        CAPTURE(c.one, c.other);
        Lab lab;
        const Guest& one = lab.enter("a", c.one);
        const Guest& other = lab.enter("b", c.other);
        CHECK(one.crowd() == c.crowd);
        lab.end(other);
        CHECK(one.crowd() == 1);
    }
}
