// SPDX-License-Identifier: Apache-2.0
// Who may ask next, and who may not even wait.
#include "kube/reviews/review_line.hpp"

#include <list>
#include <string>
#include <tuple>
#include <utility>

#include <catch2/catch.hpp>

using kube::Asker;
using kube::ReviewLine;
using kube::ReviewShares;

namespace {

const Asker kAlice{true, "alice"};
const Asker kBob{true, "bob"};
const Asker kNear{false, "10.0.0.1"};
const Asker kFar{false, "10.0.0.2"};

// Places of a line by the names they were given.
struct Row {
    ReviewLine line;
    std::list<std::pair<std::string, ReviewLine::Place>> places;

    explicit Row(const ReviewShares& shares = {}) : line{shares} {}

    bool enter(const std::string& name, const Asker& asker, std::size_t bytes = 100) {
        places.emplace_back(std::piecewise_construct, std::forward_as_tuple(name),
                            std::forward_as_tuple(line, asker, bytes));
        if (places.back().second.admitted()) return true;
        places.pop_back();
        return false;
    }
    int enter_many(int count, const Asker& asker, std::size_t bytes = 100) {
        int admitted = 0;
        for (int i = 0; i < count; ++i) admitted += enter(asker.name, asker, bytes) ? 1 : 0;
        return admitted;
    }
    void leave(const std::string& name) {
        for (auto it = places.begin(); it != places.end(); ++it)
            if (it->first == name && it->second.called()) {
                places.erase(it);
                return;
            }
        FAIL(name + " is not called");
    }
    int called(const std::string& name) const {
        int count = 0;
        for (const auto& [who, place] : places) count += who == name && place.called() ? 1 : 0;
        return count;
    }
};

}  // namespace

TEST_CASE("A flood of strangers leaves connections to those who proved something") {
    Row row;
    CHECK(row.enter_many(1000, kNear) == 2 + 64);
    CHECK(row.called("10.0.0.1") == 2);
    CHECK(row.enter_many(1000, kFar) == 2 + 64);
    CHECK(row.called("10.0.0.2") == 2);
    for (int i = 3; i < 100; ++i) row.enter_many(1000, Asker{false, "10.0.0." + std::to_string(i)});
    CHECK(row.places.size() == 4 + 128);
    CHECK(row.enter("alice", kAlice));
    CHECK(row.called("alice") == 1);
    row.places.clear();
    CHECK(row.line.askers() == 0);
    // However many they are.
    for (int i = 0; i < 20; ++i) row.enter("stranger", Asker{false, std::to_string(i)});
    CHECK(row.called("stranger") == 4);
}

TEST_CASE("A user who asks very much leaves connections to others") {
    Row row;
    CHECK(row.enter_many(2000, kAlice) == 4 + 512);
    CHECK(row.called("alice") == 4);
    CHECK(row.enter("bob", kBob));
    CHECK(row.called("bob") == 1);
    CHECK(row.enter_many(2000, kBob) == 3 + 512);
    // All lines together are full.
    CHECK_FALSE(row.enter("carol", Asker{true, "carol"}));
    CHECK_FALSE(row.enter("10.0.0.1", kNear));
}

TEST_CASE("Whoever waits has a turn after every other one and the proven go first") {
    ReviewShares shares;
    shares.connections = 2;
    shares.unproven_connections = 2;
    Row row{shares};
    // One connection each.
    row.enter("near", kNear);
    row.enter("far", kFar);
    for (int i = 0; i < 3; ++i) row.enter("near", kNear);
    row.enter("third", Asker{false, "10.0.0.3"});
    row.enter("alice", kAlice);
    row.enter("fourth", Asker{false, "10.0.0.4"});
    const std::pair<const char*, const char*> turns[] = {
        {"far", "alice"}, {"near", "near"},   {"alice", "third"}, {"third", "fourth"},
        {"near", "near"}, {"fourth", "near"}, {"near", "near"}};
    for (const auto& [leaves, called] : turns) {
        row.leave(leaves);
        CHECK(row.called(called) == 1);
    }
}

TEST_CASE("One who comes before others has no turn before all of them had theirs") {
    ReviewShares shares;
    shares.connections = 4;
    shares.unproven_connections = 4;
    // Two connections each.
    Row row{shares};
    const Asker third{false, "10.0.0.3"};
    row.enter_many(2, kNear);
    row.enter_many(1, kFar);
    row.enter_many(1, third);
    for (const Asker& asker : {kNear, kFar, third}) row.enter_many(3, asker);
    row.leave(kNear.name);
    CHECK(row.called(kNear.name) == 2);
    row.leave(kFar.name);
    CHECK(row.called(kFar.name) == 1);
    row.leave(kNear.name);
    CHECK(row.called(kNear.name) == 1);
    CHECK(row.called(third.name) == 2);
}

TEST_CASE("One who gives up makes room and nobody is called twice") {
    ReviewShares shares;
    shares.connections = 1;
    Row row{shares};
    row.enter("alice", kAlice);
    row.enter("bob", kBob);
    row.enter("far", kFar);
    // Bob had not been called.
    row.places.erase(std::next(row.places.begin()));
    CHECK(row.called("far") == 0);
    row.leave("alice");
    CHECK(row.called("far") == 1);
    CHECK(row.line.askers() == 1);
}

TEST_CASE("What waits is bounded in bytes, and one review of each is never too large") {
    ReviewShares shares;
    shares.bytes = 1000;
    struct Case {
        const char* name;
        Asker asker;
        std::size_t bytes;
        int admitted;
    };
    const Case cases[] = {{"of a stranger", kNear, 100, 2},
                          {"of a user", kAlice, 100, 5},
                          {"a large one", kNear, 5000, 1},
                          {"a large one of a user", kAlice, 5000, 1},
                          {"of no length", kNear, 0, 66}};
    for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
            Row row{shares};
            CHECK(row.enter_many(100, c.asker, c.bytes) == c.admitted);
            row.places.clear();
            CHECK(row.enter_many(100, c.asker, c.bytes) == c.admitted);
        }
    SECTION("of all strangers") {
        Row row{shares};
        for (int i = 0; i < 10; ++i) row.enter_many(10, Asker{false, std::to_string(i)});
        CHECK(row.places.size() == 5);
        CHECK(row.enter_many(100, kAlice) == 5);
        CHECK_FALSE(row.enter("bob", kBob));
    }
}
