// SPDX-License-Identifier: Apache-2.0
// Certificates in files and objects: what they say, and whether a client would accept them.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace topd::doctor {

struct Certificate {
    // Common name; one printable line.
    std::string name;
    // Subject alternative names as "a.svc, 127.0.0.1"; "none".
    std::string alternative_names;
    std::chrono::system_clock::time_point not_after;
};

// Every certificate of a PEM text. Empty: there is none, or one is broken.
std::vector<Certificate> read_certificates(std::string_view pem);

// 2027-01-31
std::string date(std::chrono::system_clock::time_point when);

enum class Verdict {
    good,
    bad_authorities,  // the authorities' PEM is not usable
    authority,        // signed by none of the authorities
    expired,          // or not valid yet
    name,
    other,
};
struct Verification {
    Verdict verdict = Verdict::good;
    // Why, when it is not good.
    std::string words;
};

// As a TLS client that trusts these authorities and calls a server by this DNS name. `chain`: the server's
// certificate, then what it sends along; usable PEM.
Verification verify_server(std::string_view chain, std::string_view authorities, const std::string& name,
                           std::chrono::system_clock::time_point now);

}  // namespace topd::doctor
