// SPDX-License-Identifier: Apache-2.0
// A MetricValueList in JSON and in protobuf, to the byte as k8s.io/metrics' Go types write it
// (pkg/apis/custom_metrics). v1beta1 and v1beta2 differ in names and in where the selector stands.
#pragma once

#include "apiserver/groups/custom_metrics/series_selector.hpp"
#include "storage/applications/figure.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace apiserver {

struct DescribedObject {
    std::string kind;
    std::string name_space;
    std::string name;
    std::string api_version;
};

struct MetricValue {
    DescribedObject object;
    storage::applications::Figure figure;
};

struct MetricValues {
    // One of kCustomMetricsVersions.
    std::string_view version;
    std::string_view metric;
    const SeriesSelector& selector;
    std::vector<MetricValue> items;
};

// Compact, without a line end.
std::string to_json(const MetricValues& values);
// With magic number and envelope.
std::string to_protobuf(const MetricValues& values);

}  // namespace apiserver
