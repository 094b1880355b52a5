// SPDX-License-Identifier: Apache-2.0
#include "test/checkout.hpp"

namespace checkout {

std::filesystem::path fixtures() {
    return std::filesystem::path{TOPD_CHECKOUT} / "test/fixtures";
}

std::filesystem::path chains() {
    return std::filesystem::path{TOPD_CHECKOUT} / "test/net/x509";
}

std::filesystem::path docs() {
    return std::filesystem::path{TOPD_CHECKOUT} / "docs";
}

}  // namespace checkout
