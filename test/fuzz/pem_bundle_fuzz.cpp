// SPDX-License-Identifier: Apache-2.0
// Bundles of authorities: whatever stands beside a good certificate, it is found.
#include "net/tls/certificate.hpp"
#include "net/x509/bundle.hpp"
#include "test/fuzz/require.hpp"
#include "test/net/tls/authority.hpp"

#include <algorithm>
#include <string>

#include <openssl/pem.h>

namespace {

using net::x509::Bundle;

const std::string& good_pem() {
    static const std::string pem = net::make_authority("good").certificate_pem;
    return pem;
}

bool holds(const Bundle& bundle, const X509* wanted) {
    return std::any_of(bundle.certificates.begin(), bundle.certificates.end(),
                       [&](const net::X509Ptr& one) { return X509_cmp(one.get(), wanted) == 0; });
}

void check_complaints(const Bundle& bundle) {
    require(bundle.complaints.size() <= 21, "complaints are bounded");
    for (const std::string& one : bundle.complaints) {
        require(one.size() < 150, "a complaint is short");
        require(std::all_of(one.begin(), one.end(), [](char c) { return c >= 0x20 && c <= 0x7e; }),
                "a complaint is one printable line");
    }
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text{text_of(data, size)};
    const net::X509Ptr good = std::move(net::x509::read_bundle(good_pem()).certificates.at(0));
    const Bundle alone = net::x509::read_bundle(text);
    check_complaints(alone);
    const Bundle before = net::x509::read_bundle(good_pem() + text);
    const Bundle after = net::x509::read_bundle(text + "\n" + good_pem());
    for (const Bundle* both : {&before, &after}) {
        check_complaints(*both);
        require(holds(*both, good.get()), "a good certificate is found beside anything");
        for (const net::X509Ptr& one : alone.certificates)
            require(holds(*both, one.get()), "a good certificate costs its neighbours nothing");
    }
    return 0;
}
