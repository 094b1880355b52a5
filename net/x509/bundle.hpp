// SPDX-License-Identifier: Apache-2.0
// Bundles of authorities in PEM, read as Go's AppendCertsFromPEM does: what is no certificate costs itself,
// and never its neighbours. For net's own .cpp files.
#pragma once

#include "net/tls/openssl.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace net::x509 {

struct Bundle {
    // In order, each once.
    std::vector<X509Ptr> certificates;
    // "block 2 (line 21): not base64". The text of the block is never in it: it may be a key.
    std::vector<std::string> complaints;
};

Bundle read_bundle(std::string_view pem);
// The system's, where Go looks for them: SSL_CERT_FILE or the first of the usual files, and SSL_CERT_DIR or
// the usual folders.
Bundle system_authorities();

}  // namespace net::x509
