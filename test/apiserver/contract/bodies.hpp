// SPDX-License-Identifier: Apache-2.0
// The objects of Cluster::fill() in the forms that they are sent in. The first in protobuf was taken from
// metrics-server's wire, the others follow from the contract's field table and text rules.
#pragma once

#include "test/kube/bytes.hpp"

#include <string>

namespace test {

using kube::test::golden;

// ObjectMeta from field 4 on, the time of the samples, and the ListMeta of every list.
inline const std::string kMiddle = "2200 2a00 3200 3800 4208{08ce958cd806 1000}";
inline const std::string kTime = "1208{08c6958cd806 1000}";
inline const std::string kListMeta = "0a06{0a00 1200 1a00}";

// Without what names the type: 131, 91, 164 and 107 bytes.
inline const std::string kNode1Wire =
    "0a43[0a02'n1' 1200 1a00" + kMiddle +
    "5a1c{0a16'kubernetes.io/hostname' 1202'n1'} 5a09{0a04'zone' 1201'a'}]" + kTime +
    "1a06{0880f591a525} 2213{0a03'cpu' 120c{0a0a'123458473n'}}"
    "2215{0a06'memory' 120b{0a09'1205632Ki'}}";
inline const std::string kNode2Wire = "0a1a[0a02'n2' 1200 1a00" + kMiddle + "]" + kTime +
                                      "1a06{0880c8afa025} 220c{0a03'cpu' 1205{0a03'60m'}}"
                                      "220f{0a06'memory' 1205{0a03'1Mi'}} 220c{0a04'swap' 1204{0a02'1k'}}";
inline const std::string kWebWire =
    "0a30[0a05'web-0' 1200 1a07'default'" + kMiddle + "5a0a{0a03'app' 1203'web'}]" + kTime +
    "1a06{0880b5c1f137}"
    "2238{0a03'app' 120e{0a03'cpu' 1207{0a05'1500m'}}"
    "1214{0a06'memory' 120a{0a08'52428801'}} 120b{0a04'swap' 1203{0a01'0'}}}"
    "2224{0a05'proxy' 120a{0a03'cpu' 1203{0a01'0'}} 120f{0a06'memory' 1205{0a03'2Ki'}}}";
inline const std::string kDnsWire = "0a32[0a03'dns' 1200 1a0b'kube-system'" + kMiddle +
                                    "5a0a{0a03'app' 1203'dns'}]" + kTime +
                                    "1a06{0880c8afa025}"
                                    "2223{0a03'dns' 120b{0a03'cpu' 1204{0a02'1m'}}"
                                    "120f{0a06'memory' 1205{0a03'1Ki'}}}";

// Of v1beta1, in protobuf.
inline const std::string kNodeWireType = "6b387300 0a25{0a16'metrics.k8s.io/v1beta1' 120b'NodeMetrics'}";
inline const std::string kPodWireType = "6b387300 0a24{0a16'metrics.k8s.io/v1beta1' 120a'PodMetrics'}";
inline const std::string kNodesWireType = "6b387300 0a29{0a16'metrics.k8s.io/v1beta1' 120f'NodeMetricsList'}";
inline const std::string kPodsWireType = "6b387300 0a28{0a16'metrics.k8s.io/v1beta1' 120e'PodMetricsList'}";
inline const std::string kEnd = "1a00 2200";

// In JSON, without the opening brace.
inline const std::string kNode1Meta =
    R"({"name":"n1","creationTimestamp":"2026-11-22T15:31:26Z","labels":{"kubernetes.io/hostname":"n1","zone":"a"}})";
inline const std::string kNode2Meta = R"({"name":"n2","creationTimestamp":"2026-11-22T15:31:26Z"})";
inline const std::string kWebMeta =
    R"({"name":"web-0","namespace":"default","creationTimestamp":"2026-11-22T15:31:26Z","labels":{"app":"web"}})";
inline const std::string kDnsMeta =
    R"({"name":"dns","namespace":"kube-system","creationTimestamp":"2026-11-22T15:31:26Z","labels":{"app":"dns"}})";
inline const std::string kNode1Json =
    R"("metadata":)" + kNode1Meta +
    R"(,"timestamp":"2026-11-22T15:31:18Z","window":"10.01s","usage":{"cpu":"123458473n","memory":"1205632Ki"}})";
inline const std::string kNode2Json =
    R"("metadata":)" + kNode2Meta +
    R"(,"timestamp":"2026-11-22T15:31:18Z","window":"10s","usage":{"cpu":"60m","memory":"1Mi","swap":"1k"}})";
inline const std::string kWebJson =
    R"("metadata":)" + kWebMeta +
    R"(,"timestamp":"2026-11-22T15:31:18Z","window":"15.002s","containers":[)"
    R"({"name":"app","usage":{"cpu":"1500m","memory":"52428801","swap":"0"}},)"
    R"({"name":"proxy","usage":{"cpu":"0","memory":"2Ki"}}]})";
inline const std::string kDnsJson = R"("metadata":)" + kDnsMeta +
                                    R"(,"timestamp":"2026-11-22T15:31:18Z","window":"10s","containers":[)"
                                    R"({"name":"dns","usage":{"cpu":"1m","memory":"1Ki"}}]})";

// The begin of a document of v1beta1 in JSON, up to the comma.
inline std::string json_head(const std::string& kind) {
    return R"({"kind":")" + kind + R"(","apiVersion":"metrics.k8s.io/v1beta1",)";
}
inline std::string json_list(const std::string& kind, const std::string& items) {
    return json_head(kind) + R"("metadata":{},"items":[)" + items + "]}\n";
}

// The columns of a Table that begins with a row without swap, and of one that begins with one that has it.
inline const std::string kNameColumn =
    R"({"name":"Name","type":"string","format":"name","description":"Name of the resource","priority":0},)"
    R"({"name":"cpu","type":"string","format":"quantity","description":"","priority":0},)"
    R"({"name":"memory","type":"string","format":"quantity","description":"","priority":0},)";
inline const std::string kWindowColumn =
    R"({"name":"Window","type":"string","format":"duration","description":"","priority":0})";
inline const std::string kTableHead =
    R"({"kind":"Table","apiVersion":"meta.k8s.io/v1","metadata":{},"columnDefinitions":[)" + kNameColumn;
inline const std::string kTwoColumns = kTableHead + kWindowColumn + R"(],"rows":[)";
inline const std::string kThreeColumns =
    kTableHead + R"({"name":"swap","type":"string","format":"quantity","description":"","priority":0},)" +
    kWindowColumn + R"(],"rows":[)";

inline std::string partial_object(const std::string& metadata) {
    return R"({"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/v1","metadata":)" + metadata + "}";
}
inline std::string table_row(const std::string& cells, const std::string& object) {
    return R"({"cells":[)" + cells + R"(],"object":)" + object + "}";
}

}  // namespace test
