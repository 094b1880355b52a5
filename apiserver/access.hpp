// SPDX-License-Identifier: Apache-2.0
// The two questions that are asked of each request before it is answered: who is it, and may they.
#pragma once

#include "apiserver/auth/user.hpp"
#include "apiserver/request/request_info.hpp"
#include "net/http/message.hpp"
#include "net/task.hpp"

#include <string>
#include <string_view>

namespace apiserver {

struct AuthResult {
    enum class Verdict {
        accepted,   // user says who; it may be system:anonymous
        refused,    // 401
        not_ready,  // it cannot be told yet: 503 with Retry-After
        busy        // too much is asked on behalf of those who come from there: 429 with Retry-After
    };
    Verdict verdict = Verdict::refused;
    User user;
    // For the client, whatever the verdict; empty: none.
    std::string_view warning{};
};

class Authenticator {
  public:
    virtual ~Authenticator() = default;
    // The request stays alive until the task is done. Ends by `until`: what was not found out by then is as
    // if it had failed.
    virtual net::Task<AuthResult> authenticate(const net::Request& request, net::Deadline until) = 0;
};

struct Decision {
    enum class Verdict {
        allowed,
        denied,  // 403, with the reason
        failed,  // 500: nobody could tell; the reason says why
        busy     // 429 with Retry-After: too much is asked on behalf of the same user
    };
    Verdict verdict = Verdict::denied;
    std::string reason;
};

class Authorizer {
  public:
    virtual ~Authorizer() = default;
    // Both stay alive until the task is done. Ends by `until`, with `failed` when nothing is known by then.
    virtual net::Task<Decision> authorize(const User& user, const RequestInfo& info, net::Deadline until) = 0;
};

}  // namespace apiserver
