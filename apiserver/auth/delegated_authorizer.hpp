// SPDX-License-Identifier: Apache-2.0
// Authorization as every aggregated API server delegates it (k8s.io/apiserver,
// pkg/server/options/authorization.go): system:masters may do everything, some paths are open to everybody,
// and the rest is asked of the API server by SubjectAccessReview.
#pragma once

#include "apiserver/access.hpp"
#include "apiserver/auth/answer_cache.hpp"
#include "kube/reviews/access_review.hpp"
#include "kube/reviews/review_client.hpp"

#include <chrono>
#include <cstddef>
#include <map>
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
    // What kept answers may take: some 8,000, but for long reasons.
    std::size_t cache_bytes = 2 * 1024 * 1024;
};

inline std::size_t bytes_behind(const Decision& decision) {
    return decision.reason.capacity();
}

class DelegatedAuthorizer final : public Authorizer {
  public:
    // `reviews` must outlive it.
    DelegatedAuthorizer(kube::ReviewClient& reviews, AuthorizerOptions options);

    net::Task<Decision> authorize(const User& user, const RequestInfo& info, net::Deadline until) override;

    // What is kept of answers.
    std::size_t kept_bytes() const { return answers_.bytes(); }

    // Requests of strangers that may wait here at once: of one network, and of all. With one question they
    // are one review, but each of them is in flight.
    static constexpr std::size_t kStrangersEach = 64;
    static constexpr std::size_t kStrangers = 128;

  private:
    bool always_allowed(std::string_view path) const;
    net::Task<AnswerCache<Decision>::Answer> look_up(const User& user, const RequestInfo& info,
                                                     std::size_t key_bytes, net::Deadline until);
    class Stranger;
    net::Task<Decision> review(const User& user, const RequestInfo& info, Digest question,
                               std::size_t key_bytes, net::Deadline until);
    Decision not_reviewed(const kube::Failure& failure) const;

    kube::ReviewClient& reviews_;
    AuthorizerOptions options_;
    AnswerCache<Decision> answers_;
    // How many strangers wait for an answer, by network.
    std::map<std::string, std::size_t> strangers_;
    std::size_t all_strangers_ = 0;
    // The key of the question at hand; kept for its memory.
    std::string key_;
};

// The asker whose share of reviews this user's question takes.
kube::Asker asker_of(const User& user);

// What is asked for a request. Selector terms that a review cannot carry are left out.
kube::AccessQuestion access_question(const User& user, const RequestInfo& info);

}  // namespace apiserver
