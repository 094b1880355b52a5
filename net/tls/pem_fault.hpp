// SPDX-License-Identifier: Apache-2.0
// Tells people what is wrong with certificates and keys that OpenSSL did not take.
#pragma once

#include "net/tls/certificate.hpp"

#include <string>
#include <string_view>

namespace net {

// "is empty", "is in DER form, topd reads PEM", ...: the rest of a sentence that begins with the name of a
// file or field. Empty: nothing that shows in the text alone.
std::string certificates_fault(std::string_view text);
std::string key_fault(std::string_view text);

// What is wrong with a certificate or its key, called by these names: "/tls.key: is encrypted; ...".
std::string pair_fault(const KeyPair& pair, std::string_view certificate_name, std::string_view key_name);

}  // namespace net
