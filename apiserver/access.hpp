// SPDX-License-Identifier: Apache-2.0
// The two questions that are asked of each request before it is answered: who is it, and may they.
#pragma once

#include "apiserver/auth/user.hpp"
#include "apiserver/request/request_info.hpp"
#include "net/http.hpp"
#include "net/task.hpp"

#include <string>

namespace apiserver {

struct AuthResult {
    enum class Verdict {
        accepted,  // user says who; it may be system:anonymous
        refused,   // 401
        not_ready  // it cannot be told yet: 503 with Retry-After
    };
    Verdict verdict = Verdict::refused;
    User user;
};

class Authenticator {
  public:
    virtual ~Authenticator() = default;
    // The request stays alive until the task is done. Must end within its own limit of time.
    virtual net::Task<AuthResult> authenticate(const net::Request& request) = 0;
};

struct Decision {
    enum class Verdict {
        allowed,
        denied,  // 403, with the reason
        failed   // 500: nobody could tell; the reason says why
    };
    Verdict verdict = Verdict::denied;
    std::string reason;
};

class Authorizer {
  public:
    virtual ~Authorizer() = default;
    // Both arguments stay alive until the task is done. Must end within its own limit of time.
    virtual net::Task<Decision> authorize(const User& user, const RequestInfo& info) = 0;
};

}  // namespace apiserver
