// SPDX-License-Identifier: Apache-2.0
#include "apiserver/etag.hpp"

#include <openssl/sha.h>

namespace apiserver {

std::string make_etag(std::string_view text) {
    unsigned char digest[SHA512_DIGEST_LENGTH];
    SHA512(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest);
    std::string out = "\"";
    for (const unsigned char byte : digest) {
        out.push_back("0123456789ABCDEF"[byte >> 4]);
        out.push_back("0123456789ABCDEF"[byte & 0xf]);
    }
    return out.append("\"");
}

bool client_has(const net::Request& request, std::string_view etag) {
    if (request.headers.has_token("If-None-Match", "*")) return true;
    return request.headers.has_token("If-None-Match", etag);
}

}  // namespace apiserver
