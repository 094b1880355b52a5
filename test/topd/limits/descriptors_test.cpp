// SPDX-License-Identifier: Apache-2.0
#include "topd/limits/descriptors.hpp"

#include <catch2/catch.hpp>

#include <sys/resource.h>

TEST_CASE("Clients get a quarter of the descriptors at most") {
    struct Case {
        std::uint64_t descriptors;
        std::size_t connections;
        std::size_t expected;
    };
    const Case cases[] = {{1'048'576, 4096, 4096}, {16'384, 4096, 4096}, {4096, 4096, 1024},
                          {1024, 4096, 256},       {1024, 204, 204},     {100, 4096, 64},
                          {1024, 16, 16}};
    for (const Case& c : cases) {
        CAPTURE(c.descriptors, c.connections);
        CHECK(topd::connections_within(c.descriptors, c.connections) == c.expected);
    }
}

TEST_CASE("Too few descriptors are said once and when the cluster grew") {
    topd::DescriptorShortage shortage{1024, 256};
    // 704 nodes, 256 clients and 64 of our own.
    CHECK(shortage.look(704) == std::nullopt);
    CHECK(shortage.look(705) == 1025);
    CHECK(shortage.look(705) == std::nullopt);
    CHECK(shortage.look(880) == std::nullopt);
    CHECK(shortage.look(900) == 1220);
    CHECK(shortage.look(100) == std::nullopt);
    CHECK(shortage.look(900) == 1220);
}

TEST_CASE("The soft limit of open files is raised to the hard one") {
    rlimit before{};
    REQUIRE(::getrlimit(RLIMIT_NOFILE, &before) == 0);
    rlimit low = before;
    low.rlim_cur = 256;
    REQUIRE(::setrlimit(RLIMIT_NOFILE, &low) == 0);
    CHECK(topd::raise_descriptor_limit() == before.rlim_max);
    rlimit after{};
    REQUIRE(::getrlimit(RLIMIT_NOFILE, &after) == 0);
    CHECK(after.rlim_cur == before.rlim_max);
}
