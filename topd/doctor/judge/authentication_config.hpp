// SPDX-License-Identifier: Apache-2.0
// The ConfigMap kube-system/extension-apiserver-authentication: whose front proxy and whose clients are
// trusted (k8s.io/apiserver, pkg/server/options/authentication_dynamic_request_header.go).
#pragma once

#include "topd/doctor/ask/api_reader.hpp"
#include "topd/doctor/judge/finding.hpp"
#include "topd/flags/flags.hpp"

#include <chrono>

namespace topd::doctor {

inline constexpr const char* kAuthenticationConfigPath =
    "/api/v1/namespaces/kube-system/configmaps/extension-apiserver-authentication";

// Flags that say the same make the ConfigMap's keys unimportant.
Check judge_authentication_config(const Answer& config_map, const Flags& flags,
                                  std::chrono::system_clock::time_point now);

}  // namespace topd::doctor
