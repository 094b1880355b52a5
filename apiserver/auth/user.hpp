// SPDX-License-Identifier: Apache-2.0
// Who asks (k8s.io/apiserver, pkg/authentication/user).
#pragma once

#include <algorithm>
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
    // The network that the request came from, of a client that showed nothing. It is no part of a review; it
    // tells strangers apart.
    std::string network{};

    bool is_in(std::string_view group) const {
        return std::find(groups.begin(), groups.end(), group) != groups.end();
    }
    // Puts whoever showed who it is into system:authenticated, once.
    void add_authenticated_group() {
        if (name != kAnonymous && !is_in(kAuthenticatedGroup) && !is_in(kUnauthenticatedGroup))
            groups.emplace_back(kAuthenticatedGroup);
    }
};

}  // namespace apiserver
