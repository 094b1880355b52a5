// SPDX-License-Identifier: Apache-2.0
#include "query/matcher.hpp"

#include "query/number.hpp"
#include "query/regex.hpp"

#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

using query::Labels;
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

std::string written(double value) {
    std::string out;
    query::append_value(out, value);
    return out;
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

TEST_CASE("labels are a sorted set without empty values") {
    Labels labels = Labels::of({{"b", "2"}, {"a", "1"}, {"c", ""}, {"b", "3"}});
    CHECK(labels.text() == "{a=\"1\", b=\"3\"}");
    CHECK(labels.get("b") == "3");
    CHECK(labels.get("c").empty());
    labels.set("aa", "x");
    CHECK(labels.text() == "{a=\"1\", aa=\"x\", b=\"3\"}");
    labels.set("a", "");
    labels.set("z", "9");
    labels.set("b", "4");
    CHECK(labels.text() == "{aa=\"x\", b=\"4\", z=\"9\"}");
    Labels out;
    labels.keep({"a", "b", "z"}, out);
    CHECK(out.text() == "{b=\"4\", z=\"9\"}");
    labels.drop({"b"}, out);
    CHECK(out.text() == "{aa=\"x\", z=\"9\"}");
    CHECK(Labels::of({{"a", "bc"}}) != Labels::of({{"ab", "c"}}));
}

TEST_CASE("labels are ordered as Prometheus orders them") {
    const Labels sorted[] = {Labels{}, Labels::of({{"a", "1"}}), Labels::of({{"a", "1"}, {"b", "1"}}),
                             Labels::of({{"a", "2"}}), Labels::of({{"b", "0"}})};
    for (std::size_t i = 0; i + 1 < std::size(sorted); ++i) CHECK(sorted[i] < sorted[i + 1]);
}

TEST_CASE("values are written as Prometheus writes them") {
    const std::pair<double, const char*> rows[] = {
        {0, "0"},
        {-0.0, "-0"},
        {12, "12"},
        {0.25, "0.25"},
        {1e-6, "0.000001"},
        {1e-7, "1e-07"},
        {1.5e-9, "1.5e-09"},
        {1e20, "100000000000000000000"},
        {1e21, "1e+21"},
        {1.0 / 3, "0.3333333333333333"},
        {123456789012345.67, "123456789012345.67"},
        {std::numeric_limits<double>::infinity(), "+Inf"},
        {-std::numeric_limits<double>::infinity(), "-Inf"},
        {std::numeric_limits<double>::quiet_NaN(), "NaN"},
        {std::numeric_limits<double>::max(), "1.7976931348623157e+308"},
        {5e-324, "5e-324"}};
    for (const auto& [value, expected] : rows) CHECK(written(value) == expected);
}

TEST_CASE("durations have each unit once, the longest first") {
    CHECK(query::parse_duration("1h30m") == 5'400'000);
    CHECK(query::parse_duration("1d") == 86'400'000);
    CHECK(query::parse_duration("5ms") == 5);
    CHECK(query::parse_duration("1m5ms") == 60'005);
    CHECK(query::parse_duration("0") == 0);
    for (const char* text :
         {"", "1", "h", "1h1h", "1m1h", "1x", "-1h", "1.5h", "1h ", "300y", "99999999999999999999s"}) {
        INFO(text);
        CHECK(!query::parse_duration(text));
    }
}
