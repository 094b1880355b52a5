// SPDX-License-Identifier: Apache-2.0
// get, list and watch of collections, as API servers answer them.
#pragma once

#include "net/http/message.hpp"
#include "test/sim/api/request/negotiation.hpp"
#include "test/sim/api/request/status.hpp"
#include "test/sim/api/request/url.hpp"
#include "test/sim/api/resources/collection.hpp"

#include <optional>
#include <string>

namespace sim {

// One object, or all of a namespace or of the cluster.
struct ResourceRequest {
    // Empty: all.
    std::string name_space;
    // Empty: a list or a watch.
    std::string name;
    Query query;
    std::string accept;
    Spoken spoken = Spoken::protobuf_and_json;
};

// The collection must outlive the response's body.
net::Response get_resource(Collection& collection, const ResourceRequest& request);

}  // namespace sim
