// SPDX-License-Identifier: Apache-2.0
// What decoding the pod list of a large cluster costs: 150,000 pods of 2.3 kB, in the pieces that a socket
// gives.
#include "kube/json/decode.hpp"
#include "kube/json/stream.hpp"
#include "kube/wire/decode.hpp"
#include "kube/wire/protobuf_stream.hpp"
#include "test/kube/bytes.hpp"

#include <cstdio>
#include <string>

#include <sys/resource.h>

namespace {

using namespace kube::test;

constexpr std::size_t kPods = 150'000;
constexpr std::size_t kPodsInBlock = 500;
constexpr std::size_t kPieceSize = 16 * 1024;

std::string labels() {
    return entry(11, "app.kubernetes.io/instance", "checkout-prod") +
           entry(11, "app.kubernetes.io/name", "checkout") +
           entry(11, "app.kubernetes.io/managed-by", "Helm") + entry(11, "pod-template-hash", "6d4b75cb6d") +
           entry(11, "topology.kubernetes.io/zone", "eu-west-1a");
}

// As the API server sends PartialObjectMetadata: more than half of it is managedFields.
std::string pod_of_2300_bytes(std::size_t i) {
    const std::string number = std::to_string(100'000 + i);
    const std::string metadata =
        bytes(1, "checkout-6d4b75cb6d-" + number) + bytes(2, "checkout-6d4b75cb6d-") +
        bytes(3, "shop-" + number) + bytes(4, "") + bytes(5, "0a4b1a4e-6f5a-4f5e-9d53-8b1f6b" + number) +
        bytes(6, "91" + number) + kube::test::number(7, 0) +
        bytes(8, kube::test::number(1, 1'690'000'000) + kube::test::number(2, 0)) + labels() +
        entry(12, "checksum/config", std::string(64, 'c')) + entry(12, "prometheus.io/scrape", "true") +
        bytes(13, bytes(1, "ReplicaSet") + bytes(3, "checkout-6d4b75cb6d") + bytes(4, std::string(36, 'u')) +
                      bytes(5, "apps/v1"));
    const std::string managed = bytes(17, bytes(1, "kubelet") + bytes(2, "Update") +
                                              bytes(7, std::string(2'300 - metadata.size() - 40, 'f')));
    return bytes(1, metadata + managed);
}

double cpu_seconds() {
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    return static_cast<double>(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
           static_cast<double>(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

long peak_kib() {
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    return used.ru_maxrss;
}

// The same pod, spelled out.
std::string json_pod(std::size_t i) {
    const std::string number = std::to_string(100'000 + i);
    std::string pod =
        R"({"metadata":{"name":"checkout-6d4b75cb6d-)" + number +
        R"(","generateName":"checkout-6d4b75cb6d-","namespace":"shop-)" + number +
        R"(","uid":"0a4b1a4e-6f5a-4f5e-9d53-8b1f6b)" + number + R"(","resourceVersion":"91)" + number +
        R"(","creationTimestamp":"2023-07-22T04:26:40Z","labels":{)" +
        R"("app.kubernetes.io/instance":"checkout-prod","app.kubernetes.io/managed-by":"Helm",)" +
        R"("app.kubernetes.io/name":"checkout","pod-template-hash":"6d4b75cb6d",)" +
        R"("topology.kubernetes.io/zone":"eu-west-1a"},"annotations":{"checksum/config":")" +
        std::string(64, 'c') + R"(","prometheus.io/scrape":"true"},"ownerReferences":[)" +
        R"({"apiVersion":"apps/v1","kind":"ReplicaSet","name":"checkout-6d4b75cb6d","uid":")" +
        std::string(36, 'u') + R"("}],"managedFields":[{"manager":"kubelet","fieldsV1":{)";
    while (pod.size() < 2'350) pod += R"("f:field":{".":{},"f:name":{}},)";
    return pod + R"("f:last":{}}}]}})";
}

void decode_pod(const kube::ListDecoder&, std::string_view bytes, kube::Pod& pod) {
    kube::decode(bytes, pod).value();
}
void decode_pod(const kube::JsonListReader&, std::string_view bytes, kube::Pod& pod) {
    kube::decode_json(bytes, pod).value();
}

template <class ListReader>
struct Reader {
    void feed(std::string_view bytes) {
        for (std::size_t from = 0; from < bytes.size(); from += kPieceSize) {
            std::string_view piece = bytes.substr(from, kPieceSize);
            while (const auto item = reader.next(piece).value()) {
                decode_pod(reader, *item, pod);
                labels += pod.labels.size();
                ++pods;
            }
        }
        fed += bytes.size();
    }

    ListReader reader;
    kube::Pod pod;
    std::size_t pods = 0;
    std::size_t labels = 0;
    std::size_t fed = 0;
};

// `block` as often as it takes, between `head` and `tail`.
template <class ListReader>
bool measure(const char* encoding, const std::string& head, const std::string& block,
             const std::string& tail) {
    Reader<ListReader> reader;
    const long before = peak_kib();
    const double start = cpu_seconds();
    reader.feed(head);
    for (std::size_t i = 0; i < kPods / kPodsInBlock; ++i) reader.feed(block);
    reader.feed(tail);
    const double taken = cpu_seconds() - start;
    std::printf(
        "%s: pods=%zu labels=%zu bytes=%.1fMB cpu=%.3fs (%.2f us a pod) peak=%ldKiB (of it for decoding: "
        "%ldKiB)\n",
        encoding, reader.pods, reader.labels, static_cast<double>(reader.fed) / 1e6, taken,
        taken / kPods * 1e6, peak_kib(), peak_kib() - before);
    return reader.reader.finish() && reader.pods >= kPods;
}

bool measure_protobuf() {
    std::string block;
    for (std::size_t i = 0; i < kPodsInBlock; ++i) block += bytes(2, pod_of_2300_bytes(i));
    const std::string meta = list_meta("900", "");
    const std::size_t raw_size = meta.size() + kPods / kPodsInBlock * block.size();
    const std::string head = std::string{kube::kMagic} + bytes(1, bytes(2, "PartialObjectMetadataList")) +
                             "\x12" + varint(raw_size) + meta;
    return measure<kube::ListDecoder>("protobuf", head, block, "");
}

bool measure_json() {
    std::string block;
    for (std::size_t i = 0; i < kPodsInBlock; ++i) block += json_pod(i) + ",";
    const std::string head = R"({"kind":"PodList","metadata":{"resourceVersion":"900"},"items":[)";
    // One more pod: JSON has no comma after the last.
    return measure<kube::JsonListReader>("json", head, block, json_pod(0) + "]}");
}

}  // namespace

int main() {
    return measure_protobuf() && measure_json() ? 0 : 1;
}
