// SPDX-License-Identifier: Apache-2.0
// Pages of real kubelets through parser, store and API: after each page the JSON that a client gets is
// compared with the figures of UsageHistory, which works them out another way from the text of all pages.
#include "scraper/page/page_parser.hpp"
#include "test/apiserver/fixture.hpp"
#include "test/checkout.hpp"
#include "test/scraper/page_text.hpp"
#include "test/scraper/usage_history.hpp"

#include <algorithm>
#include <cctype>
#include <ctime>
#include <filesystem>
#include <iomanip>
#include <map>
#include <sstream>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

namespace {

using nlohmann::json;
namespace fs = std::filesystem;

__extension__ using Wide = __int128;

// A quantity in billionths, by the table of suffixes.
std::string billionths(const std::string& quantity) {
    static const std::map<std::string, Wide> kUnits = {{"n", 1},
                                                       {"u", 1'000},
                                                       {"m", 1'000'000},
                                                       {"", 1'000'000'000},
                                                       {"k", 1'000'000'000'000},
                                                       {"Ki", 1'024'000'000'000},
                                                       {"Mi", 1'048'576'000'000'000},
                                                       {"Gi", 1'073'741'824'000'000'000}};
    const std::size_t digits = quantity.find_first_not_of("0123456789");
    const std::string suffix = digits == std::string::npos ? "" : quantity.substr(digits);
    auto value = kUnits.at(suffix) * std::stoll(quantity);
    std::string text;
    do text.insert(text.begin(), static_cast<char>('0' + static_cast<int>(value % 10)));
    while ((value /= 10) != 0);
    return text;
}

std::string whole(const std::string& quantity) {
    const std::string all = billionths(quantity);
    if (all == "0") return "0";
    REQUIRE(all.size() > 9);
    return all.substr(0, all.size() - 9);
}

// "1m2.5s" as nanoseconds.
std::string nanoseconds(const std::string& duration) {
    std::int64_t sum = 0;
    std::istringstream parts{duration};
    for (std::string number; parts >> std::ws && !parts.eof();) {
        number.clear();
        while (std::isdigit(parts.peek()) || parts.peek() == '.') number += static_cast<char>(parts.get());
        std::string unit;
        while (std::isalpha(parts.peek())) unit += static_cast<char>(parts.get());
        const std::int64_t scale = unit == "m" ? 60'000'000'000 : unit == "s" ? 1'000'000'000 : 1'000'000;
        REQUIRE((unit == "m" || unit == "s" || unit == "ms"));
        const std::size_t point = number.find('.');
        std::string fraction = point == std::string::npos ? "" : number.substr(point + 1);
        fraction.resize(9, '0');
        sum += std::stoll(number) * scale + std::stoll(fraction) * scale / 1'000'000'000;
    }
    return std::to_string(sum);
}

std::string seconds_of(const std::string& timestamp) {
    std::tm parts{};
    std::istringstream{timestamp} >> std::get_time(&parts, "%Y-%m-%dT%H:%M:%SZ");
    return std::to_string(timegm(&parts));
}

std::string figures(const json& usage) {
    std::string out = "cpu=" + billionths(usage.at("cpu")) + " memory=" + whole(usage.at("memory"));
    if (usage.contains("swap")) out += " swap=" + whole(usage.at("swap"));
    return out;
}

std::string when(const json& item) {
    return seconds_of(item.at("timestamp")) + "/" + nanoseconds(item.at("window"));
}

// UsageHistory's lines as far as a client sees them: times of objects in whole seconds, none of containers,
// and no pod without usage.
std::string visible(const std::string& served) {
    std::string out;
    std::istringstream lines{served};
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words{line};
        std::string name;
        std::string time;
        std::string rest;
        words >> name >> time;
        std::getline(words, rest);
        const std::size_t slash = time.find('/');
        if (slash == std::string::npos) continue;
        if (line.starts_with("  "))
            out += "  " + name + rest + "\n";
        else
            out += name + " " + time.substr(0, slash - 9) + time.substr(slash) + rest + "\n";
    }
    return out;
}

class Client {
  public:
    json get(const std::string& path) {
        apiserver::Api api{cluster.options, cluster.store, cluster.authenticator, cluster.authorizer};
        boost::asio::io_context loop{1};
        net::Response response = test::run(loop, api.respond(test::request(test::kMetrics + path)));
        REQUIRE(response.status == 200);
        return json::parse(test::whole_body(response));
    }

    std::string served() {
        std::string out;
        const json nodes = get("/nodes");
        const json pods = get("/pods");
        for (const json& node : nodes.at("items"))
            out += "node " + when(node) + " " + figures(node.at("usage")) + "\n";
        for (const json& pod : pods.at("items")) {
            const json& metadata = pod.at("metadata");
            out += metadata.at("namespace").get<std::string>() + "/" +
                   metadata.at("name").get<std::string>() + " " + when(pod) + "\n";
            for (const json& container : pod.at("containers"))
                out += "  " + container.at("name").get<std::string>() + " " + figures(container.at("usage")) +
                       "\n";
        }
        return out;
    }

    test::Cluster cluster;
};

std::vector<fs::path> sequence(const std::string& kubelet) {
    std::vector<fs::path> pages;
    for (const auto& file : fs::directory_iterator{checkout::fixtures() / kubelet / "sequence"})
        if (file.path().extension() == ".txt") pages.push_back(file.path());
    std::sort(pages.begin(), pages.end());
    return pages;
}

}  // namespace

TEST_CASE("A client gets what the pages of real kubelets say") {
    for (const char* kubelet : {"kubelet-1.34", "kubelet-1.37"}) {
        DYNAMIC_SECTION(kubelet) {
            const std::vector<fs::path> pages = sequence(kubelet);
            REQUIRE(pages.size() >= 7);
            Client client;
            client.cluster.store.put_node("node", {});
            scraper::UsageHistory history;
            std::size_t figures_seen = 0;
            for (const fs::path& path : pages) {
                CAPTURE(path.filename().string());
                const std::string text = scraper::read_file(path);
                const int second = std::stoi(path.stem().string().substr(1));
                history.add(second, text);
                for (const std::string& pod : history.pods())
                    client.cluster.store.put_pod(pod.substr(0, pod.find('/')), pod.substr(pod.find('/') + 1),
                                                 {});
                storage::NodePage page;
                scraper::PageParser parser{page, scraper::kRequestedAt};
                parser.feed(text);
                parser.finish();
                client.cluster.now = storage::Monotonic{std::chrono::seconds{1000 + second}};
                client.cluster.store.commit("node", page, client.cluster.now);
                const std::string served = client.served();
                CHECK(served == visible(history.served(second)));
                figures_seen += static_cast<std::size_t>(std::count(served.begin(), served.end(), '\n'));
            }
            // Not an agreement about nothing.
            CHECK(figures_seen > 50);
        }
    }
}
