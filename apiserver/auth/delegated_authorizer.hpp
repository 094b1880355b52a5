// SPDX-License-Identifier: Apache-2.0
// Authorization as every aggregated API server delegates it (k8s.io/apiserver,
// pkg/server/options/authorization.go): system:masters may do everything, some paths are open to everybody,
// and the rest is asked of the API server by SubjectAccessReview.
#pragma once

#include "apiserver/access.hpp"
#include "apiserver/auth/answer_cache.hpp"
#include "kube/access_review.hpp"
#include "kube/review_client.hpp"

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace apiserver {

struct AuthorizerOptions {
    // --authorization-always-allow-paths: exact, or a prefix when it ends in *. The leading slash may be
    // missing.
    std::vector<std::string> always_allow_paths{"/healthz", "/readyz", "/livez"};
    // --authorization-webhook-cache-authorized-ttl and -unauthorized-ttl.
    std::chrono::nanoseconds allowed_ttl{std::chrono::seconds{10}};
    std::chrono::nanoseconds denied_ttl{std::chrono::seconds{10}};
    std::size_t cache_entries = 8192;
};

class DelegatedAuthorizer final : public Authorizer {
  public:
    // `reviews` must outlive it.
    DelegatedAuthorizer(kube::ReviewClient& reviews, AuthorizerOptions options);

    net::Task<Decision> authorize(const User& user, const RequestInfo& info, net::Deadline until) override;

  private:
    bool always_allowed(std::string_view path) const;
    net::Task<AnswerCache<Decision>::Answer> look_up(const User& user, const RequestInfo& info,
                                                     std::size_t key_bytes, net::Deadline until);

    kube::ReviewClient& reviews_;
    AuthorizerOptions options_;
    AnswerCache<Decision> answers_;
    // The key of the question at hand; kept for its memory.
    std::string key_;
};

// What is asked for a request. Selector terms that a review cannot carry are left out.
kube::AccessQuestion access_question(const User& user, const RequestInfo& info);

}  // namespace apiserver
