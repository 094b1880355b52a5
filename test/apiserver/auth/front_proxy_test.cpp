// SPDX-License-Identifier: Apache-2.0
#include "apiserver/auth/front_proxy.hpp"

#include "test/apiserver/fixture.hpp"

#include <catch2/catch.hpp>

using apiserver::FrontProxyConfig;
using apiserver::User;
using test::Header;

namespace {

using Extra = std::map<std::string, std::vector<std::string>>;

std::optional<User> user_of(std::vector<Header> headers, const FrontProxyConfig& config = {}) {
    return apiserver::user_from_headers(test::request("/", std::move(headers)).headers, config);
}

}  // namespace

TEST_CASE("the headers name the user") {
    const auto user = user_of({{"X-Remote-User", "joe"},
                               {"x-remote-group", "devs,ops"},
                               {"X-Remote-Group", ""},
                               {"X-Remote-Group", "second"},
                               {"X-Remote-Uid", "77"}});
    REQUIRE(user.has_value());
    CHECK(user->name == "joe");
    CHECK(user->uid.empty());
    CHECK(user->groups == std::vector<std::string>{"devs,ops", "second", "system:authenticated"});
    CHECK(user->extra.empty());
}

TEST_CASE("extra keys are lower-cased and then unescaped") {
    const auto user = user_of({{"X-Remote-User", "joe"},
                               {"X-Remote-Extra-Acme.com%2fProject", "one"},
                               {"x-remote-extra-acme.com%2Fproject", "two"},
                               {"X-Remote-Extra-Scopes", "%41"},
                               {"X-Remote-Extra-%41", "big"},
                               {"X-Remote-Extra-Bad%zZ", "kept"}});
    REQUIRE(user.has_value());
    CHECK(user->extra == Extra{{"acme.com/project", {"one", "two"}},
                               {"scopes", {"%41"}},
                               {"A", {"big"}},
                               {"bad%zz", {"kept"}}});
}

TEST_CASE("the names of the headers are configurable") {
    FrontProxyConfig config;
    config.username_headers = {"X-Name", "X-Remote-User"};
    config.group_headers = {"X-A", "X-B"};
    config.uid_headers = {"X-Id"};
    config.extra_prefixes = {"X-E-"};
    const auto user = user_of(
        {{"X-B", "b"}, {"X-A", "a"}, {"X-Name", ""}, {"X-Remote-User", "joe"}, {"X-Id", "7"}, {"X-E-K", "v"}},
        config);
    REQUIRE(user.has_value());
    CHECK(user->name == "joe");
    CHECK(user->uid == "7");
    CHECK(user->groups == std::vector<std::string>{"a", "b", "system:authenticated"});
    CHECK(user->extra == Extra{{"k", {"v"}}});
}

TEST_CASE("system:authenticated is added once and never to the anonymous") {
    using Groups = std::vector<std::string>;
    CHECK(user_of({{"X-Remote-User", "joe"}, {"X-Remote-Group", "system:authenticated"}})->groups ==
          Groups{"system:authenticated"});
    CHECK(user_of({{"X-Remote-User", "system:anonymous"}, {"X-Remote-Group", "system:unauthenticated"}})
              ->groups == Groups{"system:unauthenticated"});
    CHECK(user_of({{"X-Remote-User", "system:anonymous"}})->groups.empty());
    CHECK_FALSE(user_of({{"X-Remote-Group", "devs"}}));
    CHECK_FALSE(user_of({{"X-Remote-User", ""}}));
}
