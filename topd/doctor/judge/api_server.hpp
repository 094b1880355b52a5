// SPDX-License-Identifier: Apache-2.0
// The API server: can it be reached, is it the right one, and who are we to it?
#pragma once

#include "topd/doctor/ask/api_reader.hpp"
#include "topd/doctor/judge/finding.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace topd::doctor {

struct ApiServerSeen {
    std::string server;
    // The flag and file that our credentials come from.
    std::string credentials;
    // GET /version
    Answer version;
    // POST SelfSubjectReview
    Answer review;
    std::optional<std::chrono::seconds> clock_ahead;
};
Check judge_api_server(const ApiServerSeen& seen);

inline constexpr const char* kSelfReviewPath = "/apis/authentication.k8s.io/v1/selfsubjectreviews";
inline constexpr const char* kSelfReview =
    R"({"apiVersion":"authentication.k8s.io/v1","kind":"SelfSubjectReview"})";
// status.userInfo.username; empty: not known.
std::string reviewed_name(const Answer& review);

// More than this between two clocks is worth a word.
inline constexpr std::chrono::seconds kClockTolerance{10};

}  // namespace topd::doctor
