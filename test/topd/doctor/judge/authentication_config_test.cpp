// SPDX-License-Identifier: Apache-2.0
#include "topd/doctor/judge/authentication_config.hpp"

#include "net/tls/certificate.hpp"
#include "test/net/tls/authority.hpp"
#include "test/topd/doctor/answers.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace topd::doctor;
using test::Ids;

namespace {

const std::chrono::system_clock::time_point kNow = std::chrono::system_clock::now();

// A good one, in which some keys are something else; null: not there.
Answer config_map(const nlohmann::json& changes) {
    static const std::string authority = net::make_authority("front-proxy-ca").certificate_pem;
    nlohmann::json data = {{"client-ca-file", authority},
                           {"requestheader-client-ca-file", authority},
                           {"requestheader-allowed-names", R"(["front-proxy-client"])"},
                           {"requestheader-username-headers", R"(["X-Remote-User"])"},
                           {"requestheader-group-headers", R"(["X-Remote-Group"])"}};
    data.merge_patch(changes);
    return nlohmann::json{{"data", data}}.dump();
}

std::string expired() {
    net::CertificateRequest request;
    request.common_name = "old-ca";
    request.not_before_offset = std::chrono::hours{-48};
    request.not_after_offset = std::chrono::hours{-24};
    return net::issue(net::make_authority("root"), request).certificate_pem;
}

}  // namespace

TEST_CASE("The authentication ConfigMap must let topd know the aggregator") {
    struct Case {
        const char* name;
        nlohmann::json changes;
        Ids expected;
    };
    const Case cases[] = {
        {"good", nlohmann::json::object(), {}},
        {"no front proxy authority",
         {{"requestheader-client-ca-file", nullptr}},
         {"E requestheader-client-ca"}},
        {"a broken authority", {{"requestheader-client-ca-file", "no PEM"}}, {"E requestheader-client-ca"}},
        {"an expired authority",
         {{"requestheader-client-ca-file", expired()}},
         {"E requestheader-client-ca"}},
        {"an expired client authority", {{"client-ca-file", expired()}}, {"E client-ca"}},
        {"no client authority", {{"client-ca-file", nullptr}}, {}},
        {"names that are no list",
         {{"requestheader-allowed-names", "front-proxy-client"}},
         {"E requestheader-lists"}},
        {"names that are numbers", {{"requestheader-allowed-names", "[1]"}}, {"E requestheader-lists"}},
        {"no name among names", {{"requestheader-allowed-names", "[\"a\",null]"}}, {"E requestheader-lists"}},
        {"headers that are no strings",
         {{"requestheader-group-headers", "[[\"X-Remote-Group\"]]"}},
         {"E requestheader-lists"}},
        {"an empty list of user headers",
         {{"requestheader-username-headers", "[]"}},
         {"E requestheader-username-headers"}},
        {"any name", {{"requestheader-allowed-names", nullptr}}, {}},
        {"no user header",
         {{"requestheader-username-headers", nullptr}},
         {"E requestheader-username-headers"}},
    };
    for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
            CHECK(test::ids(judge_authentication_config(config_map(c.changes), {}, kNow)) == c.expected);
        }
}

TEST_CASE("An old authority beside its successor is well") {
    const std::string both = expired() + net::make_authority("new").certificate_pem;
    CHECK(judge_authentication_config(config_map({{"requestheader-client-ca-file", both}}), {}, kNow)
              .findings.empty());
}

TEST_CASE("A missing authentication ConfigMap is an error and one that may not be read is a note") {
    CHECK(test::ids(judge_authentication_config(test::refused(404), {}, kNow)) ==
          Ids{"E authentication-config-missing"});
    const Check forbidden = judge_authentication_config(test::refused(403, "no"), {}, kNow);
    CHECK(forbidden.findings.empty());
    CHECK(forbidden.notes.size() == 1);
    CHECK(forbidden.well.empty());
}

TEST_CASE("Flags make the authentication ConfigMap unimportant") {
    topd::Flags flags;
    flags.requestheader_client_ca_file = "proxy.crt";
    const Answer without =
        config_map({{"requestheader-client-ca-file", nullptr}, {"client-ca-file", "no PEM"}});
    CHECK(test::ids(judge_authentication_config(without, flags, kNow)) == Ids{"E client-ca"});
    flags.client_ca_file = "clients.crt";
    CHECK(judge_authentication_config(test::refused(403), flags, kNow).findings.empty());
    CHECK(judge_authentication_config(test::refused(403), flags, kNow).notes.empty());
}
