// SPDX-License-Identifier: Apache-2.0
// The token in an Authorization field (k8s.io/apiserver, pkg/authentication/request/bearertoken).
#pragma once

#include <string_view>

namespace apiserver {

// The token; empty: there is none.
std::string_view bearer_token(std::string_view authorization);

// Whether there would be a token, but for a second space before it.
bool is_token_misplaced(std::string_view authorization);

}  // namespace apiserver
