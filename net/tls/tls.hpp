// SPDX-License-Identifier: Apache-2.0
// TLS settings shared by many connections. Both classes are cheap to copy. Connections that are open keep
// what they were made with.
#pragma once

#include "net/error.hpp"
#include "net/tls/certificate.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace net {

// Decides in the handshake whether a server is the right one, when its name alone does not say it.
class ServerJudge {
  public:
    virtual ~ServerJudge() = default;
    // Nothing but our hello has left yet. `chain`: why the certificate does not descend from the authorities,
    // is not good now or not for servers, in certificate_category(); no error when it does and is. What is
    // returned ends the handshake and is its error; no error: the server is accepted, whatever `chain` is.
    virtual Error judge(const PeerCertificate& shown, const Error& chain) = 0;
};

// How we appear to, and what we ask of, the servers that we call. All copies are one: what replace() changes,
// it changes for each.
class TlsClient {
  public:
    struct Impl;
    struct Options {
        // PEM authorities that servers must descend from; empty: the system's.
        std::string ca_pem;
        // Accept any certificate. Never together with ca_pem.
        bool insecure = false;
        // Shown when the server asks; both or neither.
        std::optional<KeyPair> certificate;
    };

    static Result<TlsClient> make(const Options& options);

    // From now on all copies of this one connect as `other` does. HTTP clients drop the connections that they
    // keep before they use them again.
    void replace(const TlsClient& other);
    // How often it was replaced.
    std::uint64_t generation() const;

    const Impl* impl() const;

  private:
    struct Shared {
        std::shared_ptr<const Impl> impl;
        std::uint64_t generation = 0;
    };
    std::shared_ptr<Shared> shared_;
};

// How we appear to our clients. Immutable: a change of certificates makes a new one. They are asked for a
// certificate, but none is required and none is verified in the handshake: that happens per request, since
// authorities change while connections live. For the same reason they are not told which authorities count
// (RFC 8446, 4.2.4: a client that is told none shows what it has).
class TlsServer {
  public:
    struct Impl;
    struct Options {
        KeyPair certificate;
        // For TLS 1.2, by their IANA names; empty: AEAD suites with forward secrecy. The client's order
        // counts. A name that is not known gives Errc::unknown_suite.
        std::vector<std::string> cipher_suites = {};
        // For key exchange, by their numbers of IANA (RFC 8446, 4.2.7): 23 P-256, 24 P-384, 25 P-521,
        // 29 X25519; empty: OpenSSL's choice. Another number gives Errc::unknown_suite.
        std::vector<std::uint16_t> groups = {};
        // 0x0303 is TLS 1.2, 0x0304 TLS 1.3 (RFC 8446, 4.2.1). Nothing older is spoken.
        int min_version = 0x0303;
    };

    static Result<TlsServer> make(const Options& options);

    const Impl* impl() const { return impl_.get(); }

  private:
    std::shared_ptr<const Impl> impl_;
};

}  // namespace net
