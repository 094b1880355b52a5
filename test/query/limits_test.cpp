// SPDX-License-Identifier: Apache-2.0
#include "query/language/parser.hpp"
#include "query/listing.hpp"
#include "test/query/ask.hpp"
#include "test/query/memory_source.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

using query_test::Asked;
using query_test::MemorySource;

namespace {

MemorySource many(int series) {
    MemorySource source;
    for (int i = 0; i < series; ++i)
        source.add("m{pod=\"p" + std::to_string(i) + "\",ns=\"n" + std::to_string(i % 3) + "\"}", 15,
                   std::vector<double>(40, i));
    return source;
}

std::string starts(const std::string& text, std::size_t length) {
    return text.substr(0, length);
}

struct Listed {
    std::string text;
    bool is_cut = false;
};

Listed listed(const MemorySource& source, query::ListingOf what, const char* label,
              std::initializer_list<const char*> selectors, std::size_t limit = 0,
              std::size_t most_series = 1000) {
    std::vector<std::vector<query::Matcher>> matchers;
    for (const char* selector : selectors) {
        auto found = query::parse_selector(selector);
        REQUIRE(found.has_value());
        matchers.push_back(std::move(*found));
    }
    query::ListingOptions options;
    options.range = {0, 1'000'000};
    options.limit = limit;
    options.limits.listed_series = most_series;
    query::Listing listing{what, label, std::move(matchers), source, options};
    query::Listing::Progress progress;
    while ((progress = listing.step(1, {})) == query::Listing::Progress::more) {
    }
    if (progress == query::Listing::Progress::failed) return {listing.error().text, false};
    Listed out{"", listing.is_cut()};
    for (const query::Labels& labels : listing.series()) out.text += labels.text() + '\n';
    for (const std::string& text : listing.texts()) out.text += text + '\n';
    return out;
}

}  // namespace

