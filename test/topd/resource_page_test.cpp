// SPDX-License-Identifier: Apache-2.0
// Pages of real kubelets through parser and store to the page of all kubelets, which the same parser reads:
// each row of it is one that a kubelet told.
#include "apiserver/graphs/resource_page.hpp"

#include "storage/store.hpp"
#include "test/checkout.hpp"
#include "test/scraper/page_text.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

namespace {

namespace fs = std::filesystem;

std::vector<fs::path> captured(const std::string& kubelet) {
    std::vector<fs::path> pages;
    for (const auto& file : fs::directory_iterator{checkout::fixtures() / kubelet / "sequence"})
        if (file.path().extension() == ".txt") pages.push_back(file.path());
    std::sort(pages.begin(), pages.end());
    return pages;
}

// A line for the node and for each container, all with a time.
std::vector<std::string> rows(const storage::NodePage& page) {
    std::vector<std::string> out;
    std::istringstream lines{scraper::describe(page)};
    for (std::string line; std::getline(lines, line);) out.push_back(line);
    return out;
}

std::string whole_page(const storage::Store& store, storage::Monotonic now) {
    const auto parts = apiserver::resource_page(
        store, [now] { return now; }, nullptr);
    std::string out;
    while (parts->advance(out)) {
    }
    return out;
}

}  // namespace

TEST_CASE("What is exposed of the pages of real kubelets is what they told") {
    for (const char* kubelet : {"kubelet-1.34", "kubelet-1.37"}) {
        DYNAMIC_SECTION(kubelet) {
            storage::Store store{{}};
            store.put_node("node", {});
            std::set<std::string> told;
            std::size_t exposed = 0;
            for (const fs::path& path : captured(kubelet)) {
                CAPTURE(path.filename().string());
                const storage::NodePage page = scraper::parse_page(scraper::read_file(path));
                for (const std::string& row : rows(page)) told.insert(row);
                for (const storage::PageRow& row : page.containers)
                    store.put_pod(row.name_space, row.pod, {});
                const int second = std::stoi(path.stem().string().substr(1));
                const storage::Monotonic now{std::chrono::seconds{1000 + second}};
                store.commit("node", page, now);

                const storage::NodePage again = scraper::parse_page(whole_page(store, now));
                CHECK(again.bad_lines == 0);
                std::size_t served = 0;
                store.walk_pods({}, {}, now, [&](const storage::PodView& pod) {
                    served += pod.containers.size();
                    return true;
                });
                CHECK(again.containers.size() == served);
                CHECK(again.node.cpu.has_value() == store.node("node", now)->usage.has_value());
                exposed += served;
                for (const std::string& row : rows(again)) {
                    CAPTURE(row);
                    CHECK((row == "node" || told.count(row) == 1));
                }
            }
            // Not an agreement about nothing.
            CHECK(exposed > 20);
        }
    }
}
