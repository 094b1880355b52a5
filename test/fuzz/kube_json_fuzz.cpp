// SPDX-License-Identifier: Apache-2.0
// Any text is a list, a watch or refused, the same whatever pieces it comes in; and JSON's own parser agrees
// with what was found in it.
#include "kube/json/decode_full.hpp"
#include "kube/json/stream.hpp"
#include "test/fuzz/full_objects.hpp"
#include "test/fuzz/require.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

namespace {

constexpr std::size_t kLongest = 256;

struct Taken {
    std::vector<std::string> items;
    // The error, or "whole" or "cut".
    std::string end;
    bool operator==(const Taken&) const = default;
};

template <class Reader>
Taken take(std::string_view text, std::size_t piece_size) {
    Reader reader{kLongest};
    Taken taken;
    for (std::size_t from = 0; from < text.size(); from += piece_size) {
        // Memory of its own: a view that is kept too long is found.
        const std::string piece{text.substr(from, piece_size)};
        std::string_view input = piece;
        for (;;) {
            const auto item = reader.next(input);
            if (!item) {
                taken.end = item.error().message();
                return taken;
            }
            if (!*item) break;
            require((*item)->size() <= kLongest, "items are bounded");
            taken.items.emplace_back(**item);
        }
        require(input.empty(), "input is used up");
    }
    taken.end = reader.finish() ? "whole" : "cut";
    return taken;
}

void check_sorted(const kube::StringMap& map) {
    for (std::size_t i = 1; i < map.size(); ++i)
        require(map[i - 1].first < map[i].first, "maps are sorted and each key comes once");
}

void decode_as_everything(std::string_view text) {
    const bool is_json = nlohmann::json::accept(text);
    kube::Node node;
    kube::Pod pod;
    kube::ConfigMap map;
    kube::FullPod whole_pod;
    kube::FullNode whole_node;
    const bool decoded[] = {
        kube::decode_json(text, whole_pod).has_value(), kube::decode_json(text, whole_node).has_value(),
        kube::decode_json(text, node).has_value(),      kube::decode_json(text, pod).has_value(),
        kube::decode_json(text, map).has_value(),       kube::decode_json_status(text).has_value(),
        kube::decode_json_list_meta(text).has_value()};
    for (const bool good : decoded) require(!good || is_json, "what is decoded is JSON");
    require(node.kubelet_port >= 0 && node.kubelet_port <= 65535, "ports are ports");
    check_sorted(node.labels);
    check_sorted(pod.labels);
    check_sorted(whole_pod.labels);
    check_bounds(whole_pod);
    check_bounds(whole_node);
    check_sorted(map.data);
    if (const auto event = kube::decode_json_event(text)) (void)kube::decode_json(event->object, pod);
}

// A list that JSON's own parser takes has the items that it finds.
void check_items(std::string_view text, const Taken& taken) {
    const auto list = nlohmann::json::parse(text, nullptr, false);
    if (!list.is_object() || taken.end != "whole") return;
    const auto items = list.find("items");
    const std::size_t expected = items != list.end() && items->is_array() ? items->size() : 0;
    require(taken.items.size() == expected, "each item is found");
    for (std::size_t i = 0; i < expected; ++i)
        require(nlohmann::json::parse(taken.items[i]) == (*items)[i], "items are what they were");
}

template <class Reader>
Taken check_splits(std::string_view text) {
    Taken whole = take<Reader>(text, text.size() + 1);
    for (const unsigned piece_size : {1u, 3u, 50u})
        require(take<Reader>(text, piece_size) == whole, "splits do not matter");
    for (const std::string& item : whole.items) decode_as_everything(item);
    return whole;
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = text_of(data, size);
    check_items(text, check_splits<kube::JsonListReader>(text));
    (void)check_splits<kube::JsonWatchReader>(text);
    decode_as_everything(text);
    return 0;
}
