// SPDX-License-Identifier: Apache-2.0
#include "test/sim/api/request/url.hpp"

#include <catch2/catch.hpp>

namespace sim {

// What Go's url.ParseQuery and Values.Encode make of them.
TEST_CASE("Queries are parsed and encoded anew as Go does") {
    struct Case {
        const char* query;
        const char* encoded;
    };
    const Case cases[] = {
        {"", ""},
        {"b=2&a=1", "a=1&b=2"},
        {"labelSelector=a+in+(b)", "labelSelector=a+in+%28b%29"},
        {"a=1&b=3&a=2", "a=1&a=2&b=3"},
        {"a", "a="},
        {"a=%zz&b=1", "b=1"},
        {"a=1;b=2&c=3", "c=3"},
        {"x=%41%2f", "x=A%2F"},
        {"&&a=b=c", "a=b%3Dc"},
        {"f=metadata.name%3Dx", "f=metadata.name%3Dx"},
        {"a=%", ""},
        {"a=%4", ""},
    };
    for (const Case& c : cases) {
        CAPTURE(c.query);
        CHECK(Query::parse(c.query).encode() == c.encoded);
    }
}

TEST_CASE("The first of several values counts and flags are true unless they say no") {
    const Query query = Query::parse("a=1&a=2&watch=&on=true&off=false&zero=0");
    CHECK(query.get("a") == "1");
    CHECK(query.flag("watch"));
    CHECK(query.flag("on"));
    CHECK_FALSE(query.flag("off"));
    CHECK_FALSE(query.flag("zero"));
    CHECK_FALSE(query.flag("none"));
    CHECK_FALSE(query.find("none").has_value());
}

TEST_CASE("Paths are decoded and escaped anew") {
    struct Case {
        const char* target;
        const char* path;
        const char* escaped;
    };
    const Case cases[] = {
        {"/apis/metrics.k8s.io/v1beta1/nodes?limit=5", "/apis/metrics.k8s.io/v1beta1/nodes",
         "/apis/metrics.k8s.io/v1beta1/nodes"},
        {"/namespaces/default%2Fpods/", "/namespaces/default/pods/", "/namespaces/default/pods/"},
        {"/a%20b", "/a b", "/a%20b"},
        {"/a:b@c=d,e;f$g&h+i", "/a:b@c=d,e;f$g&h+i", "/a:b@c=d,e;f$g&h+i"},
        {"/%3F%25", "/?%", "/%3F%25"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.target);
        const auto url = Url::parse(c.target);
        REQUIRE(url);
        CHECK(url->path == c.path);
        CHECK(escape_path(url->path) == c.escaped);
    }
    CHECK_FALSE(Url::parse("/a%2"));
    CHECK(Url::parse("/apis/g/v/")->segments() == std::vector<std::string>{"apis", "g", "v"});
    CHECK(Url::parse("/a//b")->segments() == std::vector<std::string>{"a", "", "b"});
    CHECK(Url::parse("/")->segments().empty());
}

}  // namespace sim
