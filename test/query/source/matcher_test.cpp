// SPDX-License-Identifier: Apache-2.0
#include "query/source/matcher.hpp"

#include "query/source/regex.hpp"

#include <string>
#include <vector>

#include <catch2/catch.hpp>

using query::Matcher;
using query::MatchOp;

namespace {

bool matches(MatchOp op, const char* pattern, const char* value) {
    const auto matcher = Matcher::make("l", op, pattern);
    REQUIRE(matcher.has_value());
    // Twice: what is remembered is what was found.
    const bool first = matcher->matches(value);
    CHECK(matcher->matches(value) == first);
    return first;
}

}  // namespace

TEST_CASE("patterns match the whole value, as RE2 has them") {
    CHECK(matches(MatchOp::matches, "a", "a"));
    CHECK_FALSE(matches(MatchOp::matches, "a", "ab"));
    CHECK_FALSE(matches(MatchOp::matches, "a.", "bab"));
    CHECK(matches(MatchOp::matches, "a.b", "a\nb"));
    CHECK(matches(MatchOp::matches, "(?i)ABC", "abc"));
    CHECK(matches(MatchOp::matches, ".*", ""));
    CHECK_FALSE(matches(MatchOp::matches, ".+", ""));
    CHECK(matches(MatchOp::matches, "a|b.*|c", "bcd"));
    CHECK_FALSE(matches(MatchOp::matches, "a|b", "ab"));
    CHECK(matches(MatchOp::matches, "web-[[:alnum:]]{9,}-[[:alnum:]]{5}", "web-7d9c6b5f41-x2x4z"));
    CHECK_FALSE(matches(MatchOp::matches, "web-[[:alnum:]]{9,}-[[:alnum:]]{5}", "web-7d9c-x2x4z"));
    CHECK(matches(MatchOp::not_matches, "a.*", "b"));
    CHECK_FALSE(matches(MatchOp::not_matches, "a.*", "ab"));
    CHECK(matches(MatchOp::not_equal, "a", "b"));
    CHECK_FALSE(matches(MatchOp::not_equal, "", ""));
    // Text behind a `$` in the middle never matches; anchors written out are fine.
    CHECK(matches(MatchOp::matches, "^a$", "a"));
    CHECK_FALSE(matches(MatchOp::matches, "a", "a\n"));
}

TEST_CASE("alternatives of plain text are known to indexes") {
    using Found = std::vector<std::string>;
    CHECK(query::plain_alternatives("b|a|b") == Found{"a", "b"});
    CHECK(query::plain_alternatives("(web-1|web-2)") == Found{"web-1", "web-2"});
    CHECK(query::plain_alternatives("a\\.b\\-c") == Found{"a.b-c"});
    CHECK(query::plain_alternatives("") == Found{""});
    CHECK(query::plain_alternatives("a|") == Found{"", "a"});
    for (const char* pattern :
         {"a.", "a*", "(a)|(b)", "a\\d", "[ab]", "a|(b)", "^a", "a\\", "\xc3\xa9", "(a\\)"}) {
        INFO(pattern);
        CHECK(!query::plain_alternatives(pattern));
    }
    const auto positive = Matcher::make("l", MatchOp::matches, "a|b");
    REQUIRE(positive->literals() != nullptr);
    CHECK(*positive->literals() == Found{"a", "b"});
    CHECK(Matcher::make("l", MatchOp::not_matches, "a|b")->literals() == nullptr);
    CHECK(matches(MatchOp::not_matches, "a|b", "c"));
    CHECK_FALSE(matches(MatchOp::not_matches, "a|b", "b"));
    CHECK(*Matcher::equal("l", "x").literals() == Found{"x"});
    CHECK(Matcher::make("l", MatchOp::not_equal, "a")->literals() == nullptr);
}
