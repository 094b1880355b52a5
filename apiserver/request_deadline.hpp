// SPDX-License-Identifier: Apache-2.0
// By when a request is to be answered (k8s.io/apiserver, pkg/endpoints/filters/request_deadline.go and
// pkg/server/filters/timeout.go).
#pragma once

#include "apiserver/request/request_info.hpp"
#include "net/http/message.hpp"
#include "net/task.hpp"
#include "text/parsed.hpp"

#include <chrono>

namespace apiserver {

// `limit`, or less if ?timeout says so, after `received_at`; never for a watch. The error is the message of a
// 400.
text::Parsed<net::Deadline> request_deadline(const RequestInfo& info, const Query& query,
                                             net::Clock::time_point received_at,
                                             std::chrono::nanoseconds limit);

// 504, in the words and the odd form of Go's handler: a Status without kind and apiVersion, as text.
net::Response answer_timeout();

}  // namespace apiserver
