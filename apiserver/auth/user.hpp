// SPDX-License-Identifier: Apache-2.0
// Who asks (k8s.io/apiserver, pkg/authentication/user).
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace apiserver {

inline constexpr std::string_view kAnonymous = "system:anonymous";
inline constexpr std::string_view kAuthenticatedGroup = "system:authenticated";
inline constexpr std::string_view kUnauthenticatedGroup = "system:unauthenticated";
// May do everything.
inline constexpr std::string_view kMastersGroup = "system:masters";

struct User {
    std::string name;
    std::string uid;
    std::vector<std::string> groups;
    std::map<std::string, std::vector<std::string>> extra;
    // Of who showed nothing: the network that the request came from. Not asked about; it tells strangers
    // apart.
    std::string network{};
};

}  // namespace apiserver
