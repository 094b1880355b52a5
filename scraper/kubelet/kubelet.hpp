// SPDX-License-Identifier: Apache-2.0
// One node's kubelet: at which of its addresses it is reached, whom it must prove to be, and the connection.
#pragma once

#include "net/dial.hpp"
#include "net/http/client.hpp"
#include "net/task.hpp"
#include "net/tls/tls.hpp"
#include "scraper/kubelet/address.hpp"
#include "scraper/kubelet/failure.hpp"
#include "scraper/kubelet/kubelet_certificate.hpp"
#include "scraper/kubelet/kubelet_policy.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace scraper {

// Connecting, the addresses are tried in turn until one leads to this node: each has a share of the time, and
// an error or a wrong certificate costs no more than that. The one that answered goes first from then on;
// after kPreferredAgain the most wanted one has another try.
class Kubelet final : private net::Connector, private net::ServerJudge {
  public:
    static constexpr std::chrono::minutes kPreferredAgain{10};

    // From the Node object. A node made anew under the same name has another UID.
    struct Identity {
        std::string name;
        std::string uid;
    };

    // All must outlive it.
    Kubelet(net::Executor executor, const Identity& node, const Target& target, const KubeletPolicy& policy);
    Kubelet(const Kubelet&) = delete;
    Kubelet& operator=(const Kubelet&) = delete;

    net::HttpClient& client() { return client_; }
    // What is asked for, at the address that is connected or, after a failure, came furthest.
    std::string url() const { return url(target_.path); }
    std::string url(std::string_view path) const;
    // Adds to the failure of an exchange what is known of connecting: the certificate that was refused, what
    // was expected, the other addresses.
    void explain(Failure& failure) const;

  private:
    // A try at one address that failed.
    struct Try {
        std::uint8_t address = 0;
        net::Error error;
        // If a certificate was refused: what it is and what was expected.
        std::string detail;
    };
    struct Handshake {
        std::string refusal;
        // Set when the certificate was accepted: its key, when no authority vouches for it, else empty.
        std::optional<std::string> to_pin;
    };

    net::Task<net::Result<net::Connection>> connect(net::Deadline deadline, net::StageLimits limits) override;
    std::string authority() const override;
    std::uint64_t generation() const override;
    net::Error judge(const net::PeerCertificate& shown, const net::Error& chain) override;

    net::Error verdict(const net::PeerCertificate& shown, const net::Error& chain);
    net::Error name_verdict(const net::PeerCertificate& shown) const;
    ExpectedNode expected() const;
    net::DialTarget dial_target() const;
    void connected(std::uint8_t first, const Handshake& handshake);
    void give_up(std::vector<Try> tries);

    const Identity& node_;
    const Target& target_;
    const KubeletPolicy& policy_;
    net::HttpClient client_;
    // Until then the winner goes before the most wanted one.
    net::Clock::time_point preferred_again_{};
    std::uint8_t winner_ = 0;
    // Index into target_.addresses: the one that is dialled, connected, or told of.
    std::uint8_t at_ = 0;
    // While connect() dials.
    Handshake* handshake_ = nullptr;
    // Set when the last connect() failed: the try that came furthest, and the others as text.
    std::unique_ptr<Try> failure_;
};

}  // namespace scraper
