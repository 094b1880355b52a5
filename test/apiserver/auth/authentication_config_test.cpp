// SPDX-License-Identifier: Apache-2.0
// Whatever the authentication ConfigMap holds, nobody is trusted whom a good one did not name.
#include "apiserver/auth/authentication_config.hpp"

#include "apiserver/auth/certificate_proof.hpp"
#include "apiserver/auth/trust.hpp"
#include "test/net/tls/authority.hpp"
#include "test/net/tls/shown_certificate.hpp"
#include "test/topd/captured_log.hpp"

#include <algorithm>
#include <chrono>
#include <random>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using apiserver::FrontProxyConfig;
using apiserver::read_list;
using apiserver::Trust;
using apiserver::TrustSource;

namespace {

const std::vector<std::string> kListKeys = {
    "requestheader-allowed-names", "requestheader-username-headers", "requestheader-group-headers",
    "requestheader-extra-headers-prefix", "requestheader-uid-headers"};
const std::string kFailed = "\"Failed to read the authentication configuration, ";

// Texts that are no JSON array of strings with something in each.
const std::vector<std::string> kNoLists = {
    "[\"front-proxy-client\"",
    "front-proxy-client",
    "\"front-proxy-client\"",
    "{\"front-proxy-client\":1}",
    "{}",
    "[1]",
    "[null]",
    "[true]",
    "[[\"front-proxy-client\"]]",
    "[{}]",
    "[\"front-proxy-client\",1]",
    "[null,\"front-proxy-client\"]",
    "[\"\"]",
    "[\"front-proxy-client\",\"\"]",
    "null",
    "true",
    "0",
    " ",
    "\n",
    "[]]",
    "[] []",
    "[,]",
    "[\"a\",]",
    "['a']",
    "[\"\xff\"]",
    "[\"\\ud800\"]",
    std::string("[\"a\"]\0", 6),
    "- front-proxy-client",
};

struct Proxies {
    net::KeyPair authority = net::make_authority("proxies");
    net::KeyPair clients = net::make_authority("clients");
    net::PeerCertificate named = test::shown_by(test::client_certificate(authority, "front-proxy-client"));
    net::PeerCertificate other = test::shown_by(test::client_certificate(authority, "somebody-else"));
    net::PeerCertificate jane = test::shown_by(test::client_certificate(clients, "jane"));

    kube::StringMap good() const {
        return {{"client-ca-file", clients.certificate_pem},
                {"requestheader-client-ca-file", authority.certificate_pem},
                {"requestheader-allowed-names", R"(["front-proxy-client"])"},
                {"requestheader-username-headers", R"(["X-Remote-User"])"},
                {"requestheader-group-headers", R"(["X-Remote-Group"])"},
                {"requestheader-extra-headers-prefix", R"(["X-Remote-Extra-"])"},
                {"requestheader-uid-headers", R"(["X-Remote-Uid"])"}};
    }
};

Proxies& proxies() {
    static Proxies all;
    return all;
}

// nullopt: without that key.
kube::ConfigMap config_map(std::string_view key = {}, std::optional<std::string> text = std::nullopt) {
    kube::ConfigMap map;
    map.name_space = "kube-system";
    map.name = "extension-apiserver-authentication";
    for (auto& [name, value] : proxies().good()) {
        if (name != key)
            map.data.emplace_back(name, value);
        else if (text)
            map.data.emplace_back(name, *text);
    }
    return map;
}

bool trusts(const Trust& trust, const net::PeerCertificate& proxy) {
    if (!trust.front_proxy) return false;
    return apiserver::prove_front_proxy(proxy, *trust.front_proxy, std::chrono::system_clock::now())
        .objection.empty();
}

bool knows_jane(const Trust& trust) {
    return trust.clients && trust.clients->verify_client(proxies().jane).has_value();
}

}  // namespace

TEST_CASE("An unreadable list makes the front proxy untrusted, or what it was") {
    for (const std::string& key : kListKeys) {
        for (const std::string& text : kNoLists) {
            CAPTURE(key, text);
            TrustSource first{{}, TrustSource::LookUp::required};
            first.put(config_map(key, text));
            CHECK(first.ready());
            CHECK_FALSE(first.current()->front_proxy);
            // The other part is as good as ever.
            CHECK(knows_jane(*first.current()));

            TrustSource later{{}, TrustSource::LookUp::required};
            later.put(config_map());
            later.put(config_map(key, text));
            const auto trust = later.current();
            CHECK(trusts(*trust, proxies().named));
            CHECK_FALSE(trusts(*trust, proxies().other));
            CHECK(trust->front_proxy->username_headers == std::vector<std::string>{"X-Remote-User"});
            CHECK(trust->front_proxy->group_headers == std::vector<std::string>{"X-Remote-Group"});
            // And it is mended by the next good one.
            first.put(config_map());
            CHECK(trusts(*first.current(), proxies().named));
            CHECK_FALSE(trusts(*first.current(), proxies().other));
        }
    }
}

