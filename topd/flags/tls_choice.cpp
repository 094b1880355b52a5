// SPDX-License-Identifier: Apache-2.0
#include "topd/flags/tls_choice.hpp"

#include "text/go_text.hpp"
#include "topd/flags/flag_spelling.hpp"
#include "topd/flags/flag_values.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <string_view>

#include <fmt/format.h>

namespace topd {
namespace {

constexpr int kTls12 = 0x0303;
constexpr int kTls13 = 0x0304;

// Go's constants (crypto/tls, cipher_suites.go) that OpenSSL has too. Those with RSA key exchange or CBC are
// weaker than what a client of these days needs; who names them gets them.
constexpr std::string_view kSuites[] = {
    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
    "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
    "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
    "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA",
    "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256",
    "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA",
    "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
    "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256",
    "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA",
    "TLS_RSA_WITH_AES_128_CBC_SHA",
    "TLS_RSA_WITH_AES_128_CBC_SHA256",
    "TLS_RSA_WITH_AES_128_GCM_SHA256",
    "TLS_RSA_WITH_AES_256_CBC_SHA",
    "TLS_RSA_WITH_AES_256_GCM_SHA384",
};
// Always on with TLS 1.3, and in no list's power: as in Go.
constexpr std::string_view kTls13Suites[] = {"TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384",
                                             "TLS_CHACHA20_POLY1305_SHA256"};
// RC4 and 3DES are broken, and no build of OpenSSL for a distribution has them.
constexpr std::string_view kMissingSuites[] = {
    "TLS_ECDHE_ECDSA_WITH_RC4_128_SHA", "TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA",
    "TLS_ECDHE_RSA_WITH_RC4_128_SHA", "TLS_RSA_WITH_3DES_EDE_CBC_SHA", "TLS_RSA_WITH_RC4_128_SHA"};

constexpr int kGroups[] = {23, 24, 25, 29};
// With ML-KEM, from OpenSSL 3.5.
constexpr int kMissingGroups[] = {4587, 4588, 4589};

template <class List, class Value>
bool holds(const List& list, const Value& value) {
    return std::find(std::begin(list), std::end(list), value) != std::end(list);
}

// k8s.io/component-base, cli/flag/ciphersuites_flag.go: TLSVersion
void choose_version(const Flags& flags, TlsChoice& choice) {
    const std::string_view name = flags.tls_min_version;
    if (name == "VersionTLS13")
        choice.min_version = kTls13;
    else if (name == "VersionTLS10" || name == "VersionTLS11")
        choice.without_effect.push_back(fmt::format("--tls-min-version={}", name));
    else if (!name.empty() && name != "VersionTLS12")
        throw FlagError{fmt::format("--tls-min-version: unknown tls version {}", text::quoted(name))};
}

// ... TLSCipherSuites
void choose_suites(const Flags& flags, TlsChoice& choice) {
    bool only_tls13 = false;
    for (std::string name : flags.tls_cipher_suites) {
        // Go's first names of these.
        if (name.ends_with("_WITH_CHACHA20_POLY1305")) name += "_SHA256";
        if (holds(kSuites, name))
            choice.cipher_suites.push_back(std::move(name));
        else if (holds(kTls13Suites, name))
            only_tls13 = true;
        else if (holds(kMissingSuites, name))
            choice.without_effect.push_back("--tls-cipher-suites=" + name);
        else
            throw FlagError{fmt::format("--tls-cipher-suites: Cipher suite {} not supported or doesn't exist",
                                        shown_argument(name))};
    }
    if (!choice.cipher_suites.empty() || flags.tls_cipher_suites.empty()) return;
    if (!only_tls13)
        throw FlagError{"--tls-cipher-suites: OpenSSL has none of these; name one with AES or CHACHA20"};
    // No suite for TLS 1.2 is left, so a handshake of 1.2 cannot succeed: as in Go.
    choice.min_version = kTls13;
}

int curve_id(const std::string& text) {
    try {
        return parse_int(text);
    } catch (const FlagError& error) {
        throw FlagError{fmt::format("invalid argument {} for \"--tls-curve-preferences\" flag: {}",
                                    text::quoted(text), error.what())};
    }
}

// ... curves_flag.go: TLSCurvePreferences
void choose_groups(const Flags& flags, TlsChoice& choice) {
    std::set<int> seen;
    for (const std::string& text : flags.tls_curve_preferences) {
        const int id = curve_id(text);
        if (!seen.insert(id).second)
            throw FlagError{fmt::format("--tls-curve-preferences: duplicate curve preference {}", id)};
        if (holds(kGroups, id))
            choice.groups.push_back(static_cast<std::uint16_t>(id));
        else if (holds(kMissingGroups, id))
            choice.without_effect.push_back(fmt::format("--tls-curve-preferences={}", id));
        else
            throw FlagError{fmt::format(
                "--tls-curve-preferences: curve preference {} is not supported; there are 23, 24, 25 and 29",
                id)};
    }
    if (choice.groups.empty() && !seen.empty())
        throw FlagError{"--tls-curve-preferences: OpenSSL has none of these; name 23, 24, 25 or 29"};
}

}  // namespace

TlsChoice tls_choice(const Flags& flags) {
    TlsChoice choice;
    choose_version(flags, choice);
    choose_suites(flags, choice);
    choose_groups(flags, choice);
    return choice;
}

}  // namespace topd
