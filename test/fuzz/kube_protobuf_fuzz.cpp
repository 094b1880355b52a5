// SPDX-License-Identifier: Apache-2.0
// Any bytes are a list, a watch or refused, and the same whatever pieces they come in.
#include "kube/pod_network.hpp"
#include "kube/wire/decode_full.hpp"
#include "kube/wire/protobuf_stream.hpp"
#include "test/fuzz/full_objects.hpp"
#include "test/fuzz/require.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace {

constexpr std::size_t kLongest = 256;

// Everything that a decoder gave, with its error and its verdict.
template <class Decoder>
std::vector<std::string> take(std::string_view bytes, std::size_t piece_size) {
    Decoder decoder{kLongest};
    std::vector<std::string> taken;
    for (std::size_t from = 0; from < bytes.size(); from += piece_size) {
        // Memory of its own: a view that is kept too long is found.
        const std::string piece{bytes.substr(from, piece_size)};
        std::string_view input = piece;
        for (;;) {
            const auto item = decoder.next(input);
            if (!item) {
                taken.push_back(item.error().message());
                return taken;
            }
            if (!*item) break;
            require((*item)->size() <= kLongest, "items are bounded");
            taken.emplace_back(**item);
        }
        require(input.empty(), "input is used up");
    }
    taken.push_back(decoder.finish() ? "whole" : "cut");
    return taken;
}

void decode_as_everything(std::string_view bytes) {
    kube::Node node;
    kube::Pod pod;
    pod.scrape.prefix = "a";
    (void)kube::decode(bytes, pod);
    require(pod.scrape.path.size() <= kube::ScrapeAnnotations::kValueBytes, "annotations are bounded");
    kube::PodNetwork network;
    (void)kube::decode_answer(bytes, network);
    require(network.ports.size() <= kube::PodNetwork::kMostPorts, "ports are bounded");
    (void)kube::decode_status(bytes);
    (void)kube::decode_list_meta(bytes);
    if (const auto event = kube::decode_event(bytes)) (void)kube::open_envelope(event->object);
    if (const auto envelope = kube::open_envelope(bytes)) (void)kube::decode(envelope->raw, node);
    if (!kube::decode(bytes, node)) node.labels.clear();
    for (std::size_t i = 1; i < node.labels.size(); ++i)
        require(node.labels[i - 1].first < node.labels[i].first, "labels are sorted and each key comes once");
    kube::FullPod whole_pod;
    // It reads what the other read: a broken annotation is a broken pod only where annotations are read.
    whole_pod.scrape.prefix = "a";
    kube::FullNode whole_node;
    const bool whole = kube::decode(bytes, whole_pod).has_value();
    require(!whole || kube::decode(bytes, pod).has_value(), "a whole pod is a pod");
    (void)kube::decode(bytes, whole_node);
    check_bounds(whole_pod);
    check_bounds(whole_node);
    (void)kube::failure_from_answer(500, "application/vnd.kubernetes.protobuf", bytes).text();
    (void)kube::failure_from_answer(500, "application/json", bytes).text();
}

template <class Decoder>
void check_splits(std::string_view bytes) {
    const auto whole = take<Decoder>(bytes, bytes.size() + 1);
    for (const unsigned piece_size : {1u, 3u, 50u})
        require(take<Decoder>(bytes, piece_size) == whole, "splits do not matter");
    for (const std::string& item : whole) decode_as_everything(item);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes = text_of(data, size);
    check_splits<kube::ListDecoder>(bytes);
    check_splits<kube::WatchDecoder>(bytes);
    decode_as_everything(bytes);
    return 0;
}
