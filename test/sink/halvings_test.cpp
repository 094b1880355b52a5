// SPDX-License-Identifier: Apache-2.0
// What a tick costs of which something is refused: requests are counted, as a sender halves.
#include "sink/halvings.hpp"

#include <set>

#include <catch2/catch.hpp>

// Sources of a folder are compiled together.
namespace halvings_test {

using sink::Halvings;

namespace {

struct Receiver {
    std::set<int> bad;
    Halvings halvings;
    int requests = 0;
    int lost = 0;

    // Points from `begin` on, halved as long as that is allowed.
    void send(sink::Seconds tick, int begin, int end) {
        ++requests;
        const auto first = bad.lower_bound(begin);
        if (first == bad.end() || *first >= end) return halvings.taken(tick);
        if (end - begin == 1 || !halvings.may_halve(tick)) {
            lost += end - begin;
            return;
        }
        const int middle = begin + (end - begin) / 2;
        send(tick, begin, middle);
        send(tick, middle, end);
    }
};

}  // namespace

TEST_CASE("single bad points are found, and nothing else is lost") {
    Receiver receiver{{17, 4999, 2500, 2501, 1}, {}};
    receiver.send(60, 0, 5000);
    CHECK(receiver.lost == 5);
    CHECK(receiver.requests < 110);
}

TEST_CASE("a tick that is bad throughout costs few requests, whatever its length") {
    std::set<int> all;
    for (int i = 0; i < 5000; ++i) all.insert(all.end(), i);
    Receiver receiver{all, {}};
    receiver.send(60, 0, 5000);
    CHECK(receiver.lost == 5000);
    CHECK(receiver.requests == 1 + 2 * Halvings::kFirst);
    // Further batches of it are not halved any more; the next tick is.
    receiver.send(60, 0, 5000);
    CHECK(receiver.requests == 2 + 2 * Halvings::kFirst);
    receiver.send(120, 0, 5000);
    CHECK(receiver.requests == 3 + 4 * Halvings::kFirst);
}

TEST_CASE("a tick of which every other point is bad ends, too") {
    std::set<int> half;
    for (int i = 0; i < 50'000; i += 2) half.insert(half.end(), i);
    Receiver receiver{half, {}};
    receiver.send(60, 0, 50'000);
    CHECK(receiver.requests <= 1 + 2 * Halvings::kMost);
    CHECK(receiver.lost < 50'000);
}

}  // namespace halvings_test
