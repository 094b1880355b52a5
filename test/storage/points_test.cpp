// SPDX-License-Identifier: Apache-2.0
#include "storage/points.hpp"

#include "test/storage/point_rules.hpp"

#include <optional>
#include <vector>

#include <catch2/catch.hpp>

using namespace storage;

namespace {

// One line of a container: when sampled, CPU seconds, start (0: unknown); and when its page came, by our
// clock (0: at once, by a clock that agrees).
struct Line {
    double sampled;
    double cpu;
    double started = 0;
    double paged = 0;
};

struct Rate {
    double timestamp;
    double window;
    std::uint64_t nanocores;
};

Points after(const std::vector<Line>& lines) {
    Points points;
    for (const Line& line : lines) {
        const double paged = line.paged != 0 ? line.paged : line.sampled;
        add(points, row("ns", "pod", "c", line.sampled, line.cpu, line.started), page_at(paged), kRules);
    }
    return points;
}

}  // namespace

TEST_CASE("the rate of a container follows its lines") {
    struct Case {
        const char* name;
        std::vector<Line> lines;
        std::optional<Rate> expected;
    };
    const Case cases[] = {
        {"one sample is no rate", {{1000, 50}}, std::nullopt},
        {"two samples are", {{1000, 50}, {1010, 55}}, Rate{1010, 10, 500'000'000}},
        {"only the last two count", {{1000, 1}, {1010, 9}, {1025, 12}}, Rate{1025, 15, 200'000'000}},
        {"nanocores are truncated", {{1000, 1}, {1003, 1.00000001}}, Rate{1003, 3, 3}},
        {"an idle container has the rate 0", {{1000, 1}, {1010, 1}}, Rate{1010, 10, 0}},
        {"a repeated sample is no second one", {{1000, 50}, {1000, 50}}, std::nullopt},
        {"a repeated sample leaves the rate",
         {{1000, 50}, {1010, 55}, {1010, 55}},
         Rate{1010, 10, 500'000'000}},
        {"a repeated time with another value changes nothing",
         {{1000, 50}, {1010, 55}, {1010, 70}},
         Rate{1010, 10, 500'000'000}},
        {"three bounds are not too far", {{1000, 50}, {1120, 62}}, Rate{1120, 120, 100'000'000}},
        {"more is", {{1000, 50}, {1120.001, 62}}, std::nullopt},
        {"and the next sample makes a rate",
         {{1000, 50}, {1200, 70}, {1210, 71}},
         Rate{1210, 10, 100'000'000}},
        {"the least distance is enough", {{1000, 50}, {1001.5, 51.5}}, Rate{1001.5, 1.5, 1'000'000'000}},
        {"a nearer sample waits", {{1000, 50}, {1010, 60}, {1011.499, 60.1}}, Rate{1010, 10, 1'000'000'000}},
        {"and the next counts from the one before it",
         {{1000, 50}, {1001.499, 51}, {1010, 55}},
         Rate{1010, 10, 500'000'000}},

        {"an hour forward between two pages is a clock that was set",
         {{1000, 50, 0, 1000}, {1010, 60, 0, 1010}, {4620, 70, 0, 1020}},
         std::nullopt},
        {"two samples later there is a rate",
         {{1000, 50, 0, 1000}, {4620, 70, 0, 1020}, {4630, 75, 0, 1030}},
         Rate{4630, 10, 500'000'000}},
        {"a window may be longer than its pages are apart by the bound",
         {{1000, 50, 0, 1030}, {1050, 55, 0, 1040}},
         Rate{1050, 50, 100'000'000}},
        {"not by more", {{1000, 50, 0, 1030}, {1050.001, 55, 0, 1040}}, std::nullopt},
        {"nearly all of the distance back is one, too",
         {{1000, 50, 0, 1000}, {1000.005, 60, 0, 1010}},
         std::nullopt},
        {"and what is compared from then on is after it",
         {{1000, 50, 0, 1000}, {1000.005, 60, 0, 1010}, {1010.005, 65, 0, 1020}},
         Rate{1010.005, 10, 500'000'000}},
        {"a start that is told after it may be from before",
         {{1000, 50, 0, 1000}, {4620, 60, 0, 1010}, {4620, 60, 4590, 1020}},
         std::nullopt},
        {"a short window is none",
         {{1000, 50, 0, 1000}, {1001.5, 51.5, 0, 1015}},
         Rate{1001.5, 1.5, 1'000'000'000}},
        {"nor is a near sample of a page soon after",
         {{1000, 50, 0, 1000}, {1001.4, 51.4, 0, 1006}, {1010, 55, 0, 1011}},
         Rate{1010, 10, 500'000'000}},
        {"a near sample of a near page is none",
         {{1000, 50, 0, 1000}, {1010, 60, 0, 1010}, {1010.2, 61, 0, 1011.5}},
         Rate{1010, 10, 1'000'000'000}},
        {"a sample after a page that still showed the last one is not from long before",
         {{1000, 50, 0, 1000}, {1000, 50, 0, 1015}, {1000, 50, 0, 1030}, {1019.9, 60, 0, 1045}},
         std::nullopt},
        {"but may be from shortly before",
         {{1000, 50, 0, 1000}, {1000, 50, 0, 1015}, {1000, 50, 0, 1030}, {1020, 60, 0, 1045}},
         Rate{1020, 20, 500'000'000}},

        {"a counter that fell starts anew", {{1000, 50}, {1010, 55}, {1020, 1}}, std::nullopt},
        {"and has a rate one sample later", {{1000, 50}, {1020, 1}, {1030, 2}}, Rate{1030, 10, 100'000'000}},
        {"a newer start forgets the points",
         {{1000, 50, 900}, {1010, 55, 900}, {1020.5, 60, 1020}},
         std::nullopt},
        {"a newer start with the old time forgets them too",
         {{1000, 50, 900}, {1010, 55, 900}, {1010, 55, 1012}},
         std::nullopt},
        {"a newer start before the last sample is none",
         {{1000, 50, 30}, {1010, 55, 40}, {1020, 57, 50}},
         Rate{1020, 10, 200'000'000}},
        {"a start at the last sample is one",
         {{1000, 50, 900}, {1010, 60, 1000}},
         Rate{1010, 10, 6'000'000'000}},
        {"an unknown start is no restart", {{1000, 50, 900}, {1010, 55, 0}}, Rate{1010, 10, 500'000'000}},
        {"a start that becomes known is no restart",
         {{1000, 50, 0}, {1010, 55, 300}},
         Rate{1010, 10, 500'000'000}},
        {"a start that sank is no restart", {{1000, 50, 900}, {1010, 55, 800}}, Rate{1010, 10, 500'000'000}},
        {"a start that sank and rises again is none either",
         {{1000, 50, 900}, {1010, 55, 800}, {1020, 65, 900}},
         Rate{1020, 10, 1'000'000'000}},
        {"a start that sank with a fallen counter is a restart",
         {{1000, 50, 990}, {1010, 2, 985}},
         Rate{1010, 25, 80'000'000}},

        {"a fresh container counts from its start", {{1010, 5, 1000}}, Rate{1010, 10, 500'000'000}},
        {"an age of the least window is enough", {{1001.5, 0.75, 1000}}, Rate{1001.5, 1.5, 500'000'000}},
        {"less is not", {{1001.499, 0.5, 1000}}, std::nullopt},
        {"the window bound is not too old", {{1040, 4, 1000}}, Rate{1040, 40, 100'000'000}},
        {"more is", {{1040.001, 4, 1000}}, std::nullopt},
        {"a start after the sample founds no rate", {{1000, 5, 1001}}, std::nullopt},
        {"a second sample replaces the start",
         {{1010, 5, 1000}, {1020, 7, 1000}},
         Rate{1020, 10, 200'000'000}},
        {"a second sample replaces a first one that was too young",
         {{1000.5, 0.25, 1000}, {1010.5, 2.25, 1000}},
         Rate{1010.5, 10, 200'000'000}},
        {"a start that is reported late counts",
         {{1010, 5, 0}, {1010, 5, 1000}},
         Rate{1010, 10, 500'000'000}},
        {"a restarted container counts from its new start",
         {{1000, 50, 500}, {1010, 55, 500}, {1030, 2, 1025}},
         Rate{1030, 5, 400'000'000}},
        {"a fallen counter under the same start does not count from it",
         {{1010, 5, 1000}, {1020, 1, 1000}},
         std::nullopt},
        {"nor does its repetition", {{1010, 5, 1000}, {1020, 1, 1000}, {1020, 1, 1000}}, std::nullopt},
        {"nor does a start known from before",
         {{1010, 5, 1000}, {1020, 1, 0}, {1020, 1, 1000}},
         std::nullopt},
        {"a start first told after a fall does",
         {{1000, 5, 0}, {1010, 1, 0}, {1010, 1, 1003}},
         Rate{1010, 7, 142'857'142}},

        {"a backward clock makes no window", {{1000, 50}, {1020, 60}, {1015, 57}}, std::nullopt},
        {"whatever the counter does", {{1000, 50}, {1020, 60}, {990, 61}}, std::nullopt},
        {"after it the next sample makes a rate",
         {{1000, 50}, {900, 51}, {910, 52}},
         Rate{910, 10, 100'000'000}},
        {"a backward clock leaves no start to count from", {{1030, 5, 1000}, {1020, 4, 1000}}, std::nullopt},
    };
    for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
            const Points points = after(c.lines);
            const Standing stands = standing(points, points.seen_at, kRules);
            REQUIRE((stands == Standing::rated) == c.expected.has_value());
            if (!c.expected) continue;
            const Usage usage = usage_of(points);
            CHECK(usage.timestamp == nanos(c.expected->timestamp));
            CHECK(usage.window.count() == nanos(c.expected->window));
            CHECK(usage.cpu == c.expected->nanocores);
        }
}

TEST_CASE("a line is absent or incomplete or complete") {
    const PageRow whole = row("ns", "pod", "c", 1000, 5, 900);
    CHECK(kind_of(whole) == RowKind::complete);
    CHECK(kind_of(PageRow{}) == RowKind::absent);

    PageRow changed = whole;
    changed.cpu.reset();
    CHECK(kind_of(changed) == RowKind::incomplete);
    changed.memory.reset();
    CHECK(kind_of(changed) == RowKind::absent);
    changed.swap = Reading{1, nanos(1000)};
    CHECK(kind_of(changed) == RowKind::absent);

    changed = whole;
    changed.memory.reset();
    CHECK(kind_of(changed) == RowKind::incomplete);
    changed = whole;
    changed.cpu->value = 0;
    CHECK(kind_of(changed) == RowKind::incomplete);
    changed = whole;
    changed.memory->value = 0;
    CHECK(kind_of(changed) == RowKind::incomplete);
    changed.cpu->value = 0;
    CHECK(kind_of(changed) == RowKind::absent);
    changed.memory.reset();
    CHECK(kind_of(changed) == RowKind::absent);
    changed = whole;
    changed.cpu->at = 0;
    CHECK(kind_of(changed) == RowKind::incomplete);
    changed.cpu->at = -5;
    CHECK(kind_of(changed) == RowKind::incomplete);
}

TEST_CASE("a container that is too young stands apart from one without a rate") {
    CHECK(standing(after({{1000.5, 0.1, 1000}}), at(1000.5), kRules) == Standing::unborn);
    CHECK(standing(after({{1000.5, 0.1, 1001}}), at(1000.5), kRules) == Standing::unborn);
    CHECK(standing(after({{1000.5, 0.1, 0}}), at(1000.5), kRules) == Standing::unrated);
    CHECK(standing(after({{1000.5, 0.1, 900}}), at(1000.5), kRules) == Standing::unrated);
    CHECK(standing(Points{}, at(0), kRules) == Standing::unrated);
    // Its page is too old to say that it is still young.
    CHECK(standing(after({{1000.5, 0.1, 1000}}), at(1041), kRules) == Standing::unrated);
}

TEST_CASE("a rate ends the bound after the last page that showed it") {
    const Points points = after({{1000, 50}, {1010, 55}});
    CHECK(standing(points, at(1050), kRules) == Standing::rated);
    CHECK(standing(points, at(1050.000000001), kRules) == Standing::unrated);
    CHECK(standing(after({{1000, 50}, {1010, 55}, {1010, 55}}), at(1050), kRules) == Standing::rated);
}

TEST_CASE("memory and swap go with the sample") {
    Points points;
    PageRow line = row("ns", "pod", "c", 1000, 5, 995, 1111);
    add(points, line, page_at(1), kRules);
    CHECK(usage_of(points).memory == 1111);
    CHECK_FALSE(usage_of(points).swap);

    SECTION("a repeated sample brings a newer reading of either") {
        line.memory = Reading{2222, nanos(1001)};
        line.swap = Reading{33, nanos(1002)};
        add(points, line, page_at(2), kRules);
        CHECK(usage_of(points).memory == 2222);
        CHECK(usage_of(points).swap == 33U);
        line.swap = Reading{44, nanos(1002)};
        add(points, line, page_at(3), kRules);
        CHECK(usage_of(points).swap == 33U);
    }
    SECTION("a repeated sample with an older reading does not") {
        line.memory = Reading{2222, nanos(999)};
        add(points, line, page_at(2), kRules);
        CHECK(usage_of(points).memory == 1111);
    }
    SECTION("a newer sample brings its own and swap of 0 is a value") {
        line = row("ns", "pod", "c", 1010, 6, 995, 2222);
        line.swap = Reading{0, nanos(1010)};
        add(points, line, page_at(2), kRules);
        CHECK(usage_of(points).memory == 2222);
        CHECK(usage_of(points).swap == 0U);
    }
    SECTION("so does a new life that repeats the old time") {
        line.started = nanos(1000.5);
        line.memory = Reading{2222, nanos(999)};
        add(points, line, page_at(2), kRules);
        CHECK(points.memory == 2222);
    }
    SECTION("a sample of a backward clock brings its own") {
        add(points, row("ns", "pod", "c", 998, 4, 995, 2222), page_at(2), kRules);
        CHECK(points.memory == 2222);
    }
}

TEST_CASE("a node has no start") {
    Points points;
    PageRow line = node_row(1010, 5);
    line.started = nanos(1000);
    PageMoment moment = page_at(1);
    moment.starts = PageMoment::Starts::none;
    add(points, line, moment, kRules);
    CHECK(standing(points, at(1), kRules) == Standing::unrated);
    moment.at = at(2);
    add(points, node_row(1020, 15), moment, kRules);
    CHECK(usage_of(points).cpu == 1'000'000'000);
}
