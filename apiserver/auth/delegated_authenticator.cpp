// SPDX-License-Identifier: Apache-2.0
#include "apiserver/auth/delegated_authenticator.hpp"

#include "apiserver/auth/bearer_token.hpp"
#include "net/limits/admission.hpp"
#include "telemetry/log.hpp"

#include <algorithm>
#include <utility>

namespace apiserver {
namespace {

AuthResult accepted(User user) {
    user.add_authenticated_group();
    return {AuthResult::Verdict::accepted, std::move(user), {}};
}

constexpr std::string_view kMisplacedToken =
    "the provided Authorization header contains extra space before the bearer token, and is ignored";

std::string network_of(const net::Request& request) {
    const auto network = net::network_of(request.remote.address());
    return {network.begin(), network.end()};
}

AuthResult anonymous(const net::Request& request) {
    User user;
    user.network = network_of(request);
    user.name = kAnonymous;
    user.groups.emplace_back(kUnauthenticatedGroup);
    return {AuthResult::Verdict::accepted, std::move(user), {}};
}

std::size_t bytes_of(const std::vector<std::string>& list) {
    std::size_t bytes = list.capacity() * sizeof(std::string);
    for (const std::string& item : list) bytes += item.capacity();
    return bytes;
}

}  // namespace

std::size_t bytes_behind(const Opinion& opinion) {
    std::size_t bytes = opinion.error.capacity();
    if (!opinion.user) return bytes;
    const User& user = *opinion.user;
    bytes += user.name.capacity() + user.uid.capacity() + bytes_of(user.groups);
    // A node of the tree, with an allocator's 16 bytes.
    constexpr std::size_t kExtra = sizeof(decltype(user.extra)::value_type) + 4 * sizeof(void*) + 16;
    for (const auto& [key, values] : user.extra) bytes += kExtra + key.capacity() + bytes_of(values);
    return bytes;
}

DelegatedAuthenticator::DelegatedAuthenticator(TrustSource& trust, kube::ReviewClient* reviews,
                                               AuthenticatorOptions options)
    : trust_{trust},
      reviews_{reviews},
      options_{std::move(options)},
      answers_{options_.cache_bytes},
      proofs_{options_.wall_clock} {}

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
    if (opinion.busy) co_return AuthResult{AuthResult::Verdict::busy, {}, {}};
    if (!opinion.error.empty()) errors.push_back(std::move(opinion.error));
    AuthResult result = errors.empty() ? anonymous(request) : AuthResult{};
    const std::string_view authorization = request.headers.find("Authorization").value_or("");
    if (reviews_ != nullptr && is_token_misplaced(authorization)) result.warning = kMisplacedToken;
    if (errors.empty()) co_return result;

    std::string all;
    for (const std::string& error : errors) all += (all.empty() ? "" : ", ") + error;
    telemetry::paced_error("Unable to authenticate the request", {{"err", "[" + all + "]"}});
    co_return result;
}

Opinion DelegatedAuthenticator::by_front_proxy(const net::Request& request,
                                               const std::shared_ptr<const Trust>& trust) {
    const Proof& proof = proofs_.front_proxy(request.certificate, trust);
    Opinion opinion;
    opinion.error = proof.objection;
    if (opinion.error.empty()) opinion.user = user_from_headers(request.headers, *trust->front_proxy);
    return opinion;
}

Opinion DelegatedAuthenticator::by_certificate(const net::Request& request,
                                               const std::shared_ptr<const Trust>& trust) {
    const Proof& proof = proofs_.client(request.certificate, trust);
    lifetimes_.observe(proof.not_after - options_.wall_clock());
    return {proof.user, proof.objection};
}

net::Task<Opinion> DelegatedAuthenticator::by_token(const net::Request& request, net::Deadline until) {
    const std::string token{bearer_token(request.headers.find("Authorization").value_or(""))};
    if (token.empty() || !reviews_) co_return Opinion{};
    std::string network = network_of(request);
    AnswerCache<Opinion>::Ask ask = [this, &token, network, until] { return look_up(token, network, until); };
    std::optional<Opinion> opinion =
        co_await answers_.get(answers_.digest(token), std::move(network), until, std::move(ask));
    if (opinion) co_return std::move(*opinion);
    // Somebody with more time still asks.
    const kube::Failure late{make_error_code(net::Errc::timeout)};
    co_return not_reviewed(late);
}

net::Task<AnswerCache<Opinion>::Answer> DelegatedAuthenticator::look_up(std::string token,
                                                                        std::string network,
                                                                        net::Deadline until) {
    AnswerCache<Opinion>::Answer answer;
    kube::Asker asker;
    asker.name = std::move(network);
    const auto review = co_await kube::review_token(*reviews_, std::move(token), std::move(asker), until);
    if (!review) {
        answer.value = not_reviewed(review.error());
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

Opinion DelegatedAuthenticator::not_reviewed(const kube::Failure& failure) const {
    Opinion opinion;
    opinion.busy = failure.code == net::Errc::overloaded;
    if (!opinion.busy)
        opinion.error = "token review failed: " + kube::token_review_failure(*reviews_, failure);
    return opinion;
}

}  // namespace apiserver
