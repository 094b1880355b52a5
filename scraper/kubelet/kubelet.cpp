// SPDX-License-Identifier: Apache-2.0
#include "scraper/kubelet/kubelet.hpp"

#include <algorithm>
#include <utility>

namespace scraper {
namespace {

using Time = net::Clock::time_point;

constexpr std::size_t kOthersBytes = 400;

// The further a try came, the more its failure says.
int progress(const net::Error& error) {
    Failure failure;
    failure.error = error;
    switch (failure.reason()) {
        case Reason::resolve:
            return 0;
        case Reason::connect:
        case Reason::timeout:
            return 1;
        case Reason::tls:
            return 2;
        default:
            return 3;
    }
}

// Tries in turn: the first, then all others in their order.
std::uint8_t address_of(std::size_t n, std::uint8_t first) {
    if (n == 0) return first;
    return static_cast<std::uint8_t>(n <= first ? n - 1 : n);
}

}  // namespace

Kubelet::Kubelet(net::Executor executor, const Identity& node, const Target& target,
                 const KubeletPolicy& policy)
    : node_{node},
      target_{target},
      policy_{policy},
      client_{std::move(executor), static_cast<net::Connector&>(*this)} {}

std::string Kubelet::authority() const {
    net::Origin origin;
    origin.host = target_.addresses[at_];
    origin.port = target_.port;
    return origin.authority();
}

std::string Kubelet::url(std::string_view path) const {
    return (policy_.tls ? "https://" : "http://") + authority() + std::string{path};
}

std::uint64_t Kubelet::generation() const {
    return policy_.tls ? policy_.tls->generation() : 0;
}

net::DialTarget Kubelet::dial_target() const {
    net::DialTarget to;
    to.host = to.peer_name = target_.addresses[at_];
    to.port = target_.port;
    to.tls = policy_.tls ? &*policy_.tls : nullptr;
    to.judge = const_cast<Kubelet*>(this);
    return to;
}

net::Task<net::Result<net::Connection>> Kubelet::connect(net::Deadline deadline, net::StageLimits limits) {
    failure_.reset();
    const std::uint8_t first = net::Clock::now() < preferred_again_ ? winner_ : std::uint8_t{0};
    const std::size_t count = target_.dialled;
    std::vector<Try> tries;
    do {
        at_ = address_of(tries.size(), first);
        Handshake handshake;
        handshake_ = &handshake;
        net::DialTarget to = dial_target();
        const net::Deadline by = net::share_of(deadline, count - tries.size(), net::Clock::now());
        auto opened = co_await net::dial(std::move(to), by, limits);
        if (opened) {
            connected(first, handshake);
            co_return std::move(*opened);
        }
        tries.push_back(Try{at_, opened.error(), std::move(handshake.refusal)});
    } while (tries.size() < count && net::Clock::now() < deadline);
    give_up(std::move(tries));
    co_return failure_->error;
}

void Kubelet::connected(std::uint8_t first, const Handshake& handshake) {
    if (at_ != first) preferred_again_ = net::Clock::now() + kPreferredAgain;
    winner_ = at_;
    // Not before: until the handshake is done a certificate may be shown by who does not have its key.
    if (policy_.pins && handshake.to_pin) policy_.pins->learn(node_.uid, *handshake.to_pin, node_.name);
}

void Kubelet::give_up(std::vector<Try> tries) {
    const auto furthest = std::max_element(tries.begin(), tries.end(), [](const Try& a, const Try& b) {
        return progress(a.error) < progress(b.error);
    });
    std::string others;
    for (const Try& other : tries) {
        if (other.address == furthest->address) continue;
        others += (others.empty() ? "also tried " : ", ") + target_.addresses[other.address] + " (" +
                  net::message_of(other.error, target_.addresses[other.address]) + ")";
    }
    at_ = furthest->address;
    failure_ = std::make_unique<Try>(std::move(*furthest));
    if (others.empty()) return;
    if (others.size() > kOthersBytes) others.replace(kOthersBytes, others.npos, "...");
    failure_->detail += (failure_->detail.empty() ? "" : "; ") + others;
}

void Kubelet::explain(Failure& failure) const {
    if (failure_ && failure.error == failure_->error && failure.status == 0)
        failure.detail = failure_->detail;
}

ExpectedNode Kubelet::expected() const {
    return {node_.name, target_.addresses, target_.addresses[at_]};
}

net::Error Kubelet::judge(const net::PeerCertificate& shown, const net::Error& chain) {
    const net::Error refused = verdict(shown, chain);
    if (!refused) return {};
    std::string& text = handshake_->refusal;
    if (refused == Errc::wrong_name || refused == Errc::wrong_address)
        text = "expected " + accepted_names(expected(), policy_.names) + "; ";
    if (refused == Errc::other_node)
        text = "its subject names the node " + printable_line(other_node(shown, expected())) + ", expected " +
               node_.name + "; ";
    if (refused == Errc::key_changed)
        text = "sha256:" + shown.key_sha256() + " instead of " +
               std::string{policy_.pins->pinned(node_.uid)} + "; ";
    text += "it has " + shown.description();
    return refused;
}

net::Error Kubelet::name_verdict(const net::PeerCertificate& shown) const {
    if (is_of_node(shown, expected(), policy_.names)) return {};
    if (policy_.names == CertificateNames::address) return Errc::wrong_address;
    return other_node(shown, expected()).empty() ? Errc::wrong_name : Errc::other_node;
}

net::Error Kubelet::verdict(const net::PeerCertificate& shown, const net::Error& chain) {
    const net::CertificateFault fault = net::certificate_fault(chain);
    // Nobody vouches for the certificate, but nothing is wrong with it either. Other errors are of
    // certificates of the authority's, and no pin helps them.
    if (fault == net::CertificateFault::unknown_authority && policy_.pins) {
        std::string key = shown.key_sha256();
        const net::Error refused = policy_.pins->check(node_.uid, key, chain);
        if (!refused) handshake_->to_pin = std::move(key);
        return refused;
    }
    const bool chain_ends_well = !chain || fault == net::CertificateFault::usage;
    if (chain_ends_well && !shown.is_for_servers()) return Errc::not_for_servers;
    if (chain) return chain;
    if (const net::Error refused = name_verdict(shown)) return refused;
    handshake_->to_pin.emplace();
    return {};
}

}  // namespace scraper
