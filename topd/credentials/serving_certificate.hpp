// SPDX-License-Identifier: Apache-2.0
// The certificate that we serve with.
#pragma once

#include "files/watched.hpp"
#include "net/http/server.hpp"
#include "net/tls/tls.hpp"
#include "topd/flags/flags.hpp"

#include <string>

namespace topd {

struct ServingFiles {
    std::string certificate;
    std::string key;
};
// --tls-cert-file and --tls-private-key-file; else apiserver.crt and apiserver.key of --cert-dir.
ServingFiles serving_files(const Flags& flags);

// What they hold. Those of --cert-dir are made (and said so in the log) unless both are there and belong
// together. Throws std::runtime_error with one line when they are not usable.
net::TlsServer serving_tls(const Flags& flags);

// Keeps the server to what the files hold.
class ServingCertificate {
  public:
    // The server, which has it, and the flags must outlive it.
    ServingCertificate(const Flags& flags, net::HttpServer& server);

    // Gives the server the pair anew if the files changed. A pair that is not usable (half replaced, say) is
    // logged once, and the last good one stays.
    void read_again();

  private:
    const Flags& flags_;
    net::HttpServer& server_;
    files::Watched files_;
};

}  // namespace topd
