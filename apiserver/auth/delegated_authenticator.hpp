// SPDX-License-Identifier: Apache-2.0
// Authentication as every aggregated API server delegates it (k8s.io/apiserver,
// pkg/authentication/authenticatorfactory/delegating.go): the front proxy's headers, then client
// certificates, then bearer tokens by TokenReview. The first that knows the client wins; when none does, an
// error of any of them makes it a 401, and no error at all makes the client anonymous.
#pragma once

#include "apiserver/access.hpp"
#include "apiserver/auth/answer_cache.hpp"
#include "apiserver/auth/certificate_proof.hpp"
#include "apiserver/auth/trust.hpp"
#include "kube/reviews/review_client.hpp"
#include "kube/reviews/token_review.hpp"
#include "telemetry/metrics.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace apiserver {

struct AuthenticatorOptions {
    // --authentication-token-webhook-cache-ttl, for good and for bad tokens.
    std::chrono::nanoseconds cache_ttl{std::chrono::seconds{10}};
    // What kept answers may take: some 4,000 of the refused.
    std::size_t cache_bytes = 1024 * 1024;
    // How long a request with a certificate waits for the trust to be known (architecture.md, decision 10).
    std::chrono::milliseconds trust_wait{4'000};
    // For the validity of certificates.
    KeptProofs::WallClock wall_clock = std::chrono::system_clock::now;
};

// What one method of authentication has to say; none of it: no opinion.
struct Opinion {
    std::optional<User> user;
    std::string error;
    // Too much is asked on behalf of those who come from there.
    bool busy = false;
};
std::size_t bytes_behind(const Opinion& opinion);

class DelegatedAuthenticator final : public Authenticator {
  public:
    // `reviews` null: bearer tokens are not looked up. Both must outlive it.
    DelegatedAuthenticator(TrustSource& trust, kube::ReviewClient* reviews, AuthenticatorOptions options);

    net::Task<AuthResult> authenticate(const net::Request& request, net::Deadline until) override;

    // Certificate chains verified since the start.
    std::uint64_t verifications() const { return proofs_.verifications(); }
    // How long the certificates were still good that requests came with to be authenticated by them, in
    // seconds (k8s.io/apiserver, pkg/authentication/request/x509).
    const telemetry::Histogram& certificate_lifetimes() const { return lifetimes_; }

  private:
    static constexpr std::array<double, 14> kLifetimeBounds{
        0,       1'800,   3'600,   7'200,     21'600,    43'200,     86'400,
        172'800, 345'600, 604'800, 2'592'000, 7'776'000, 15'552'000, 31'104'000};

    Opinion by_front_proxy(const net::Request& request, const std::shared_ptr<const Trust>& trust);
    Opinion by_certificate(const net::Request& request, const std::shared_ptr<const Trust>& trust);
    net::Task<Opinion> by_token(const net::Request& request, net::Deadline until);
    net::Task<AnswerCache<Opinion>::Answer> look_up(std::string token, std::string network,
                                                    net::Deadline until);
    Opinion not_reviewed(const kube::Failure& failure) const;

    TrustSource& trust_;
    kube::ReviewClient* reviews_;
    AuthenticatorOptions options_;
    AnswerCache<Opinion> answers_;
    KeptProofs proofs_;
    telemetry::Histogram lifetimes_{kLifetimeBounds};
};

}  // namespace apiserver
