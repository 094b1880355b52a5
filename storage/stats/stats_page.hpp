// SPDX-License-Identifier: Apache-2.0
// One page of a kubelet's /stats/summary as values: the parser fills it, history keeps it.
// Source of the fields: k8s.io/kubelet/pkg/apis/stats/v1alpha1/types.go.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace storage::stats {

// Unix time, by the kubelet's clock where a page tells it. 0: not told.
using Seconds = std::int64_t;

// nullopt: not told, or not readable.
using Number = std::optional<std::uint64_t>;

// Counters of bytes and of errors: of a pod over all its interfaces, of a node on its default interface (over
// all, where the kubelet names no default).
struct Network {
    Seconds at = 0;
    Number rx_bytes;
    Number tx_bytes;
    Number rx_errors;
    Number tx_errors;
};

// Bytes, and counters of page faults.
struct Memory {
    Seconds at = 0;
    // With caches.
    Number usage;
    Number rss;
    Number page_faults;
    Number major_page_faults;
};

// Bytes and inodes.
struct Filesystem {
    Number used;
    Number capacity;
    Number available;
    Number inodes;
    Number inodes_free;
};

struct Container {
    std::string name;
    Seconds started = 0;
    // Nanoseconds of all cores since the start.
    Number cpu;
    Memory memory;
    // Bytes of its writable layer and of its logs. What else a kubelet tells of the two is of the node's
    // filesystems: StatsPage::container_filesystem and filesystem.
    Number rootfs_used;
    Number logs_used;
};

struct Volume {
    std::string name;
    // The PersistentVolumeClaim, of the pod's namespace; empty: there is none.
    std::string claim;
    Filesystem filesystem;
};

struct Pod {
    std::string name_space;
    std::string name;
    Seconds started = 0;
    Network network;
    Memory memory;
    // Bytes.
    Number ephemeral_storage_used;
    std::vector<Container> containers;
    std::vector<Volume> volumes;
};

struct Node {
    Seconds started = 0;
    Network network;
    Memory memory;
    Filesystem filesystem;
    Filesystem image_filesystem;
    // Where the containers' writable layers are: the image filesystem, unless the kubelet tells another.
    Filesystem container_filesystem;
    // "kubelet", "runtime", "pods", ...
    std::vector<Container> system_containers;
};

struct StatsPage {
    Node node;
    std::vector<Pod> pods;
    // The answer's Date; 0: it had none.
    Seconds kubelet_time = 0;
    // Left out: figures that are no numbers, and pods, containers and volumes that have no usable name, are
    // not JSON, or are too many.
    std::uint32_t bad_fields = 0;
    std::uint32_t bad_things = 0;
};

}  // namespace storage::stats
