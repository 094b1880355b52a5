// SPDX-License-Identifier: Apache-2.0
// Keeps the certificates that clients show, in little memory (docs/decisions/0016-hostile-clients.md). For
// net's own .cpp files.
#pragma once

#include "net/tls/certificate.hpp"
#include "net/tls/openssl.hpp"

namespace net {

// Takes what clients show in handshakes of this context, whatever it is: nothing is verified here. OpenSSL
// keeps one plain certificate; of anything else it keeps the bare key, since the client has yet to prove that
// it is its own. No session is kept: a resumed one would have to bring the chain along, for a client that may
// have proved nothing.
void take_client_chains(SSL_CTX* context);

// Where the handshake puts what the client shows; must outlive the handshake.
void put_client_chain_into(SSL* ssl, PeerCertificate& place);

}  // namespace net
