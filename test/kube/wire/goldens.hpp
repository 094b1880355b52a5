// SPDX-License-Identifier: Apache-2.0
// Messages worked out by hand from the field numbers of generated.proto; not made by bytes.hpp's writer.
#pragma once

namespace kube::test {

// A pod as Go writes it: empty scalars included.
inline constexpr const char* kWebPod =
    "0a40 0a05'web-0' 1200 1a04'shop' 2200 2a02'u7' 3203'811' 3800 4208 08ce958cd806 1000"
    " 5a0a 0a03'app' 1203'web' 5a0c 0a04'tier' 1204'back'";

// Empty fields left out.
inline constexpr const char* kDbPod = "0a0f 0a02'db' 1a04'shop' 3203'812'";

// PartialObjectMetadataList of both, with a continue token and remainingItemCount.
inline constexpr const char* kPodList =
    "6b387300 0a2b 0a0e'meta.k8s.io/v1' 1219'PartialObjectMetadataList'"
    " 1266 0a0d 0a00 1203'900' 1a02'c1' 2001"
    " 1242 0a40 0a05'web-0' 1200 1a04'shop' 2200 2a02'u7' 3203'811' 3800 4208 08ce958cd806 1000"
    "      5a0a 0a03'app' 1203'web' 5a0c 0a04'tier' 1204'back'"
    " 1211 0a0f 0a02'db' 1a04'shop' 3203'812'"
    " 1a00 2200";

// Unschedulable, ready, kubelet on 10250, with the annotation for the path.
inline constexpr const char* kNode =
    "0a49 0a02'n1' 2a02'u1' 3202'42' 5a09 0a04'zone' 1201'a'"
    "     6230 0a24'metrics.k8s.io/resource-metrics-path' 1208'/stats/x'"
    " 1202 2001"
    " 1a59 2217 0a0e'MemoryPressure' 1205'False' 220f 0a05'Ready' 1204'True' 1a00"
    "      2a16 0a0a'InternalIP' 1208'10.0.0.7' 2a0e 0a08'Hostname' 1202'n1'"
    "      3205 0a03 088a50";

// A watch of two frames: ADDED of the pod db, then the bookmark 901.
inline constexpr const char* kPodWatch =
    "0000004f 0a05'ADDED' 1246 0a44 6b387300 0a27 0a0e'meta.k8s.io/v1' 1215'PartialObjectMetadata'"
    "         1211 0a0f 0a02'db' 1a04'shop' 3203'812' 1a00 2200"
    "0000004a 0a08'BOOKMARK' 123e 0a3c 6b387300 0a27 0a0e'meta.k8s.io/v1' 1215'PartialObjectMetadata'"
    "         1209 0a07 3203'901' 3800 1a00 2200";

}  // namespace kube::test
