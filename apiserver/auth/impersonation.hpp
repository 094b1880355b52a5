// SPDX-License-Identifier: Apache-2.0
// Whether a user may act as another one (k8s.io/apiserver, pkg/endpoints/filters/impersonation; KEP-5284).
#pragma once

#include "apiserver/access.hpp"
#include "apiserver/status.hpp"
#include "net/task.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include <boost/system/result.hpp>

namespace apiserver {

// There are five forms. The four constrained ones need the verb impersonate:FORM on the user and
// impersonate-on:FORM:VERB on what the request is about; the classic one needs the verb impersonate on the
// user alone. They are tried in turn, first the one that a user was granted the last time, and the first that
// is granted counts. When none is, the answer is about the first that was refused.
class Impersonator {
  public:
    // `authorizer` must outlive it.
    explicit Impersonator(Authorizer& authorizer) : authorizer_{authorizer} {}

    // As whom the request goes on, with the groups that come with the name. The error is a 403, or a 429 when
    // too much is asked on behalf of the requestor. `wanted` is
    // what wanted_user() gave; all arguments stay alive until the task is done.
    net::Task<boost::system::result<User, Status>> impersonate(const User& wanted, const User& requestor,
                                                               const RequestInfo& info, net::Deadline until);

  private:
    struct Attempt;
    net::Task<std::optional<Status>> refusal(const Attempt& attempt);
    net::Task<std::optional<Status>> refusal_of_groups(const Attempt& attempt);
    net::Task<std::optional<Status>> refusal_of_extra(const Attempt& attempt);
    net::Task<std::optional<Status>> ask(const Attempt& attempt, const RequestInfo& what);

    Authorizer& authorizer_;
    // By the hash of the requestor's name: the form that was granted last. That two share one only changes
    // the order of questions.
    std::unordered_map<std::size_t, std::size_t> last_form_;
};

}  // namespace apiserver
