// SPDX-License-Identifier: Apache-2.0
// Lists asked for with a query string, and what a client is told.
#pragma once

#include "test/apiserver/contract/bodies.hpp"
#include "test/apiserver/contract/told.hpp"

#include <catch2/catch.hpp>

namespace test {

inline const std::string kPods = kMetrics + "/pods?";
inline const std::string kNodes = kMetrics + "/nodes?";

inline std::string pods(const std::string& items) {
    return kOkJson + json_list("PodMetricsList", items);
}
inline const std::string kWeb = pods("{" + kWebJson);

inline std::string bad_request(const std::string& message) {
    return refused(400, R"("message":")" + message + R"(","reason":"BadRequest","code":400})");
}

inline const std::string kUnknownField =
    R"( is not a known field selector: only \"metadata.name\", \"metadata.namespace\")";

inline void check(Cluster& cluster, const std::string& target, const std::string& expected) {
    CAPTURE(target);
    CHECK(told(cluster.get(target)) == expected);
}

}  // namespace test
