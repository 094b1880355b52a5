// SPDX-License-Identifier: Apache-2.0
#include "scraper/applications/pod_page.hpp"

#include "storage/applications/applications.hpp"

#include <string>
#include <vector>

#include <catch2/catch.hpp>

using namespace scraper;
using storage::applications::Applications;
using storage::applications::Known;
using storage::applications::Missing;
using storage::applications::Requirement;

namespace {

using Series = std::vector<Requirement>;
using Op = Requirement::Op;
using namespace std::chrono_literals;

constexpr storage::Nanos kNow = 1'795'408'000'000'000'000;

struct PageText {
    std::string text;
    PageFormat format = PageFormat::prometheus;
    std::size_t piece = std::string::npos;
    bool ends_with_connection = false;
};

// What is known of x (or another) after the pages, 10 s apart; the fault of the last one, if any.
struct Outcome {
    std::string fault;
    std::string known;
};

std::string shown(const Known& known) {
    if (known.figure) return std::to_string(known.figure->milli);
    return "missing " + std::to_string(static_cast<int>(known.missing));
}
std::string missing(Missing why) {
    return "missing " + std::to_string(static_cast<int>(why));
}

Outcome after(const std::vector<PageText>& pages, const std::string& metric = "x",
              const Series& series = {}) {
    Applications applications{{}};
    const storage::PodKey pod{"ns", "a"};
    applications.put_pod(pod, "uid", {});
    storage::Monotonic now{1h};
    const auto ask = [&] {
        return applications.known(applications.ask({"ns", metric, series}, now), "a", now);
    };
    ask();
    Outcome outcome;
    for (const PageText& page : pages) {
        now += 10s;
        auto wanted = applications.wanted(pod, now, kNow);
        PodPageParser parser{wanted->reading};
        parser.set_format(page.format);
        if (page.ends_with_connection) parser.set_ends_with_connection();
        for (std::size_t at = 0; at < page.text.size(); at += std::min(page.piece, page.text.size() - at))
            parser.feed(std::string_view{page.text}.substr(at, page.piece));
        outcome.fault = parser.finish();
        if (outcome.fault.empty()) applications.commit(pod, "uid", std::move(wanted->reading));
    }
    outcome.known = shown(ask());
    return outcome;
}

// The page, and another one on which each @ is ten more.
std::vector<PageText> rising(const std::string& page, PageFormat format = PageFormat::prometheus) {
    std::vector<PageText> pages;
    for (const char* const number : {"7", "17"}) {
        std::string text;
        for (const char c : page) c == '@' ? text.append(number) : text.append(1, c);
        pages.push_back({std::move(text), format});
    }
    return pages;
}

std::string value_of(const std::string& page, const Series& series = {}) {
    const Outcome outcome = after({{page}}, "x", series);
    CHECK(outcome.fault.empty());
    return outcome.known;
}

}  // namespace

TEST_CASE("lines of a pod's page are read as Prometheus prints them") {
    const auto [page, expected] = GENERATE(table<std::string, std::string>({
        {"x 1", "1000"},
        {"x 1\n", "1000"},
        {"x 1\r\n", "1000"},
        {"x{} 1\n", "1000"},
        {"x{a=\"b\"} 1\n", "1000"},
        {"x{a=\"b\",} 1\n", "1000"},
        {"x { a = \"b\" , c = \"d\" } 1\n", "1000"},
        {"  x\t1.5  \n", "1500"},
        {"x 1.5 1795408000000\n", "1500"},
        {"x +1e3\n", "1000000"},
        {"x 1e-400\nx{a=\"b\"} 1\n", "1000"},
        {"x -1e-400\n", "0"},
        {"x -1.5e-2\n", "-15"},
        {"x 1\nx{a=\"b\"} 2\n", "3000"},
        {"# HELP x what it is\n# TYPE x gauge\nx 1\n", "1000"},
        {"#TYPE x gauge\nx 1\n", "1000"},
        {"# a comment\n\nx 1\n", "1000"},
        {"xy 7\nx 1\ny 8\n", "1000"},
        // What is not in demand is not read.
        {"y{ what\nx 1\nz\n%&/\n", "1000"},
        {"x NaN\nx{a=\"b\"} 1\n", "1000"},
        {"x +Inf\nx{a=\"b\"} 1\n", "1000"},
        {"x -Inf\n", missing(Missing::not_a_number)},
        {"", missing(Missing::no_family)},
        {"\n\n", missing(Missing::no_family)},
    }));
    CAPTURE(page);
    CHECK(value_of(page) == expected);
    for (const std::size_t piece : {1, 2, 7}) {
        const Outcome outcome = after({{page, PageFormat::prometheus, piece}});
        CHECK(outcome.known == expected);
    }
}

