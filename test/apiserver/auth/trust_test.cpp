// SPDX-License-Identifier: Apache-2.0
#include "apiserver/auth/trust.hpp"

#include "test/net/tls/authority.hpp"
#include "test/net/tls/shown_certificate.hpp"
#include "test/topd/captured_log.hpp"

#include <catch2/catch.hpp>

using apiserver::Trust;
using apiserver::TrustSource;
using LookUp = apiserver::TrustSource::LookUp;

namespace {

kube::ConfigMap config_map(kube::StringMap data) {
    kube::ConfigMap map;
    map.name_space = "kube-system";
    map.name = "extension-apiserver-authentication";
    map.data = std::move(data);
    return map;
}

}  // namespace

TEST_CASE("The ConfigMap says whom to trust and changes apply live") {
    const net::KeyPair clients = net::make_authority("clients");
    const net::KeyPair proxies = net::make_authority("proxies");
    const net::KeyPair later = net::make_authority("later");
    TrustSource source{{}, LookUp::required};
    CHECK(!source.ready());
    source.put(config_map({{"client-ca-file", clients.certificate_pem},
                           {"requestheader-allowed-names", R"(["front-proxy-client","other"])"},
                           {"requestheader-client-ca-file", proxies.certificate_pem},
                           {"requestheader-extra-headers-prefix", R"(["X-Remote-Extra-"])"},
                           {"requestheader-group-headers", R"(["X-Remote-Group"])"},
                           {"requestheader-username-headers", R"(["X-Remote-User"])"}}));
    REQUIRE(source.ready());
    const auto first = source.current();
    REQUIRE(first->front_proxy);
    CHECK(first->front_proxy->allowed_names == std::vector<std::string>{"front-proxy-client", "other"});
    CHECK(first->front_proxy->username_headers == std::vector<std::string>{"X-Remote-User"});
    CHECK(first->front_proxy->group_headers == std::vector<std::string>{"X-Remote-Group"});
    CHECK(first->front_proxy->extra_prefixes == std::vector<std::string>{"X-Remote-Extra-"});
    CHECK(first->front_proxy->uid_headers.empty());
    REQUIRE(first->clients);
    const auto of_clients = test::shown_by(test::client_certificate(clients, "jane"));
    const auto of_proxies = test::shown_by(test::client_certificate(proxies, "front-proxy-client"));
    CHECK(first->clients->verify_client(of_clients).has_value());
    CHECK(!first->clients->verify_client(of_proxies).has_value());
    CHECK(first->front_proxy->authorities.verify_client(of_proxies).has_value());

    source.put(config_map({{"client-ca-file", later.certificate_pem}}));
    const auto second = source.current();
    CHECK(!second->clients->verify_client(of_clients).has_value());
    // Without its authority the front proxy stays as it was, with the names that it may have.
    REQUIRE(second->front_proxy);
    CHECK(second->front_proxy->authorities.verify_client(of_proxies).has_value());
    CHECK(second->front_proxy->allowed_names == std::vector<std::string>{"front-proxy-client", "other"});
}

TEST_CASE("Parts of the ConfigMap's bundles that are left out are said with their key") {
    const std::string broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    const std::string bundle = net::make_authority("good").certificate_pem + broken;
    test::CapturedLog log;
    TrustSource source{{}, LookUp::required};
    source.put(config_map({{"client-ca-file", bundle},
                           {"requestheader-client-ca-file", bundle},
                           {"requestheader-username-headers", R"(["X-Remote-User"])"}}));
    CHECK(source.current()->clients);
    CHECK(source.current()->front_proxy);
    const auto& lines = log.lines();
    REQUIRE(lines.size() == 2);
    const std::string said =
        R"("Left out a part of a bundle of authorities" from="kube-system/extension-apiserver-authentication: )";
    CHECK_THAT(lines[0], Catch::StartsWith(said + R"(requestheader-client-ca-file" err="block 2)"));
    CHECK_THAT(lines[1], Catch::StartsWith(said + R"(client-ca-file" err="block 2)"));
}

TEST_CASE("Readiness follows the way of looking up") {
    CHECK(TrustSource({}, LookUp::none).ready());
    CHECK(TrustSource({}, LookUp::tolerated).ready());
    TrustSource required{{}, LookUp::required};
    CHECK(!required.ready());
    kube::ConfigMap other = config_map({});
    other.name = "other";
    required.put(other);
    CHECK(!required.ready());
    // There is no such ConfigMap.
    required.end_list();
    CHECK(required.ready());
    CHECK(!required.current()->front_proxy);
}

TEST_CASE("Flags override the ConfigMap") {
    const net::KeyPair by_flag = net::make_authority("flag");
    const net::KeyPair by_map = net::make_authority("map");
    Trust flags;
    flags.clients = net::TrustPool::from_pem(by_flag.certificate_pem).value();
    TrustSource source{flags, LookUp::required};
    source.put(config_map({{"client-ca-file", by_map.certificate_pem}}));
    const auto trust = source.current();
    CHECK(
        trust->clients->verify_client(test::shown_by(test::client_certificate(by_flag, "jane"))).has_value());
    CHECK(
        !trust->clients->verify_client(test::shown_by(test::client_certificate(by_map, "jane"))).has_value());
}
