// SPDX-License-Identifier: Apache-2.0
// How kube-aggregator passes a request on to the server behind an APIService (handler_proxy.go).
#pragma once

#include "net/http/message.hpp"
#include "test/sim/api/request/identity.hpp"
#include "test/sim/api/request/url.hpp"

#include <string>
#include <string_view>

namespace sim {

// The request as it is sent on: path escaped anew, query sorted, the user in X-Remote-*, what was hop-by-hop
// or identified the client gone. `audit_id` is used when the client sent none.
net::Request proxied_request(const net::Request& from, const Url& url, const User& user,
                             const std::string& audit_id);

// Takes the connection's own fields, and Access-Control-Allow-*, from an answer that came back.
net::Headers proxied_answer(const net::Headers& from);

}  // namespace sim
