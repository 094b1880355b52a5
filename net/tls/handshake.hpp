// SPDX-License-Identifier: Apache-2.0
// Settings of sockets and names around a TLS handshake. For net's own .cpp files.
#pragma once

#include "net/tls/openssl.hpp"

#include <string>

namespace net {

// Turns on TCP keep-alive: a peer that vanished without a word is noticed within a minute, even on a watch
// that is silent for hours.
void keep_alive(int socket);

// A DNS name is sent along (SNI); an address is not (RFC 6066, 3).
void send_name(SSL* ssl, const std::string& name);

// The server's certificate must hold this DNS name or IP address.
void expect_name(SSL* ssl, const std::string& name);

// Answers plain HTTP on a TLS port as Go's server does (net/http/server.go).
void answer_plain_http(int socket);

}  // namespace net
