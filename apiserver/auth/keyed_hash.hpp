// SPDX-License-Identifier: Apache-2.0
// What stands for a secret, or for something too long to keep: HMAC-SHA256 by a key of this process alone.
#pragma once

#include <array>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>

#include <openssl/types.h>

namespace apiserver {

// Nobody outside can find two texts with the same one.
using Digest = std::array<unsigned char, 32>;

// They are random already.
struct DigestHash {
    std::size_t operator()(const Digest& digest) const {
        std::size_t hash = 0;
        std::memcpy(&hash, digest.data(), sizeof hash);
        return hash;
    }
};

class KeyedHash {
  public:
    KeyedHash();
    Digest operator()(std::string_view text) const;

  private:
    struct Free {
        void operator()(EVP_MAC_CTX* context) const;
    };
    // Holds the key; one for all, since making one costs more than the hash.
    std::unique_ptr<EVP_MAC_CTX, Free> context_;
};

}  // namespace apiserver
