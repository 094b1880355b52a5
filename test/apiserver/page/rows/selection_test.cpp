// SPDX-License-Identifier: Apache-2.0
#include "apiserver/page/rows/selection.hpp"

#include "test/net/run.hpp"

#include <algorithm>
#include <random>
#include <string>

#include <catch2/catch.hpp>

using apiserver::Kind;
using apiserver::RowsRequest;
using apiserver::Snapshot;
using apiserver::SortBy;
using apiserver::UsageRow;

namespace {

UsageRow& add_pod_row(Snapshot& snapshot, const std::string& name_space, const std::string& name,
                      const std::string& node = "") {
    UsageRow& row = snapshot.of(Kind::pod).emplace_back();
    row.name_space = snapshot.texts.hold(name_space);
    row.name = snapshot.texts.add(name);
    row.node = snapshot.texts.hold(node);
    return row;
}

apiserver::Selection selected(const Snapshot& snapshot, const RowsRequest& request) {
    boost::asio::io_context loop{1};
    return test::run(loop, apiserver::select_rows(snapshot, request));
}

std::string names(const Snapshot& snapshot, const RowsRequest& request) {
    std::string out;
    for (const std::uint32_t at : selected(snapshot, request).rows)
        out.append(out.empty() ? "" : " ").append(snapshot.text(snapshot.of(Kind::pod)[at].name));
    return out;
}

}  // namespace

TEST_CASE("rows are sorted by any column, what is alike by name, what is not known last") {
    Snapshot snapshot;
    snapshot.texts.hold("n1");
    snapshot.texts.hold("n2");
    struct Pod {
        const char* name_space;
        const char* name;
        const char* node;
        std::uint64_t millicores;
        std::uint64_t memory;
        std::uint64_t limit;
        std::uint32_t restarts;
        std::uint32_t started;
    };
    // In the order of names, as snapshots are.
    const Pod pods[] = {
        {"a", "p3", "n2", 5, 10, 10, 0, 900},
        {"a", "p5", "n1", 7, 30, apiserver::kNoFigure, 2, 100},
        {"b", "p1", "n1", 5, 20, 100, 0, 500},
        {"b", "p2", "", apiserver::kNoFigure, apiserver::kNoFigure, 50, apiserver::kNoNumber, 0},
        {"c", "p4", "n2", 0, 0, 20, 2, 500}};
    for (const Pod& each : pods) {
        UsageRow& row = add_pod_row(snapshot, each.name_space, each.name, each.node);
        row.cpu = each.millicores == apiserver::kNoFigure ? each.millicores : each.millicores * 1'000'000;
        row.memory = each.memory;
        row.cpu_limit = row.memory_limit = each.limit;
        row.restarts = each.restarts;
        row.started = each.started;
    }
    struct Case {
        SortBy by;
        bool descending;
        const char* names;
    };
    const Case cases[] = {
        {SortBy::cpu, true, "p5 p3 p1 p4 p2"},         {SortBy::cpu, false, "p4 p3 p1 p5 p2"},
        {SortBy::memory, true, "p5 p1 p3 p4 p2"},      {SortBy::memory, false, "p4 p3 p1 p5 p2"},
        {SortBy::name, false, "p1 p2 p3 p4 p5"},       {SortBy::name, true, "p5 p4 p3 p2 p1"},
        {SortBy::name_space, false, "p3 p5 p1 p2 p4"}, {SortBy::name_space, true, "p4 p1 p2 p3 p5"},
        {SortBy::node, false, "p5 p1 p3 p4 p2"},       {SortBy::node, true, "p3 p4 p5 p1 p2"},
        {SortBy::cpu_share, true, "p3 p1 p4 p5 p2"},   {SortBy::memory_share, false, "p4 p1 p3 p5 p2"},
        {SortBy::restarts, true, "p5 p4 p3 p1 p2"},    {SortBy::restarts, false, "p3 p1 p5 p4 p2"},
        {SortBy::age, true, "p5 p1 p4 p3 p2"},         {SortBy::age, false, "p3 p1 p4 p5 p2"},
    };
    for (const Case& c : cases) {
        CAPTURE(static_cast<int>(c.by), c.descending);
        RowsRequest request;
        request.sort = c.by;
        request.descending = c.descending;
        CHECK(names(snapshot, request) == c.names);
        // The same, page by page.
        std::string pages;
        request.limit = 2;
        for (request.offset = 0; request.offset < 6; request.offset += 2)
            pages.append(pages.empty() ? "" : " ").append(names(snapshot, request));
        pages.erase(pages.find_last_not_of(' ') + 1);
        CHECK(pages == c.names);
    }
    RowsRequest far;
    far.offset = 10;
    CHECK(names(snapshot, far).empty());
    far.limit = 0;
    const auto none = selected(snapshot, far);
    CHECK(none.rows.empty());
    CHECK(none.total == 5);
    CHECK(none.cpu == 17);
    CHECK(none.memory == 60);
}

TEST_CASE("rows are searched by words in their names, pods by their node too") {
    Snapshot snapshot;
    add_pod_row(snapshot, "Shop", "web-0", "node-7");
    add_pod_row(snapshot, "shop", "db-0", "node-8");
    add_pod_row(snapshot, "system", "web-dns", "node-7");
    add_pod_row(snapshot, "x", "a\"<b>\xd7\xa9", "node-8");
    struct Case {
        std::vector<std::string> words;
        const char* names;
    };
    const Case cases[] = {
        {{"web"}, "web-0 web-dns"},    {{"shop/w"}, "web-0"},
        {{"shop", "0"}, "web-0 db-0"}, {{"node-8", "db"}, "db-0"},
        {{"op/web-0"}, "web-0"},       {{"0node"}, ""},
        {{"\"<b>"}, "a\"<b>\xd7\xa9"}, {{"\xd7\xa9"}, "a\"<b>\xd7\xa9"},
        {{"web", "db"}, ""},
    };
    for (const Case& c : cases) {
        CAPTURE(c.words);
        RowsRequest request;
        request.words = c.words;
        const auto selection = selected(snapshot, request);
        CHECK(names(snapshot, request) == c.names);
        CHECK(selection.total == 4);
        CHECK(selection.matched == selection.rows.size());
    }
    RowsRequest one;
    one.node = "node-7";
    one.words = {"dns"};
    CHECK(names(snapshot, one) == "web-dns");
    CHECK(selected(snapshot, one).total == 2);
}

TEST_CASE("a page of many rows is the same as that of all in order") {
    Snapshot snapshot;
    std::mt19937 random{7};
    std::vector<std::pair<std::uint64_t, std::uint32_t>> all;
    for (std::uint32_t i = 0; i < 50'000; ++i) {
        UsageRow& row = add_pod_row(snapshot, "a", "p" + std::to_string(100'000 + i));
        row.cpu = random() % 1000 * 1'000'000;
        row.memory = 1;
        all.emplace_back(1'000'000'000 - row.cpu, i);
    }
    std::sort(all.begin(), all.end());
    for (const std::size_t offset :
         {std::size_t{0}, std::size_t{1'999}, std::size_t{31'000}, std::size_t{49'990}}) {
        RowsRequest request;
        request.offset = offset;
        request.limit = 300;
        const auto selection = selected(snapshot, request);
        REQUIRE(selection.rows.size() == std::min<std::size_t>(300, 50'000 - offset));
        bool same = true;
        for (std::size_t i = 0; i < selection.rows.size(); ++i)
            same = same && selection.rows[i] == all[offset + i].second;
        CHECK(same);
        CHECK(selection.memory == 50'000);
    }
}
