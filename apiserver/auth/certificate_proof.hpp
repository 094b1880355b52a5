// SPDX-License-Identifier: Apache-2.0
// What a client's certificate proves, verified once for each connection. Verifying a chain costs some 100 us,
// and connections of the aggregator live for hours.
#pragma once

#include "apiserver/auth/front_proxy.hpp"
#include "apiserver/auth/trust.hpp"
#include "apiserver/auth/user.hpp"
#include "net/tls/certificate.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace apiserver {

// How long a refused certificate is not verified again, as long as a refused token by default.
inline constexpr std::chrono::seconds kRefusalKept{10};

struct Proof {
    // Why it proves nothing; empty: it does prove.
    std::string objection;
    // The user that the certificate names; nullopt: none (no common name), or it proves nothing.
    std::optional<User> user;
    // The end of the client certificate itself.
    std::chrono::system_clock::time_point not_after;
    // When this holds: for something proven, while every certificate of the chain is good.
    net::Validity good;
};

// That the holder is the front proxy, and may speak for others.
Proof prove_front_proxy(const net::PeerCertificate& certificate, const FrontProxyConfig& config,
                        std::chrono::system_clock::time_point now);

// Who the holder is (k8s.io/apiserver, pkg/authentication/request/x509).
Proof prove_client(const net::PeerCertificate& certificate, const net::TrustPool& authorities,
                   std::chrono::system_clock::time_point now);

// The proofs of open connections. Each is kept with the connection's certificate and gone with it; another
// connection proves anew, whatever it shows. One that was made for other trust than asked for, or whose time
// is over by the wall clock, does not count.
class KeptProofs {
  public:
    using WallClock = std::function<std::chrono::system_clock::time_point()>;
    explicit KeptProofs(WallClock clock) : clock_{std::move(clock)} {}

    // The trust must have a front proxy or client authorities, respectively. Valid until the next call with
    // the same certificate.
    const Proof& front_proxy(const net::PeerCertificate& certificate,
                             const std::shared_ptr<const Trust>& trust);
    const Proof& client(const net::PeerCertificate& certificate, const std::shared_ptr<const Trust>& trust);

    // Chains verified since the start.
    std::uint64_t verifications() const { return verifications_; }

  private:
    WallClock clock_;
    std::uint64_t verifications_ = 0;
};

}  // namespace apiserver
