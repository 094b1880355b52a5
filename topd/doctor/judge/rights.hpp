// SPDX-License-Identifier: Apache-2.0
// What the daemon must be allowed (RBAC), asked of the API server by SelfSubjectAccessReview.
#pragma once

#include "topd/doctor/ask/api_reader.hpp"
#include "topd/doctor/judge/finding.hpp"
#include "topd/flags/flags.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace topd::doctor {

// Which of the daemon's configurations asks: --kubeconfig, --authentication-kubeconfig or
// --authorization-kubeconfig.
enum class Asker { cluster, authentication, authorization };

struct Right {
    // The id of the finding when the right is missing.
    std::string_view id;
    Asker asker;
    std::string_view verb;
    std::string_view group;
    std::string_view resource;
    std::string_view subresource = {};
    std::string_view name_space = {};
    std::string_view name = {};
};

// Those that the daemon needs with these flags.
std::vector<Right> needed_rights(const Flags& flags);

inline constexpr const char* kSelfAccessPath = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
std::string self_access_review(const Right& right);

struct AskedRight {
    Right right;
    Answer review;
};
// Whether rights of that id were asked for, and all of them are granted.
bool is_granted(const std::vector<AskedRight>& asked, std::string_view id);
// `who`: as the API server calls us; may be empty.
Check judge_rights(const std::vector<AskedRight>& asked, const std::string& who);

}  // namespace topd::doctor
