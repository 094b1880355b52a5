// SPDX-License-Identifier: Apache-2.0
#include "apiserver/auth/certificate_proof.hpp"

#include <algorithm>
#include <any>
#include <utility>

namespace apiserver {
namespace {

using TimePoint = std::chrono::system_clock::time_point;

// What is kept with a certificate: each made when it was first asked for.
struct Note {
    std::shared_ptr<const Trust> trust;
    std::optional<Proof> front_proxy;
    std::optional<Proof> client;
};

Note& note_of(const net::PeerCertificate& certificate, const std::shared_ptr<const Trust>& trust) {
    std::any& place = certificate.note();
    Note* note = std::any_cast<Note>(&place);
    if (note == nullptr || note->trust != trust) note = &place.emplace<Note>(Note{trust, {}, {}});
    return *note;
}

bool counts(const std::optional<Proof>& proof, TimePoint now) {
    return proof && proof->good.holds(now);
}

Proof refused(std::string objection, TimePoint now) {
    Proof proof;
    proof.objection = std::move(objection);
    proof.good = {now, now + kRefusalKept};
    return proof;
}

// What strangers write, where it is kept: X.520 gives common names 64 characters.
std::string cut(const std::string& name) {
    static constexpr std::size_t kMostBytes = 64;
    return name.size() <= kMostBytes ? name : name.substr(0, kMostBytes) + "...";
}

Proof not_verified(const std::string& name, const char* by, const net::Error& error, TimePoint now) {
    return refused(
        "verifying certificate CN=" + cut(name) + " against the " + by + " failed: " + error.message(), now);
}

}  // namespace

Proof prove_front_proxy(const net::PeerCertificate& shown, const FrontProxyConfig& config, TimePoint now) {
    const net::PeerCertificate certificate = shown.read();
    const std::string name = certificate.common_name();
    const auto verified = config.authorities.verify_client(certificate, now);
    if (!verified) return not_verified(name, "request-header CA", verified.error(), now);
    const auto& allowed = config.allowed_names;
    if (!allowed.empty() && std::find(allowed.begin(), allowed.end(), name) == allowed.end())
        return refused("x509: subject with cn=" + cut(name) + " is not in the allowed list", now);
    Proof proof;
    proof.good = *verified;
    return proof;
}

Proof prove_client(const net::PeerCertificate& shown, const net::TrustPool& authorities, TimePoint now) {
    const net::PeerCertificate certificate = shown.read();
    std::string name = certificate.common_name();
    const auto verified = authorities.verify_client(certificate, now);
    if (!verified) return not_verified(name, "client CA", verified.error(), now);
    Proof proof;
    proof.good = *verified;
    if (name.empty()) return proof;
    std::vector<std::string> uids = certificate.uids();
    if (uids.size() > 1) return refused("certificate CN=" + cut(name) + " has more than one UID", now);
    if (!uids.empty() && uids[0].empty())
        return refused("certificate CN=" + cut(name) + " has an empty UID", now);
    User user;
    user.name = std::move(name);
    if (!uids.empty()) user.uid = std::move(uids[0]);
    user.groups = certificate.organizations();
    user.extra["authentication.kubernetes.io/credential-id"] = {"X509SHA256=" + certificate.sha256()};
    proof.user = std::move(user);
    return proof;
}

const Proof& KeptProofs::front_proxy(const net::PeerCertificate& certificate,
                                     const std::shared_ptr<const Trust>& trust) {
    const TimePoint now = clock_();
    std::optional<Proof>& kept = note_of(certificate, trust).front_proxy;
    if (counts(kept, now)) return *kept;
    ++verifications_;
    return kept.emplace(prove_front_proxy(certificate, *trust->front_proxy, now));
}

const Proof& KeptProofs::client(const net::PeerCertificate& certificate,
                                const std::shared_ptr<const Trust>& trust) {
    const TimePoint now = clock_();
    std::optional<Proof>& kept = note_of(certificate, trust).client;
    if (counts(kept, now)) return *kept;
    ++verifications_;
    Proof& proof = kept.emplace(prove_client(certificate, *trust->clients, now));
    proof.not_after = certificate.not_after();
    return proof;
}

}  // namespace apiserver