TEST_CASE("times are held against Prometheus' rules") {
    const MemorySource source;
    Asked asked{source, {}, 1, {}};
    CHECK(asked.range("1", 10, 9, 1) == "error bad_data: end timestamp must not be before start time");
    CHECK(asked.range("1", 0, 9, 0) ==
          "error bad_data: zero or negative query resolution step widths are not accepted. Try a positive "
          "integer");
    CHECK(asked.range("1", 0, 9, -1).find("error bad_data: zero or negative") == 0);
    CHECK(asked.range("1", 0, 11'001, 1) ==
          "error bad_data: exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the "
          "query "
          "resolution (?step=XX)");
    CHECK(starts(asked.range("1", 0, 11'000, 1), 10) == "{} 1@0 1@1");
    CHECK(
        asked.range("a[5m]", 0, 9, 1) ==
        "error bad_data: invalid expression type \"range vector\" for range query, must be Scalar or instant "
        "Vector");
    CHECK(asked.range("\"a\"", 0, 9, 1) ==
          "error bad_data: invalid expression type \"string\" for range query, must be Scalar or instant "
          "Vector");
    CHECK(asked.instant("1", 1e15) == "error bad_data: the time is out of range");
    CHECK(asked.range("1", -1e15, 0, 1) == "error bad_data: the time is out of range");
}

TEST_CASE("each bound has an error of its own") {
    const MemorySource source = many(20);
    Asked asked{source, {}, 1, {}};
    asked.options.limits.series = 19;
    CHECK(asked.instant("sum(m)", 10) ==
          "error execution: query touches more than 19 series: name the namespace, pod or node, or ask for "
          "fewer "
          "metrics");
    asked.options.limits.series = 20;
    CHECK(asked.instant("sum(m)", 10) == "{} 190\n");
    asked.options.limits.samples = 799;
    CHECK(asked.instant("sum(rate(m[15m]))", 890) ==
          "error execution: query processing would load too many samples into memory in query execution");
    asked.options.limits.samples = 800;
    CHECK(asked.instant("sum(rate(m[15m]))", 890) == "{} 0\n");
    asked.options.limits.output_series = 2;
    CHECK(asked.instant("sum by (ns) (m)", 10) ==
          "error execution: query gives more than 2 series: aggregate, or narrow its matchers");
    asked.options.limits.output_series = 3;
    CHECK(asked.range("count by (ns) (m)", 10, 10, 1) ==
          "{ns=\"n0\"} 7@10\n{ns=\"n1\"} 7@10\n{ns=\"n2\"} 6@10\n");
    asked.options.deadline = query::Clock::time_point{};
    CHECK(asked.instant("1", 10) == "error timeout: query timed out in expression evaluation");
}

TEST_CASE("an aggregation holds its groups, not its series") {
    const MemorySource source = many(300);
    Asked asked{source, {}, 100, {}};
    asked.options.limits.memory = 100 * 1024;
    CHECK(starts(asked.range("sum by (ns) (rate(m[1m]))", 0, 600, 1), 8) == "{ns=\"n0\"");
    CHECK(asked.usage.most_held < 70'000);
    CHECK(asked.usage.series == 300);
    // Of a group that has become a row nothing is held but the row.
    asked.range("m{ns=\"n0\"}", 0, 600, 60);
    const std::size_t rows = asked.usage.held;
    asked.range("sum by (pod) (m{ns=\"n0\"})", 0, 600, 60);
    CHECK(asked.usage.held <= rows);
    // Of a rank, too, only those that are among the first.
    const std::string first = asked.range("topk(1, m)", 0, 600, 1);
    CHECK(starts(first, 6) == "{__nam");
    CHECK(std::count(first.begin(), first.end(), '\n') < 3);
    CHECK(asked.usage.most_held < 70'000);
    // 300 rows of 601 points do not fit.
    CHECK(asked.range("m", 0, 600, 1) ==
          "error execution: query needs more than 100 KiB of memory: aggregate, ask for fewer series, or "
          "take a "
          "larger step");
    for (const char* text :
         {"topk(300, m)", "m + m", "m or m", "label_replace(m, \"a\", \"b\", \"c\", \"\")"}) {
        INFO(text);
        CHECK(asked.range(text, 0, 600, 1).find("error execution: query needs more than 100 KiB of memory") ==
              0);
    }
}

TEST_CASE("a step does little, and the answer does not depend on it") {
    MemorySource source = many(50);
    for (const char* text :
         {"sort_desc(m)", "topk(3, m) by (ns)", "m * on (pod) group_left m", "m and m{ns=\"n1\"}",
          "sum by (ns) (rate(m[1m])) or vector(1)", "-m", "scalar(sum(m)) + time()"}) {
        INFO(text);
        Asked whole{source, {}, 100'000'000, {}};
        Asked pieces{source, {}, 1, {}};
        CHECK(pieces.instant(text, 100) == whole.instant(text, 100));
        CHECK(pieces.range(text, 0, 600, 60) == whole.range(text, 0, 600, 60));
        source.pause_before_each(3);
        CHECK(pieces.range(text, 0, 600, 60) == whole.range(text, 0, 600, 60));
        source.pause_before_each(0);
    }
    auto evaluation =
        query::Evaluation::make(std::move(*query::parse("sum(m)")), source, query::InstantQuery{100'000}, {});
    REQUIRE(evaluation.has_value());
    int steps = 1;
    while ((*evaluation)->step(1, {}) == query::Evaluation::Progress::more) ++steps;
    CHECK(steps > 50);
}

TEST_CASE("series, label names and label values") {
    MemorySource source = many(4);
    source.add("up{node=\"n\"}", 15, {1});
    source.pause_before_each(2);
    using query::ListingOf;
    CHECK(listed(source, ListingOf::series, "", {"m{ns=\"n0\"}", "{pod=\"p0\"}", "up"}).text ==
          "{__name__=\"m\", ns=\"n0\", pod=\"p0\"}\n{__name__=\"m\", ns=\"n0\", pod=\"p3\"}\n"
          "{__name__=\"up\", node=\"n\"}\n");
    CHECK(listed(source, ListingOf::label_names, "", {}).text == "__name__\nnode\nns\npod\n");
    CHECK(listed(source, ListingOf::label_names, "", {"up"}).text == "__name__\nnode\n");
    CHECK(listed(source, ListingOf::label_values, "__name__", {}).text == "m\nup\n");
    CHECK(listed(source, ListingOf::label_values, "pod", {"m{ns=~\"n0|n2\"}"}).text == "p0\np2\np3\n");
    CHECK(listed(source, ListingOf::label_values, "nothing", {}).text.empty());
    const Listed cut = listed(source, ListingOf::label_values, "pod", {}, 2);
    CHECK(cut.text == "p0\np1\n");
    CHECK(cut.is_cut);
    CHECK_FALSE(listed(source, ListingOf::label_values, "pod", {}, 4).is_cut);
    CHECK(listed(source, ListingOf::series, "", {"{pod=~\".+\"}"}, 1).text ==
          "{__name__=\"m\", ns=\"n0\", pod=\"p0\"}\n");
    CHECK(listed(source, ListingOf::series, "", {"up"}, 0, 4).text.find("query touches more than 4 series") ==
          0);
}
