// SPDX-License-Identifier: Apache-2.0
// The Status object that tells a client what went wrong (k8s.io/apimachinery, pkg/api/errors).
#pragma once

#include "apiserver/auth/user.hpp"
#include "apiserver/request/request_info.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace apiserver {

struct Cause {
    std::string reason;
    std::string message;
    std::string field;
};

struct StatusDetails {
    std::string name;
    std::string group;
    std::string kind;
    std::vector<Cause> causes;
    int retry_after_seconds = 0;
};

struct Status {
    unsigned code = 0;
    std::string message;
    std::string reason;
    std::optional<StatusDetails> details;
};

// Compact, without a line end.
std::string to_json(const Status& status);
// With magic number and envelope.
std::string to_protobuf(const Status& status);

Status bad_request(std::string message);
Status unauthorized();
// Why `user` may not do what `info` says; `reason` is the authorizer's, possibly empty.
Status forbidden(const User& user, const RequestInfo& info, std::string_view reason);
// The watches do not show such an object: `node "n" not found`.
Status unknown_object(std::string_view kind, std::string_view name);
// The object is there, its figures are not: `nodemetrics.metrics.k8s.io "n" not found`.
Status no_metrics(std::string_view kind, std::string_view name);
Status unknown_path();
Status method_not_allowed();
Status watch_not_supported(std::string_view resource);
// No media type of Accept is one of ours. `available`: as a list with commas.
Status not_acceptable(std::string_view available);
// The types are, the rest of each clause is not.
Status no_acceptable_clause(std::string_view available);
// The object has no such form.
Status not_convertible(std::string message);
Status invalid_list_options(std::vector<Cause> causes);
Status not_ready();
Status too_many_requests();
Status shutting_down();

}  // namespace apiserver
