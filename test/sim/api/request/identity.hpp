// SPDX-License-Identifier: Apache-2.0
// Who is asking: client certificates and bearer tokens.
#pragma once

#include "net/http/message.hpp"
#include "net/tls/certificate.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sim {

struct User {
    std::string name;
    std::string uid;
    std::vector<std::string> groups;

    bool in_group(std::string_view group) const;
};

class Authenticator {
  public:
    explicit Authenticator(net::TrustPool client_ca) : client_ca_{std::move(client_ca)} {}

    void add_token(std::string token, User user) { tokens_[std::move(token)] = std::move(user); }
    // nullptr: unknown.
    const User* user_of_token(std::string_view token) const;

    // nullopt: no credentials, or bad ones. Every user is in system:authenticated. A system:masters may
    // impersonate (Impersonate-User, Impersonate-Group).
    std::optional<User> authenticate(const net::Request& request) const;

  private:
    std::optional<User> by_credentials(const net::Request& request) const;

    net::TrustPool client_ca_;
    std::map<std::string, User, std::less<>> tokens_;
};

}  // namespace sim
