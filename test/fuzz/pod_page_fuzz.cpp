// SPDX-License-Identifier: Apache-2.0
// Any bytes make a page of an application, or a fault, and the same whatever pieces they come in.
#include "scraper/applications/pod_page.hpp"
#include "storage/applications/applications.hpp"
#include "test/fuzz/require.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using namespace std::chrono_literals;
using storage::applications::Applications;
using storage::applications::Requirement;

constexpr storage::Nanos kNow = 1'795'408'000'000'000'000;
constexpr const char* kMetrics[] = {"x", "x_total", "x_per_second", "x_mean", "x_count"};

// All that is known after the text came twice.
std::string known_after(std::string_view text, std::size_t piece, scraper::PageFormat format) {
    Applications applications{{}};
    const storage::PodKey pod{"n", "p"};
    applications.put_pod(pod, "u", {});
    storage::Monotonic now{1h};
    std::string known;
    const auto ask = [&](const char* metric, std::vector<Requirement> series) {
        return applications.known(applications.ask({"n", metric, std::move(series)}, now), "p", now);
    };
    const auto ask_all = [&] {
        known.clear();
        for (const char* const metric : kMetrics) {
            for (const bool with_label : {false, true}) {
                std::vector<Requirement> series;
                if (with_label) series.push_back({"a", Requirement::Op::exists, {}});
                const auto of = ask(metric, std::move(series));
                known += of.figure ? std::to_string(of.figure->milli) : "-";
                known += ' ' + std::to_string(static_cast<int>(of.missing)) + ' ';
                require(!of.figure || std::llabs(of.figure->milli) <= 9'200'000'000'000'000,
                        "a figure is bounded");
            }
        }
    };
    ask_all();
    std::string fault;
    for (int page = 0; page < 2; ++page) {
        now += 15s;
        auto wanted = applications.wanted(pod, now, kNow);
        scraper::PodPageParser parser{wanted->reading};
        parser.set_format(format);
        for (std::size_t at = 0; at < text.size(); at += piece) parser.feed(text.substr(at, piece));
        fault = parser.finish();
        require(fault.size() < 400, "a fault is bounded");
        if (fault.empty()) applications.commit(pod, "u", std::move(wanted->reading));
    }
    ask_all();
    return known + fault;
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = text_of(data, size);
    const auto format =
        size > 0 && data[0] % 2 != 0 ? scraper::PageFormat::open_metrics : scraper::PageFormat::prometheus;
    const std::string whole = known_after(text, size + 1, format);
    require(known_after(text, 1, format) == whole, "bytes one by one");
    require(known_after(text, size == 0 ? 1 : 1 + data[size / 2] % 97, format) == whole,
            "pieces of one size");
    return 0;
}