TEST_CASE("An unreadable authority keeps the whole of its part") {
    const auto text = GENERATE(as<std::string>{}, "garbage", "", "-----BEGIN CERTIFICATE-----\n", "\n");
    CAPTURE(text);
    TrustSource source{{}, TrustSource::LookUp::required};
    source.put(config_map("requestheader-client-ca-file", text));
    CHECK_FALSE(source.current()->front_proxy);
    source.put(config_map());
    kube::ConfigMap bad = config_map("requestheader-client-ca-file", text);
    for (auto& [key, value] : bad.data)
        if (key == "requestheader-allowed-names") value = "[]";
    source.put(bad);
    CHECK(trusts(*source.current(), proxies().named));
    CHECK_FALSE(trusts(*source.current(), proxies().other));
    source.put(config_map("client-ca-file", text));
    CHECK(knows_jane(*source.current()));
}

TEST_CASE("A ConfigMap that is deleted, or loses its keys, leaves what it said last") {
    TrustSource source{{}, TrustSource::LookUp::required};
    source.put(config_map());
    SECTION("deleted") {
        source.removed(config_map());
    }
    SECTION("not in the list") {
        source.begin_list();
        source.end_list();
    }
    SECTION("empty") {
        kube::ConfigMap empty = config_map();
        empty.data.clear();
        source.put(empty);
    }
    CHECK(knows_jane(*source.current()));
    CHECK(trusts(*source.current(), proxies().named));
    CHECK_FALSE(trusts(*source.current(), proxies().other));
}

TEST_CASE("A key that is absent or empty is an empty list, as in Go") {
    const auto text = GENERATE(as<std::optional<std::string>>{}, std::nullopt, "", "[]", " [ ] ");
    TrustSource source{{}, TrustSource::LookUp::required};
    source.put(config_map("requestheader-allowed-names", text));
    CHECK(trusts(*source.current(), proxies().other));
    // Nobody is named then: the requests are as those without a certificate.
    source.put(config_map("requestheader-username-headers", text));
    REQUIRE(source.current()->front_proxy);
    CHECK(source.current()->front_proxy->username_headers.empty());
}

TEST_CASE("What cannot be read is logged with its key, and what was never set up is not") {
    test::CapturedLog log;
    TrustSource source{{}, TrustSource::LookUp::required};
    kube::ConfigMap empty = config_map();
    empty.data.clear();
    source.put(empty);
    source.put(config_map("requestheader-allowed-names", "[1]"));
    source.put(config_map());
    source.put(config_map("requestheader-uid-headers", "null"));
    source.put(config_map("client-ca-file"));
    const auto line = [](const std::string& then, const std::string& why, const std::string& key) {
        return kFailed + then + "\" err=\"" + why +
               "\" configMap=\"kube-system/extension-apiserver-authentication\" key=\"" + key + "\"";
    };
    CHECK(log.lines() ==
          std::vector<std::string>{
              line("trusting nobody by it", "an item of the JSON array is not a string",
                   "requestheader-allowed-names"),
              line("keeping the last value", "not a JSON array of strings", "requestheader-uid-headers"),
              line("keeping the last value", "missing or empty", "client-ca-file")});
}

TEST_CASE("A list is what its text says, or it is not read") {
    std::mt19937 random{20261128};
    const std::string pieces[] = {"[",    "]",    "[",    "]",           "\"a\"", "\"front-proxy-client\"",
                                  ",",    ",",    "null", "1",           "{",     "}",
                                  ":",    "\"",   "\\",   "\"\\u0000\"", " ",     "\"\"",
                                  "true", "\xff", "x"};
    const auto below = [&](std::size_t n) {
        return std::uniform_int_distribution<std::size_t>{0, n - 1}(random);
    };
    std::size_t read = 0;
    for (int i = 0; i < 200'000; ++i) {
        std::string text = below(2) == 0 ? "[" : "";
        for (std::size_t n = below(6); n > 0; --n) text += pieces[below(std::size(pieces))];
        if (below(2) == 0) text += "]";
        const auto list = read_list({{"k", text}}, "k");
        if (!list || text.empty()) continue;
        CAPTURE(text);
        ++read;
        // Nothing was left out, and nothing was made of what is no string.
        REQUIRE(nlohmann::json::parse(text) == nlohmann::json(*list));
        REQUIRE(std::count(list->begin(), list->end(), "") == 0);
    }
    CHECK(read > 1000);
}
