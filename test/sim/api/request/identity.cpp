// SPDX-License-Identifier: Apache-2.0
#include "test/sim/api/request/identity.hpp"

#include <algorithm>

namespace sim {

bool User::in_group(std::string_view group) const {
    return std::find(groups.begin(), groups.end(), group) != groups.end();
}

const User* Authenticator::user_of_token(std::string_view token) const {
    const auto it = tokens_.find(token);
    return it == tokens_.end() ? nullptr : &it->second;
}

std::optional<User> Authenticator::by_credentials(const net::Request& request) const {
    if (request.certificate && client_ca_.verify_client(request.certificate))
        return User{request.certificate.common_name(), "", request.certificate.organizations()};
    constexpr std::string_view kBearer = "Bearer ";
    const std::string_view authorization = request.headers.find("Authorization").value_or("");
    if (!authorization.starts_with(kBearer)) return std::nullopt;
    const User* user = user_of_token(authorization.substr(kBearer.size()));
    if (!user) return std::nullopt;
    return *user;
}

std::optional<User> Authenticator::authenticate(const net::Request& request) const {
    auto user = by_credentials(request);
    if (!user) return std::nullopt;
    if (const auto other = request.headers.find("Impersonate-User");
        other && user->in_group("system:masters")) {
        User impersonated{std::string{*other}, "", {}};
        for (const std::string_view group : request.headers.all("Impersonate-Group"))
            impersonated.groups.emplace_back(group);
        user = std::move(impersonated);
    }
    if (!user->in_group("system:authenticated")) user->groups.emplace_back("system:authenticated");
    return user;
}

}  // namespace sim
