// SPDX-License-Identifier: Apache-2.0
#include "apiserver/prometheus/parameters.hpp"

#include "test/apiserver/fixture.hpp"
#include "test/apiserver/prometheus/scene.hpp"

#include <cstdint>
#include <optional>
#include <string>

#include <catch2/catch.hpp>

using apiserver::QueryForm;
using test::prometheus::post;

namespace {

constexpr std::int64_t kFar = (std::int64_t{1} << 53) - 1;

}  // namespace

TEST_CASE("a time is seconds or RFC 3339, to the millisecond") {
    struct Case {
        const char* text;
        std::optional<std::int64_t> millis;
    };
    const Case cases[] = {
        {"0", 0},
        {"4", 4000},
        {"+4", 4000},
        {"1767607320", 1'767'607'320'000},
        {"1767607320.057", 1'767'607'320'057},
        {"1767607320.0574", 1'767'607'320'057},
        {"1767607320.0576", 1'767'607'320'058},
        {"1767607320.9999", 1'767'607'321'000},
        {"1.7676e9", 1'767'600'000'000},
        {"-1.5", -1500},
        {".5", 500},
        {"1e300", kFar},
        {"-1e300", -kFar},
        {"2026-01-05T10:02:00Z", 1'767'607'320'000},
        {"2026-01-05T11:02:00.25+01:00", 1'767'607'320'250},
        {"2026-01-05T10:02:00.0019999Z", 1'767'607'320'001},
        {"-292273086-05-16T16:47:06Z", -kFar},
        {"+292277025-08-18T07:12:54.999999999Z", kFar},
        {"", std::nullopt},
        {"now", std::nullopt},
        {"NaN", std::nullopt},
        {"Inf", std::nullopt},
        {"+-4", std::nullopt},
        {"4s", std::nullopt},
        {" 4", std::nullopt},
        {"2026-01-05", std::nullopt},
        {"2026-01-05T10:02:00", std::nullopt},
        {"2026-13-05T10:02:00Z", std::nullopt},
    };
    for (const Case& c : cases) {
        CAPTURE(c.text);
        const auto time = apiserver::parse_query_time(c.text);
        REQUIRE(time.has_value() == c.millis.has_value());
        if (c.millis) CHECK(*time == *c.millis);
    }
}

TEST_CASE("a duration is seconds or units") {
    struct Case {
        const char* text;
        std::optional<std::int64_t> nanos;
    };
    constexpr std::int64_t kSecond = 1'000'000'000;
    const Case cases[] = {
        {"15", 15 * kSecond},
        {"0.345", 345'000'000},
        {"1e3", 1000 * kSecond},
        {"-1", -kSecond},
        {"1m", 60 * kSecond},
        {"1h30m", 5400 * kSecond},
        {"1d12h", 129'600 * kSecond},
        {"250ms", 250'000'000},
        {"0", 0},
        {"9223372036", 9'223'372'036 * kSecond},
        {"9223372037", std::nullopt},
        {"-1e300", std::nullopt},
        {"NaN", std::nullopt},
        {"1m1h", std::nullopt},
        {"1m1m", std::nullopt},
        {"-1m", std::nullopt},
        {"1.5h", std::nullopt},
        {"1M", std::nullopt},
        {"", std::nullopt},
    };
    for (const Case& c : cases) {
        CAPTURE(c.text);
        const auto duration = apiserver::parse_query_duration(c.text);
        REQUIRE(duration.has_value() == c.nanos.has_value());
        if (c.nanos) CHECK(duration->count() == *c.nanos);
    }
}

TEST_CASE("a form is the body of a POST and the URL, the body first") {
    const apiserver::Query url{"a=1&b=2&match[]=x&%zz=1"};
    using All = std::vector<std::string_view>;
    const net::Request both = post("/", "a=3&c=4+5%2B6&match[]=y&match[]=z");
    const auto form = QueryForm::of(both, url);
    REQUIRE(form.has_value());
    CHECK(form->get("a") == "3");
    CHECK(form->get("b") == "2");
    CHECK(form->get("c") == "4 5+6");
    CHECK(form->get("d").empty());
    CHECK(form->all("match[]") == All{"y", "z", "x"});
    // What a GET brings along is not looked at.
    net::Request get = both;
    get.method = "GET";
    CHECK(QueryForm::of(get, url)->get("a") == "1");
    CHECK(QueryForm::of(get, url)->all("match[]") == All{"x"});

    struct Case {
        const char* type;
        const char* body;
        bool read;
    };
    const Case cases[] = {
        {"application/x-www-form-urlencoded", "a=3", true},
        {"Application/X-WWW-Form-URLEncoded ; charset=utf-8", "a=3", true},
        {"application/x-www-form-urlencoded2", "a=3", false},
        {"application/json", "a=3", false},
        {"", "a=3", false},
        {" ", "a=3", false},
        {";", "a=3", false},
        {"application/json", "", true},
        {"", "", true},
    };
    for (const Case& c : cases) {
        CAPTURE(c.type, c.body);
        const auto read = QueryForm::of(post("/", c.body, c.type), url);
        REQUIRE(read.has_value() == c.read);
        if (read) CHECK(read->get("a") == (*c.body != '\0' ? "3" : "1"));
    }
    // An empty value counts as well.
    CHECK(QueryForm::of(post("/", "b="), url)->get("b").empty());
}
