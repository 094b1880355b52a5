// SPDX-License-Identifier: Apache-2.0
// Lists that are held until they are read, when there is not room for all.
#include "test/apiserver/list/lab.hpp"

#include <boost/asio/post.hpp>
#include <catch2/catch.hpp>

using apiserver::ByteBudget;
using apiserver::KeptLists;
using test::kMoment;
using test::ListLab;

namespace {

// Longer than any of this takes.
constexpr std::chrono::minutes kLong{1};

// Room for one list and a half.
std::size_t one_and_a_half() {
    static const std::size_t one = [] {
        ListLab lab;
        const net::Response response = lab.asked(false);
        return lab.used();
    }();
    return one * 3 / 2;
}

}  // namespace

TEST_CASE("a list waits for the room that others have until they are read") {
    ListLab lab{one_and_a_half(), kLong};
    ListLab::Read first, second, third;
    lab.start(lab.read(first, false));
    lab.start(lab.read(second, false));
    lab.start(lab.read(third, true));
    lab.loop.run();
    CHECK(first.status == 200);
    CHECK((second.body == first.body));
    CHECK((third.body == first.body));
    CHECK(lab.peak <= one_and_a_half() + 2 * ByteBudget::kSmall);
    CHECK(lab.used() == 0);
}

TEST_CASE("lists that are larger than all the room pass one after the other") {
    ListLab lab{one_and_a_half() / 6, kLong};
    ListLab::Read first, second;
    lab.start(lab.read(first, false));
    lab.start(lab.read(second, false));
    lab.loop.run();
    CHECK(first.status == 200);
    CHECK((second.body == first.body));
    CHECK(lab.peak <= first.body.size() + ByteBudget::kSmall);
}

TEST_CASE("nobody is refused for others that are being made") {
    ListLab lab;
    ListLab::Read reads[4];
    for (ListLab::Read& read : reads) lab.start(lab.read(read, false));
    lab.loop.run();
    for (const ListLab::Read& read : reads) CHECK(read.status == 200);
}

TEST_CASE("a list that gets no room in time is refused to all who wait for it") {
    ListLab lab{one_and_a_half()};
    const net::Response held = lab.asked(false);
    const std::size_t used = lab.used();
    ListLab::Read first, second;
    lab.start(lab.read(first, true));
    lab.start(lab.read(second, true));
    lab.loop.run();
    CHECK(first.status == 429);
    CHECK(second.status == 429);
    CHECK(lab.used() == used);
}

TEST_CASE("who asks after a refusal is not refused with those who waited") {
    ListLab lab{one_and_a_half()};
    net::Response held = lab.asked(false);
    unsigned refused = 0;
    net::Response again;
    auto insist = [&]() -> net::Task<> {
        const net::Response first = co_await lab.ask(true);
        refused = first.status;
        held.source.reset();
        again = co_await lab.ask(true);
    };
    ListLab::Read second;
    lab.start(insist());
    lab.start(lab.read(second, true));
    lab.loop.run();
    CHECK(refused == 429);
    CHECK(second.status == 429);
    CHECK(again.status == 200);
}

TEST_CASE("who waits for a turn has it when the list before is made, though nobody reads that") {
    ListLab lab{one_and_a_half()};
    net::Response held;
    auto hold = [&]() -> net::Task<> { held = co_await lab.ask(false); };
    ListLab::Read second;
    lab.start(hold());
    lab.start(lab.read(second, false));
    // Nothing in this waits for a time.
    lab.loop.poll();
    CHECK(held.status == 200);
    CHECK(second.status == 429);
}

TEST_CASE("who waits for room gets it when a client has taken nothing for a second") {
    ListLab lab{one_and_a_half(), kLong};
    net::Response stalled = lab.asked(false);
    lab.cluster.now += KeptLists::kPatience - kMoment;
    ListLab::Read waiting;
    lab.start(lab.read(waiting, false));
    while (lab.used() < one_and_a_half() * 9 / 10) REQUIRE(lab.loop.poll_one() == 1);
    CHECK(waiting.status == 0);
    lab.cluster.now += kMoment;
    lab.loop.run();
    CHECK(waiting.status == 200);
    std::string rest;
    CHECK(test::next(stalled, rest).error() == net::Errc::overloaded);
}

TEST_CASE("all who stall at a shared list make room together") {
    ListLab lab{one_and_a_half()};
    net::Response stalled[] = {lab.asked(true), lab.asked(true), lab.asked(true)};
    std::string body;
    test::read(stalled[2], body, 5);
    lab.cluster.now += KeptLists::kPatience - kMoment;
    CHECK(lab.asked(false).status == 429);
    lab.cluster.now += kMoment;
    net::Response other = lab.asked(false);
    CHECK(other.status == 200);
    for (net::Response& response : stalled)
        CHECK(test::next(response, body).error() == net::Errc::overloaded);
    CHECK(test::read_protobuf(test::whole_body(other)).rows.size() == ListLab::kPods);
    CHECK(lab.used() == 0);
}

TEST_CASE("who stalls at a shared list keeps what another has to read all the same") {
    ListLab lab{one_and_a_half()};
    net::Response stalled = lab.asked(true);
    net::Response behind = lab.asked(true);
    std::string stalled_body = stalled.body;
    std::string behind_body = behind.body;
    test::read(stalled, stalled_body, 5);
    lab.cluster.now += KeptLists::kPatience;
    test::read(behind, behind_body, 3);
    // To give up the one would free nothing.
    CHECK(lab.asked(false).status == 429);
    REQUIRE(test::read_rest(stalled, stalled_body));
    REQUIRE(test::read_rest(behind, behind_body));
    CHECK((stalled_body == behind_body));
    CHECK(test::read_protobuf(behind_body).rows.size() == ListLab::kPods);
}

TEST_CASE("who stalls at a shared list makes room of what the others have passed") {
    ListLab lab{one_and_a_half()};
    net::Response stalled = lab.asked(true);
    net::Response ahead = lab.asked(true);
    std::string body = ahead.body;
    lab.cluster.now += KeptLists::kPatience;
    test::read(ahead, body, 25);
    CHECK(lab.asked(false).status == 200);
    std::string nothing;
    CHECK(test::next(stalled, nothing).error() == net::Errc::overloaded);
    REQUIRE(test::read_rest(ahead, body));
    CHECK(test::read_protobuf(body).rows.size() == ListLab::kPods);
}

TEST_CASE("small leases do not make a large one wait") {
    ByteBudget budget{1'000'000};
    auto small = budget.lease(ByteBudget::kSmall);
    auto large = budget.lease(2'000'000);
    REQUIRE(large);
    CHECK_FALSE(budget.lease(ByteBudget::kSmall + 1));
    CHECK(budget.lease(ByteBudget::kSmall));
    CHECK(large->take(1));
    CHECK(budget.used() == ByteBudget::kSmall + 2'000'001);
    large.reset();
    CHECK(budget.lease(2'000'000));
    small.reset();
    CHECK(budget.used() == 0);
}
