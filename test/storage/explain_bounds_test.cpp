// SPDX-License-Identifier: Apache-2.0
// What is remembered for who asks why is bounded, and goes.
#include "storage/explain.hpp"
#include "test/storage/pages.hpp"

#include <string>
#include <vector>

#include <catch2/catch.hpp>

using namespace storage;

TEST_CASE("rivals are bounded and go with time and with their pods") {
    Store store{{}};
    store.put_node("a", {});
    store.put_node("b", {});
    std::vector<std::string> names;
    for (std::size_t i = 0; i <= kRivals; ++i) names.push_back(std::to_string(i));
    std::vector<PageRow> rows;
    std::vector<PageRow> older;
    for (const std::string& name : names) {
        store.put_pod("n", name, {});
        rows.push_back(row("n", name, "c", 1000, 1, 990));
        older.push_back(row("n", name, "c", 1000, 1, 980));
    }
    const auto rivals = [&](double now) {
        std::size_t count = 0;
        for (const std::string& name : names)
            if (store.explain_pod("n", name, at(now)).rival) ++count;
        return count;
    };
    store.commit("a", page(rows), at(0));
    store.commit("b", page(older), at(1));
    CHECK(rivals(1) == kRivals);
    store.remove_pod("n", names[0]);
    store.put_pod("n", names[0], {});
    CHECK(rivals(1) == kRivals - 1);
    // One has room again.
    store.commit("b", page(older), at(2));
    CHECK(rivals(2) == kRivals);
    store.expire(at(42.5));
    store.commit("a", page(rows), at(43));
    store.commit("b", page({older.back()}), at(43.5));
    CHECK(rivals(43.5) == 1);
}

TEST_CASE("pods of nothing but zeros are remembered within a bound, for a time and while they are there") {
    Store store{{}};
    store.put_node("a", {});
    std::vector<std::string> names;
    for (std::size_t i = 0; i <= kRivals; ++i) names.push_back(std::to_string(i));
    std::vector<PageRow> rows;
    for (const std::string& name : names) {
        store.put_pod("n", name, {});
        rows.push_back(row("n", name, "c", 1000, 0, 990, 0));
    }
    const auto told = [&](double now) {
        std::size_t count = 0;
        for (const std::string& name : names)
            count += store.explain_pod("n", name, at(now)).verdict == PodExplanation::Verdict::zeros ? 1 : 0;
        return count;
    };
    store.commit("a", page(rows), at(0));
    CHECK(told(0) == kRivals);
    store.remove_pod("n", names[0]);
    store.put_pod("n", names[0], {});
    CHECK(told(0) == kRivals - 1);
    store.commit("a", page(rows), at(1));
    CHECK(told(1) == kRivals);
    store.expire(at(42));
    store.commit("a", page({rows.back()}), at(42));
    CHECK(told(42) == 1);
}
