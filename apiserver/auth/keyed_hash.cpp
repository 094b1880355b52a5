// SPDX-License-Identifier: Apache-2.0
#include "apiserver/auth/keyed_hash.hpp"

#include <new>

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/rand.h>

namespace apiserver {

void KeyedHash::Free::operator()(EVP_MAC_CTX* context) const {
    EVP_MAC_CTX_free(context);
}

KeyedHash::KeyedHash() {
    std::array<unsigned char, 32> secret{};
    const std::unique_ptr<EVP_MAC, decltype(&EVP_MAC_free)> hmac{EVP_MAC_fetch(nullptr, "HMAC", nullptr),
                                                                 &EVP_MAC_free};
    context_.reset(EVP_MAC_CTX_new(hmac.get()));
    char digest[] = "SHA256";
    const OSSL_PARAM choice[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
                                 OSSL_PARAM_construct_end()};
    // Without randomness and without HMAC there is no process of ours that could work.
    if (RAND_bytes(secret.data(), static_cast<int>(secret.size())) != 1 || !context_ ||
        EVP_MAC_init(context_.get(), secret.data(), secret.size(), choice) != 1)
        throw std::bad_alloc{};
}

Digest KeyedHash::operator()(std::string_view text) const {
    Digest digest{};
    std::size_t size = 0;
    // From the start, with the key that is there.
    const bool done = EVP_MAC_init(context_.get(), nullptr, 0, nullptr) == 1 &&
                      EVP_MAC_update(context_.get(), reinterpret_cast<const unsigned char*>(text.data()),
                                     text.size()) == 1 &&
                      EVP_MAC_final(context_.get(), digest.data(), &size, digest.size()) == 1;
    // Two texts with an empty one would be the same question.
    if (!done) throw std::bad_alloc{};
    return digest;
}

}  // namespace apiserver
