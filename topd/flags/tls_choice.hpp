// SPDX-License-Identifier: Apache-2.0
// What --tls-min-version, --tls-cipher-suites and --tls-curve-preferences ask for, in Go's names and numbers,
// as OpenSSL has it.
#pragma once

#include "topd/flags/flags.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace topd {

struct TlsChoice {
    // As on the wire: 0x0303 is TLS 1.2, which is the lowest that there is.
    int min_version = 0x0303;
    // For TLS 1.2, by their IANA names. Empty: the usual ones, or none, when min_version is TLS 1.3.
    std::vector<std::string> cipher_suites;
    // For key exchange, by their numbers of IANA (RFC 8446, 4.2.7). Empty: the usual ones.
    std::vector<std::uint16_t> groups;
    // What Go has and OpenSSL has not, as it stands on a command line: --tls-curve-preferences=4588
    std::vector<std::string> without_effect;
};

// Throws FlagError: a name or number that Go has not either, or nothing is left of a list.
TlsChoice tls_choice(const Flags& flags);

}  // namespace topd
