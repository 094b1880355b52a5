// SPDX-License-Identifier: Apache-2.0
// X.509 certificates: what a peer showed, whom we trust, and our own pair.
#pragma once

#include "net/error.hpp"

#include <any>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace net {

// What a TLS peer showed in the handshake: its own certificate and the chain it sent along; or a certificate
// of a PEM text, which a peer may show. Nothing in it has been verified. Cheap to copy; immutable but for its
// note.
//
// A client's is kept as it came unless it is plain (net/tls/client_chain.cpp): OpenSSL's objects take up to
// forty times the bytes, once they were looked at.
class PeerCertificate {
  public:
    struct Impl;

    PeerCertificate() = default;
    explicit PeerCertificate(std::shared_ptr<const Impl> impl) : impl_{std::move(impl)} {}

    // All certificates of a PEM text, in order, each without a chain; Errc::bad_pem when there is none or one
    // is broken.
    static Result<std::vector<PeerCertificate>> from_pem(std::string_view pem);

    // False: the peer showed none.
    explicit operator bool() const { return impl_ != nullptr; }

    // A certificate that is kept as it came is parsed again for each question below; this copy only once. It
    // takes OpenSSL's memory for as long as it lives; a note put here may be gone with it.
    PeerCertificate read() const;
    // Bytes of the DER form, with the chain; 0 of what is not kept as it came.
    std::size_t kept_bytes() const;

    std::string common_name() const;
    // All of the subject's, in order; the one above is the last.
    std::vector<std::string> common_names() const;
    std::vector<std::string> organizations() const;
    // What the subject says under 1.3.6.1.4.1.57683.2, Kubernetes' own type for a user's UID.
    std::vector<std::string> uids() const;
    // Lower-case hex of the SHA-256 of the DER form.
    std::string sha256() const;
    // The same of the SubjectPublicKeyInfo: the key's, whatever is certified of it (RFC 7469, 2.4).
    std::string key_sha256() const;
    std::chrono::system_clock::time_point not_after() const;

    // The subject alternative names that are DNS names or IP addresses, in order.
    std::vector<std::string> names() const;
    // Whether a subject alternative name is this DNS name, without regard to case and to a dot at its end.
    // Wildcards cover one whole label, the first, as in Go. Neither the subject nor an address written as a
    // name counts.
    enum class Wildcards { refused, taken };
    bool has_dns_name(std::string_view name, Wildcards wildcards) const;
    // Whether one is this IP address. False for what is no address.
    bool has_address(std::string_view address) const;
    // Has the extended key usage serverAuth or any: none at all does not count.
    bool is_for_servers() const;

    // Subject, issuer, time, usages and names, for people: one printable line of at most kMaxDescription
    // bytes.
    static constexpr std::size_t kMaxDescription = 600;
    std::string description() const;

    // Whoever judges the peer may keep something here: one note for all copies, so one for each connection,
    // gone with the last copy. REQUIRES: the peer showed a certificate.
    std::any& note() const;

    const Impl* impl() const { return impl_.get(); }

  private:
    std::shared_ptr<const Impl> impl_;
};

// The time in which something is good: not before `from`, and no longer at `until`.
struct Validity {
    std::chrono::system_clock::time_point from;
    std::chrono::system_clock::time_point until;

    bool holds(std::chrono::system_clock::time_point now) const { return from <= now && now < until; }
};

// Certificate authorities. Cheap to copy; immutable.
class TrustPool {
  public:
    struct Impl;

    // Every certificate of the PEM text that can be read. Errc::bad_pem when there is none.
    static Result<TrustPool> from_pem(std::string_view pem);
    // About the blocks of the text that were left out, a line each: "block 2 (line 21): not base64". Who
    // knows where the text comes from tells them.
    const std::vector<std::string>& complaints() const;

    // Verifies the chain up to one of these authorities, at that time, for a TLS client (extended key usage
    // clientAuth, any, or none at all, in every certificate of the chain), as Go's crypto/x509 does. Gives
    // the time in which every certificate of the chain is good. The error is in certificate_category().
    Result<Validity> verify_client(const PeerCertificate& peer, std::chrono::system_clock::time_point now =
                                                                    std::chrono::system_clock::now()) const;
    // The same of a server that is called by this name or address: its own certificate, then what it shows
    // along.
    Error verify_server(std::string_view chain_pem, std::string_view host,
                        std::chrono::system_clock::time_point now) const;

    const Impl* impl() const { return impl_.get(); }

  private:
    std::shared_ptr<const Impl> impl_;
};

// Logs them, for the file, flag or key that the text came from.
void warn_of_complaints(const TrustPool& pool, std::string_view where);

struct KeyPair {
    std::string certificate_pem;
    std::string key_pem;
};

// A self-signed ECDSA P-256 pair for TLS serving, valid from an hour ago for a year, for localhost,
// 127.0.0.1,
// ::1 and the given names.
KeyPair make_self_signed(const std::vector<std::string>& names);

}  // namespace net
