// SPDX-License-Identifier: Apache-2.0
#include "apiserver/auth/delegated_authenticator.hpp"

#include "apiserver/auth/bearer_token.hpp"
#include "telemetry/log.hpp"

#include <algorithm>
#include <utility>

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

namespace apiserver {
namespace {

User authenticated(User user) {
    const auto in_group = [&](std::string_view group) {
        return std::find(user.groups.begin(), user.groups.end(), group) != user.groups.end();
    };
    if (user.name != kAnonymous && !in_group(kAuthenticatedGroup) && !in_group(kUnauthenticatedGroup))
        user.groups.emplace_back(kAuthenticatedGroup);
    return user;
}

AuthResult accepted(User user) {
    return {AuthResult::Verdict::accepted, authenticated(std::move(user)), {}};
}

constexpr std::string_view kMisplacedToken =
    "the provided Authorization header contains extra space before the bearer token, and is ignored";

AuthResult anonymous() {
    User user;
    user.name = kAnonymous;
    user.groups.emplace_back(kUnauthenticatedGroup);
    return {AuthResult::Verdict::accepted, std::move(user), {}};
}

}  // namespace

DelegatedAuthenticator::DelegatedAuthenticator(TrustSource& trust, kube::ReviewClient* reviews,
                                               AuthenticatorOptions options)
    : trust_{trust},
      reviews_{reviews},
      options_{std::move(options)},
      answers_{options_.cache_entries},
      proofs_{options_.wall_clock} {
    RAND_bytes(secret_.data(), static_cast<int>(secret_.size()));
}

net::Task<AuthResult> DelegatedAuthenticator::authenticate(const net::Request& request, net::Deadline until) {
    std::vector<std::string> errors;
    if (request.certificate) {
        const net::Deadline patience = net::Clock::now() + options_.trust_wait;
        if (!trust_.ready()) co_await trust_.wait_ready(std::min(until, patience));
        if (!trust_.ready()) co_return AuthResult{AuthResult::Verdict::not_ready, {}, {}};
        const std::shared_ptr<const Trust> trust = trust_.current();
        if (trust->front_proxy) {
            Opinion opinion = by_front_proxy(request, trust);
            if (opinion.user) co_return accepted(std::move(*opinion.user));
            if (!opinion.error.empty()) errors.push_back(std::move(opinion.error));
        }
        if (trust->clients) {
            Opinion opinion = by_certificate(request, trust);
            if (opinion.user) co_return accepted(std::move(*opinion.user));
            if (!opinion.error.empty()) errors.push_back(std::move(opinion.error));
        }
    }
    Opinion opinion = co_await by_token(request, until);
    if (opinion.user) co_return accepted(std::move(*opinion.user));
    if (!opinion.error.empty()) errors.push_back(std::move(opinion.error));
    AuthResult result = errors.empty() ? anonymous() : AuthResult{};
    const std::string_view authorization = request.headers.find("Authorization").value_or("");
    if (reviews_ != nullptr && is_token_misplaced(authorization)) result.warning = kMisplacedToken;
    if (errors.empty()) co_return result;

    std::string all;
    for (const std::string& error : errors) all += (all.empty() ? "" : ", ") + error;
    telemetry::error("Unable to authenticate the request", {{"err", "[" + all + "]"}});
    co_return result;
}

DelegatedAuthenticator::Opinion DelegatedAuthenticator::by_front_proxy(
    const net::Request& request, const std::shared_ptr<const Trust>& trust) {
    const Proof& proof = proofs_.front_proxy(request.certificate, trust);
    Opinion opinion;
    opinion.error = proof.objection;
    if (opinion.error.empty()) opinion.user = user_from_headers(request.headers, *trust->front_proxy);
    return opinion;
}

DelegatedAuthenticator::Opinion DelegatedAuthenticator::by_certificate(
    const net::Request& request, const std::shared_ptr<const Trust>& trust) {
    lifetimes_.observe(request.certificate.not_after() - options_.wall_clock());
    const Proof& proof = proofs_.client(request.certificate, trust);
    return {proof.user, proof.objection};
}

net::Task<DelegatedAuthenticator::Opinion> DelegatedAuthenticator::by_token(const net::Request& request,
                                                                            net::Deadline until) {
    const std::string token{bearer_token(request.headers.find("Authorization").value_or(""))};
    if (token.empty() || !reviews_) co_return Opinion{};
    AnswerCache<Opinion>::Ask ask = [this, &token, until] { return look_up(token, until); };
    std::optional<Opinion> opinion = co_await answers_.get(cache_key(token), until, std::move(ask));
    if (opinion) co_return std::move(*opinion);
    Opinion unknown;
    unknown.error = "token review not done in the time of the request";
    co_return unknown;
}

net::Task<AnswerCache<DelegatedAuthenticator::Opinion>::Answer> DelegatedAuthenticator::look_up(
    std::string token, net::Deadline until) {
    AnswerCache<Opinion>::Answer answer;
    const auto review = co_await kube::review_token(*reviews_, std::move(token), until);
    if (!review) {
        answer.value.error = "token review failed: " + review.error().text();
        co_return answer;
    }
    if (!review->error.empty()) {
        answer.value.error = review->error;
        co_return answer;
    }
    answer.keep_for = options_.cache_ttl;
    if (!review->authenticated) {
        answer.value.error = "invalid bearer token";
        co_return answer;
    }
    User user;
    user.name = review->user.name;
    user.uid = review->user.uid;
    user.groups = review->user.groups;
    user.extra = review->user.extra;
    answer.value.user = std::move(user);
    co_return answer;
}

std::string DelegatedAuthenticator::cache_key(std::string_view token) const {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    HMAC(EVP_sha256(), secret_.data(), static_cast<int>(secret_.size()),
         reinterpret_cast<const unsigned char*>(token.data()), token.size(), digest.data(), &size);
    return {reinterpret_cast<const char*>(digest.data()), size};
}

}  // namespace apiserver
