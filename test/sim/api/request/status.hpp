// SPDX-License-Identifier: Apache-2.0
// Refusals as API servers write them: objects of kind Status.
#pragma once

#include "net/http/message.hpp"
#include "test/sim/api/objects/object.hpp"

#include <string>

namespace sim {

struct Status {
    unsigned code = 500;
    // "NotFound"; may be empty.
    std::string reason;
    std::string message;
    // Of the details; may be empty.
    std::string name;
    std::string kind;
};

Status not_found(const std::string& plural, const std::string& name);
Status no_such_path();
Status bad_request(std::string message);
Status unauthorized();
Status forbidden(std::string message);
Status method_not_allowed();
Status not_acceptable();
// A version that is too old, or a continue token.
Status expired(std::string message);

std::string encode_status(const Status& status, Encoding encoding);
net::Response status_response(const Status& status, Encoding encoding = Encoding::json);
net::Response json_response(std::string body, unsigned status = 200);

}  // namespace sim
