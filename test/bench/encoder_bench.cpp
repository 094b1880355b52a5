// SPDX-License-Identifier: Apache-2.0
// What a pod costs in a list: the walk alone, and the walk with the encoding.
#include "apiserver/encode/json.hpp"
#include "apiserver/encode/protobuf.hpp"
#include "apiserver/groups/metrics/route.hpp"
#include "apiserver/list/answer.hpp"
#include "apiserver/representation/piece_size.hpp"
#include "test/bench/counter.hpp"

#include <cstdio>
#include <memory>
#include <string>

namespace {

constexpr int kNodes = 1000;
constexpr int kPodsPerNode = 30;
constexpr storage::Nanos kSecond = 1'000'000'000;

storage::PageRow row(std::string_view pod, std::string_view container, int seed, int round) {
    storage::PageRow out;
    out.name_space = pod.empty() ? "" : "team-a";
    out.pod = pod;
    out.container = container;
    const storage::Nanos at = (1'795'361'478 + 15 * round) * kSecond + seed % 1000 * 1'000'000;
    out.cpu = storage::Reading{
        static_cast<std::uint64_t>(seed) * 1'234'567u + static_cast<std::uint64_t>(round) * 3'456'789'123u,
        at};
    out.memory = storage::Reading{52'428'800u + static_cast<std::uint64_t>(seed) * 4096u, at};
    return out;
}

void fill(storage::Store& store) {
    int seed = 0;
    for (int n = 0; n < kNodes; ++n) {
        const std::string node = "node-" + std::to_string(n);
        store.put_node(node, {{"kubernetes.io/hostname", node}});
        std::vector<std::string> pods;
        for (int p = 0; p < kPodsPerNode; ++p) {
            const std::string set = "web-" + std::to_string(seed / 10);
            pods.push_back(set + "-5d8f7b9c4-" + std::to_string(10'000 + seed));
            store.put_pod(
                "team-a", pods.back(),
                {{"app", set}, {"app.kubernetes.io/part-of", "shop"}, {"pod-template-hash", "5d8f7b9c4"}});
            ++seed;
        }
        for (int round = 0; round < 2; ++round) {
            storage::NodePage page;
            page.node = row("", "", n, round);
            for (int p = 0; p < kPodsPerNode; ++p)
                page.containers.push_back(row(pods[static_cast<std::size_t>(p)], "app", n * 31 + p, round));
            store.commit(node, page, storage::Monotonic{});
        }
    }
}

template <class Encoder>
std::size_t list(const storage::Store& store, apiserver::EncodedLabels& labels, const char* selector) {
    apiserver::RowStyle style{apiserver::kPods.kind, apiserver::kPods.list_kind, "metrics.k8s.io/v1beta1",
                              1'795'361'486, true};
    apiserver::ListScope scope;
    scope.of = apiserver::AllPods{};
    scope.labels = *apiserver::LabelSelector::parse(selector);
    apiserver::ListWalk walk{store, scope, std::make_unique<Encoder>(store, labels, style),
                             [] { return storage::Monotonic{}; }};
    std::string piece;
    std::size_t bytes = 0;
    for (bool more = true; more; piece.clear()) {
        more = walk.advance(piece, apiserver::kPieceBytes);
        bytes += piece.size();
    }
    return bytes;
}

}  // namespace

int main() {
    storage::Store store{storage::StoreOptions{}};
    fill(store);
    apiserver::EncodedLabels json{apiserver::encode_labels_json};
    apiserver::EncodedLabels protobuf{apiserver::encode_labels_protobuf};
    constexpr int kRounds = 20;
    constexpr double kPods = kNodes * kPodsPerNode;
    const auto walk = [&] {
        std::size_t rows = 0;
        store.walk_pods({}, {}, storage::Monotonic{}, [&](const storage::PodView&) { return ++rows > 0; });
    };
    bench::measure("walk only", "pod", kPods, kRounds, walk);
    std::size_t json_bytes = 0, protobuf_bytes = 0;
    const auto in_json = [&] { json_bytes = list<apiserver::JsonEncoder>(store, json, ""); };
    const auto in_protobuf = [&] { protobuf_bytes = list<apiserver::ProtobufEncoder>(store, protobuf, ""); };
    const auto few = [&] { list<apiserver::ProtobufEncoder>(store, protobuf, "app=web-7"); };
    bench::measure("list in JSON", "pod", kPods, kRounds, in_json);
    bench::measure("list in protobuf", "pod", kPods, kRounds, in_protobuf);
    bench::measure("list in protobuf, selector of few", "pod", kPods, kRounds, few);
    if (bench::under_callgrind()) return 0;
    std::printf("bytes a pod: %.0f in JSON, %.0f in protobuf\n", static_cast<double>(json_bytes) / kPods,
                static_cast<double>(protobuf_bytes) / kPods);
}
