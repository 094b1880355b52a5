// SPDX-License-Identifier: Apache-2.0
#include "kube/config/config.hpp"
#include "test/kube/temporary_folder.hpp"

#include <filesystem>

#include <catch2/catch.hpp>

using namespace kube;
using namespace kube::test;
using namespace std::chrono_literals;

namespace {
const net::Clock::time_point kStart{1000h};
}

TEST_CASE("A fixed token stays and no token is empty") {
    CHECK(Token::fixed("abc").value(kStart) == "abc");
    CHECK_FALSE(Token::fixed("abc").empty());
    CHECK(Token{}.value(kStart).empty());
    CHECK(Token{}.empty());
}

TEST_CASE("A token file is read again after a minute") {
    const TemporaryFolder folder;
    const Token token = Token::file(folder.write("token", "  one\n"));
    const Token copy = token;
    CHECK(token.value(kStart) == "one");
    folder.write("token", "two");
    CHECK(token.value(kStart + 59s) == "one");
    CHECK(token.value(kStart + 60s) == "two");
    CHECK(copy.value(kStart + 61s) == "two");
}

TEST_CASE("A token file that goes bad keeps its last token and is tried again soon") {
    const TemporaryFolder folder;
    const std::string file = folder.write("token", "one");
    const Token token = Token::file(file);
    REQUIRE(token.value(kStart) == "one");

    SECTION("when it is gone") {
        std::filesystem::remove(file);
    }
    SECTION("when it is empty") {
        folder.write("token", " \n");
    }
    SECTION("when it holds two lines") {
        folder.write("token", "a\nb");
    }

    CHECK(token.value(kStart + 60s) == "one");
    folder.write("token", "two");
    CHECK(token.value(kStart + 69s) == "one");
    CHECK(token.value(kStart + 70s) == "two");
}

TEST_CASE("A token file that was never readable gives no token") {
    CHECK(Token::file("/nonexistent/token").value(kStart).empty());
}
