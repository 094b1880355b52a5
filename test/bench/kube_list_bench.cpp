// SPDX-License-Identifier: Apache-2.0
// What decoding the pod list of a large cluster costs: 150,000 pods of 2.3 kB, in the pieces that a socket
// gives.
#include "kube/decode.hpp"
#include "kube/protobuf_stream.hpp"
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

struct Reader {
    void feed(std::string_view bytes) {
        for (std::size_t from = 0; from < bytes.size(); from += kPieceSize) {
            std::string_view piece = bytes.substr(from, kPieceSize);
            while (const auto item = decoder.next(piece).value()) {
                kube::decode(*item, pod).value();
                labels += pod.labels.size();
                ++pods;
            }
        }
    }

    kube::ListDecoder decoder;
    kube::Pod pod;
    std::size_t pods = 0;
    std::size_t labels = 0;
};

}  // namespace

int main() {
    std::string block;
    for (std::size_t i = 0; i < kPodsInBlock; ++i) block += bytes(2, pod_of_2300_bytes(i));
    const std::string meta = list_meta("900", "");
    const std::size_t blocks = kPods / kPodsInBlock;
    const std::size_t raw_size = meta.size() + blocks * block.size();
    const std::string head = std::string{kube::kMagic} + bytes(1, bytes(2, "PartialObjectMetadataList")) +
                             "\x12" + varint(raw_size) + meta;

    Reader reader;
    const long before = peak_kib();
    const double start = cpu_seconds();
    reader.feed(head);
    for (std::size_t i = 0; i < blocks; ++i) reader.feed(block);
    const double taken = cpu_seconds() - start;
    if (!reader.decoder.finish() || reader.pods != kPods) return 1;
    std::printf(
        "pods=%zu labels=%zu bytes=%.1fMB cpu=%.3fs (%.2f us a pod) peak=%ldKiB (of it for decoding: "
        "%ldKiB)\n",
        reader.pods, reader.labels, static_cast<double>(raw_size) / 1e6, taken, taken / kPods * 1e6,
        peak_kib(), peak_kib() - before);
    return 0;
}