TEST_CASE("values of labels are compared without their escapes") {
    const std::string page = "x{a=\"q\\\"b\\\\s\\nn\",b=\"1\"} 1\nx{a=\"other\"} 2\n";
    CHECK(value_of(page, {{"a", Op::in, {"q\"b\\s\nn"}}}) == "1000");
    CHECK(value_of(page, {{"a", Op::in, {"q"}}}) == missing(Missing::no_series));
    CHECK(value_of(page, {{"b", Op::exists, {}}}) == "1000");
}

TEST_CASE("a line that is in demand and cannot be read costs the page") {
    const std::string line = GENERATE(as<std::string>{}, "x", "x ", "x one", "x 1 2 3", "x 1 1.5", "x 1 z",
                                      "x{a=b} 1", "x{a=\"b\" 1", "x{a=\"b\"}", "x{a=\"b\\z\"} 1", "x 1,5",
                                      "x 0x1z", "x 1e999", "x{a=\"b} 1", "x 1 # {} 1", "x 1 99999999999999");
    CAPTURE(line);
    const Outcome outcome = after({{"x{good=\"1\"} 1\n" + line + "\n"}});
    CHECK(outcome.fault == "a line of x on its page cannot be read");
    CHECK(outcome.known == missing(Missing::waiting));
}

TEST_CASE("a line is bounded") {
    const std::string filler(PodPageParser::kLineBytes, 'y');
    CHECK(value_of("x 1\ny{a=\"" + filler + "\"} 1\n# HELP y " + filler + "\n") == "1000");
    CHECK(after({{"x{a=\"" + filler + "\"} 1\n"}}).fault == "a line of x on its page is too long");
    CHECK(after({{"x{a=\"" + filler + "\"} 1"}}).fault == "a line of x on its page is too long");
}

TEST_CASE("the type of a family decides") {
    struct Case {
        std::string metric;
        std::string page;
        std::string expected;
    };
    const std::string no_family = missing(Missing::no_family);
    // Of a counter: one a second. Of a gauge: its last value.
    const std::string rate = "1000";
    const std::string last = "17000";
    const auto each = GENERATE_COPY(values<Case>({
        {"x", "# TYPE x gauge\nx @\n", last},
        {"x", "# TYPE x counter\nx @\n", rate},
        {"x_total", "# TYPE x_total gauge\nx_total @\n", last},
        {"x_total", "x_total @\n", rate},
        // A family ends where another begins.
        {"x", "# TYPE y counter\nx @\n", last},
        {"x", "# TYPE x summary\nx{quantile=\"0.5\"} @\nx_sum @\nx_count @\n", no_family},
        {"x_count", "# TYPE x summary\nx_count @\n", rate},
        {"x_sum", "# TYPE x histogram\nx_bucket{le=\"+Inf\"} @\nx_sum @\nx_count @\n", rate},
        {"x_bucket", "# TYPE x histogram\nx_bucket{le=\"+Inf\"} @\n", no_family},
        {"x", "# TYPE x untyped\nx @\n", last},
        {"x", "# TYPE x nonsense\nx @\n", last},
        {"x", "# TYPE x\nx @\n", last},
        {"x_created", "# TYPE x counter\nx @\nx_created @\n", no_family},
        {"x_created", "# TYPE x_created counter\nx_created @\n", rate},
        // Declared, and never counted yet.
        {"x", "# TYPE x counter\n", "0"},
        {"x_count", "# TYPE x histogram\n", "0"},
        {"x_count", "# TYPE x histogram\n# TYPE y counter\ny @\n", "0"},
        {"x_count", "# TYPE x histogram\nxy @\ny @\n", "0"},
        // It has samples, and none of these.
        {"x_sum", "# TYPE x summary\nx_count @\n", no_family},
        {"x_sum", "# TYPE x summary\nx{quantile=\"0.5\"} @\n# TYPE y gauge\ny @\n", no_family},
        {"x_sum", "# TYPE x histogram\nx_bucket{le=\"+Inf\"} @\nx_count @\n", no_family},
        {"x_total", "# TYPE x counter\nx @\n", no_family},
    }));
    CAPTURE(each.metric, each.page);
    CHECK(after(rising(each.page), each.metric).known == each.expected);
}

