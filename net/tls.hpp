// SPDX-License-Identifier: Apache-2.0
// TLS settings shared by many connections. Both classes are immutable and cheap to copy: a change of
// certificates makes a new one, and connections that are open keep theirs.
#pragma once

#include "net/certificate.hpp"
#include "net/error.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace net {

// How we appear to, and what we ask of, the servers that we call.
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

    const Impl* impl() const { return impl_.get(); }

  private:
    std::shared_ptr<const Impl> impl_;
};

// How we appear to our clients. They are asked for a certificate, but none is required and none is verified
// in the handshake: that happens per request, since authorities change while connections live.
class TlsServer {
  public:
    struct Impl;
    struct Options {
        KeyPair certificate;
        // PEM authorities whose names are sent as a hint to clients; may be empty.
        std::string client_ca_hint_pem;
        // Of TLS 1.2, by their IANA names; empty: AEAD suites with forward secrecy. The client's order
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
