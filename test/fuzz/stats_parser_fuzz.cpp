// SPDX-License-Identifier: Apache-2.0
// Any text is a kubelet's summary or none, the same whatever pieces it comes in; what is taken of it is
// bounded and has names that can be names, and history takes it.
#include "scraper/stats/stats_parser.hpp"
#include "storage/names/name_limits.hpp"
#include "storage/stats/stats_history.hpp"
#include "test/fuzz/require.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace {

using storage::stats::Number;
using storage::stats::StatsPage;

struct Taken {
    StatsPage page;
    bool good = false;
};

Taken take(std::string_view text, std::size_t piece_size) {
    Taken taken;
    scraper::StatsParser parser{taken.page};
    bool good = true;
    for (std::size_t from = 0; good && from < text.size(); from += piece_size) {
        // Memory of its own: a view that is kept too long is found.
        const std::string piece{text.substr(from, piece_size)};
        good = parser.feed(piece);
    }
    taken.good = parser.finish();
    require(good || !taken.good, "what was given up is no page");
    return taken;
}

void check_name(const std::string& name, std::size_t most) {
    require(!name.empty() && name.size() <= most, "names are bounded");
    const bool harmless = std::none_of(name.begin(), name.end(), [](char c) {
        return c <= ' ' || c >= 0x7f || c == '/' || c == '\\' || c == '"';
    });
    require(harmless, "names are harmless");
}

std::size_t check_things(const StatsPage& page) {
    std::size_t things = page.pods.size();
    for (const auto& pod : page.pods) {
        check_name(pod.name, storage::kPodNameBytes);
        check_name(pod.name_space, storage::kNamespaceBytes);
        require(pod.started >= 0 && pod.network.at >= 0, "times are not before the epoch");
        for (const auto& container : pod.containers) check_name(container.name, storage::kContainerNameBytes);
        for (const auto& volume : pod.volumes) check_name(volume.name, storage::kContainerNameBytes);
        things += pod.containers.size() + pod.volumes.size();
    }
    return things;
}

std::string fingerprint(const StatsPage& page) {
    const auto shown = [](const Number& number) { return number ? std::to_string(*number) + " " : "- "; };
    std::string text = shown(page.node.network.rx_bytes) + shown(page.node.filesystem.used) +
                       std::to_string(page.bad_fields) + " " + std::to_string(page.bad_things);
    for (const auto& pod : page.pods) {
        text += "\n" + pod.name_space + "/" + pod.name + shown(pod.network.rx_bytes) + shown(pod.memory.rss);
        for (const auto& each : pod.containers) text += " " + each.name + shown(each.memory.page_faults);
        for (const auto& each : pod.volumes)
            text += " " + each.name + each.claim + shown(each.filesystem.used);
    }
    return text;
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text{reinterpret_cast<const char*>(data), size};
    const Taken whole = take(text, std::max<std::size_t>(size, 1));
    for (const std::size_t piece : {1U, 7U}) {
        const Taken parts = take(text, piece);
        require(parts.good == whole.good, "pieces do not change what is a page");
        require(!whole.good || fingerprint(parts.page) == fingerprint(whole.page), "nor what it tells");
    }
    require(check_things(whole.page) <= scraper::StatsParser::kMostThings, "things are bounded");
    if (nlohmann::json::accept(text) && whole.good)
        require(nlohmann::json::parse(text).is_object(), "a page is an object");
    if (!whole.good) return 0;
    storage::stats::StatsOptions options;
    options.memory = 1024 * 1024;
    storage::stats::StatsHistory history{options};
    const auto anybody = [](std::string_view, std::string_view) { return true; };
    for (const storage::stats::Seconds now : {1'795'408'260, 1'795'408'330, 1'795'408'320})
        history.commit("n1", whole.page, now, anybody);
    require(history.reach().bytes <= options.memory, "memory is bounded");
    return 0;
}
