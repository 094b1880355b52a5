// SPDX-License-Identifier: Apache-2.0
#include "net/limits/request_memory.hpp"

#include <string>

#include <catch2/catch.hpp>

namespace {

constexpr std::size_t kKiB = 1024;

struct Holder final : net::RequestMemory::Holder {
    Holder(std::string n, std::string& l) : name{std::move(n)}, log{l} {}
    void on_shortage() override { log += name; }
    std::string name;
    std::string& log;
};

}  // namespace

TEST_CASE("Small requests are not counted") {
    net::RequestMemory memory{0};
    std::string refused;
    Holder a{"a", refused};
    CHECK(memory.hold(a, 16 * kKiB, false));
    CHECK(memory.held() == 0);
    CHECK(!memory.hold(a, 16 * kKiB + 1, false));
    CHECK(memory.held() == 0);
}

TEST_CASE("Over the limit the largest request that is not read whole is refused, of the unproven first") {
    net::RequestMemory memory{100 * kKiB};
    std::string refused;
    Holder a{"a", refused};
    Holder b{"b", refused};
    Holder c{"c", refused};
    Holder d{"d", refused};
    CHECK(memory.hold(a, 56 * kKiB, true));
    CHECK(memory.hold(b, 36 * kKiB, false));
    CHECK(memory.hold(c, 46 * kKiB, false));
    CHECK(memory.held() == 90 * kKiB);
    SECTION("somebody else's") {
        CHECK(memory.hold(d, 36 * kKiB, false));
        CHECK(refused == "c");
        CHECK(memory.held() == 80 * kKiB);
    }
    SECTION("as many as need be") {
        CHECK(memory.hold(d, 76 * kKiB, true));
        CHECK(refused == "cb");
        CHECK(memory.held() == 100 * kKiB);
    }
    SECTION("its own") {
        CHECK(!memory.hold(d, 76 * kKiB, false));
        CHECK(refused.empty());
        CHECK(memory.held() == 90 * kKiB);
    }
    SECTION("of those that proved something when there is nobody else") {
        CHECK(!memory.hold(d, 216 * kKiB, true));
        CHECK(refused == "cb");
        CHECK(memory.held() == 40 * kKiB);
    }
    SECTION("but none that is read whole") {
        memory.settle(b);
        memory.settle(c);
        CHECK(!memory.hold(d, 36 * kKiB, false));
        CHECK(refused.empty());
        memory.release(c);
        CHECK(memory.hold(d, 36 * kKiB, false));
        CHECK(memory.held() == 80 * kKiB);
    }
}

TEST_CASE("A request that grows counts once and its end gives back what it held") {
    net::RequestMemory memory{100 * kKiB};
    std::string refused;
    {
        Holder a{"a", refused};
        CHECK(memory.hold(a, 20 * kKiB, false));
        CHECK(memory.hold(a, 50 * kKiB, false));
        CHECK(memory.held() == 34 * kKiB);
    }
    CHECK(memory.held() == 0);
}
