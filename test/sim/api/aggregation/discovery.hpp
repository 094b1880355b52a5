// SPDX-License-Identifier: Apache-2.0
// The documents that tell clients what the API server serves: plain, and aggregated as clients since 1.27 ask
// for.
#pragma once

#include "net/http/message.hpp"
#include "test/sim/api/resources/collection.hpp"

#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

namespace sim {

// A version of an aggregated group, as the aggregator knows it.
struct AggregatedVersion {
    std::string name;
    // Its entry in aggregated discovery ({"version":...,"resources":[...]}); null: it could not be fetched.
    nlohmann::ordered_json entry;
};

struct AggregatedGroup {
    std::string name;
    // The preferred one first. Empty: the group is not registered.
    std::vector<AggregatedVersion> versions;
};

// `form` is aggregated_discovery() of the request's Accept.
net::Response api_document(std::string_view form, const std::vector<const Collection*>& core);
net::Response apis_document(std::string_view form, const AggregatedGroup& aggregated);
// /apis/<group>; 404 for others.
net::Response group_document(std::string_view group, const AggregatedGroup& aggregated);
// /api/v1, and /apis/<group>/v1 of the groups that hold reviews; 404 for others.
net::Response core_resources_document(const std::vector<const Collection*>& core);
net::Response review_resources_document(std::string_view group, std::string_view version);
net::Response version_document();

}  // namespace sim
