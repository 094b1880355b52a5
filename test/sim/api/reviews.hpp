// SPDX-License-Identifier: Apache-2.0
// TokenReview and SubjectAccessReview: what delegated authentication and authorization ask.
#pragma once

#include "net/http/message.hpp"
#include "test/sim/api/request/identity.hpp"

#include <set>
#include <string>
#include <string_view>

namespace sim {

class Reviews {
  public:
    explicit Reviews(const Authenticator& authenticator) : authenticator_{authenticator} {}

    // The bodies are JSON; anything else is 400.
    net::Response review_token(std::string_view body);
    net::Response review_access(std::string_view body);

    // Everybody may do everything but these users.
    void deny(const std::string& user) { denied_.insert(user); }
    void allow(const std::string& user) { denied_.erase(user); }

    std::uint64_t token_reviews() const { return token_reviews_; }
    std::uint64_t access_reviews() const { return access_reviews_; }

  private:
    const Authenticator& authenticator_;
    std::set<std::string, std::less<>> denied_;
    std::uint64_t token_reviews_ = 0;
    std::uint64_t access_reviews_ = 0;
};

}  // namespace sim
