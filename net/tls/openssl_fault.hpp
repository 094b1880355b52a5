// SPDX-License-Identifier: Apache-2.0
// Whether OpenSSL, as its configuration has it, can do what we need.
#pragma once

#include <string>

namespace net {

// Empty: it can. Else a sentence that says what it cannot do and what is likely to be the cause: a
// configuration that demands FIPS, leaves out the default provider or bounds the protocols makes OpenSSL give
// null where it otherwise never does. Asked once, before anything else of OpenSSL is used.
std::string openssl_fault();

}  // namespace net
