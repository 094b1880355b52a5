// SPDX-License-Identifier: Apache-2.0
// What of metrics.k8s.io a request wants. "All of them" and "this one" are types of their own: no text, also
// not an empty one, can be taken for the other. A name is never empty.
#pragma once

#include <string>
#include <string_view>
#include <variant>

namespace apiserver {

struct AllNodes {
    bool operator==(const AllNodes&) const = default;
};
struct OneNode {
    std::string name;
};
// The pods of all namespaces.
struct AllPods {
    bool operator==(const AllPods&) const = default;
};
struct PodsOf {
    std::string name_space;
    bool operator==(const PodsOf&) const = default;
};
struct OnePod {
    std::string name_space;
    std::string name;
};

// `version` is one of the group's, which last as long as the program.
struct MetricsList {
    std::string_view version;
    std::variant<AllNodes, AllPods, PodsOf> of;
    bool operator==(const MetricsList&) const = default;
};
struct MetricsObject {
    std::string_view version;
    std::variant<OneNode, OnePod> of;
};

}  // namespace apiserver