TEST_CASE("OpenMetrics is read as well") {
    struct Case {
        std::string metric;
        std::string page;
        std::string expected;
    };
    const auto each = GENERATE(values<Case>({
        {"x", "# TYPE x counter\nx_total @ 1795408000.5\nx_created 1795408000\n# EOF\n", "1000"},
        {"x", "# TYPE x counter\n# UNIT x s\nx_total{a=\"b\"} @ # {trace_id=\"t\"} 1 1795408000\n# EOF",
         "1000"},
        {"x", "# TYPE x gauge\nx @.5 1795408000.123\n# EOF\n", "17500"},
        {"x", "# TYPE x stateset\nx{x=\"on\"} 1\nx{x=\"off\"} 0\n# EOF\n", "1000"},
        {"x_info", "# TYPE x info\nx_info{version=\"1\"} 1\n# EOF\n", "1000"},
        {"x_gcount", "# TYPE x gaugehistogram\nx_bucket{le=\"+Inf\"} 2\nx_gcount @\nx_gsum 3\n# EOF\n",
         "17000"},
        {"x", "# TYPE x unknown\nx @\n# EOF\n", "17000"},
    }));
    CAPTURE(each.page);
    const Outcome outcome = after(rising(each.page, PageFormat::open_metrics), each.metric);
    CHECK(outcome.fault.empty());
    CHECK(outcome.known == each.expected);
}

TEST_CASE("a page whose end the connection alone tells ends with its last line") {
    const auto fault = [](const std::string& page) {
        return after({{page, PageFormat::prometheus, std::string::npos, true}}).fault;
    };
    const std::string cut = "its page was cut short: its last line has no end";
    CHECK(fault("x{a=\"b\"} 1\nx 42000\n").empty());
    CHECK(fault("").empty());
    CHECK(fault("x{a=\"b\"} 1\nx 4") == cut);
    CHECK(fault("x 1\ny") == cut);
    CHECK(fault("x 1\n" + std::string(PodPageParser::kLineBytes + 1, 'y')) == cut);
}

TEST_CASE("a page of OpenMetrics that does not end where it should is none") {
    const auto fault = [](const std::string& page) {
        return after({{page, PageFormat::open_metrics}}).fault;
    };
    CHECK(fault("x 1\n") == "its page was cut short: it does not end with # EOF");
    CHECK(fault("") == "its page was cut short: it does not end with # EOF");
    CHECK(fault("x 1\n# EOF\nx 2\n") == "its page goes on behind # EOF");
    CHECK(fault("x 1\n# EOF\n").empty());
}

TEST_CASE("what a page is follows from its Content-Type") {
    CHECK(format_of("application/openmetrics-text; version=1.0.0; charset=utf-8") ==
          PageFormat::open_metrics);
    CHECK(format_of("text/plain; version=0.0.4") == PageFormat::prometheus);
    CHECK(format_of("") == PageFormat::prometheus);
}

TEST_CASE("times of samples are milliseconds, or seconds in OpenMetrics") {
    // 20 s old counts, 40 s do not.
    CHECK(value_of("x 1 1795407980000\n") == "1000");
    CHECK(value_of("x 1 1795407960000\n") == missing(Missing::not_a_number));
    CHECK(value_of("x 1 -5\n") == missing(Missing::not_a_number));
    const auto open = [](const std::string& page) { return after({{page, PageFormat::open_metrics}}).known; };
    CHECK(open("x 1 1795407980.25\n# EOF\n") == "1000");
    CHECK(open("x 1 1795407960.25\n# EOF\n") == missing(Missing::not_a_number));
}
