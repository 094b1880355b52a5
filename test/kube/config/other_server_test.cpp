// SPDX-License-Identifier: Apache-2.0
#include "kube/config/config.hpp"
#include "test/kube/environment.hpp"
#include "test/net/tls/authority.hpp"

#include <catch2/catch.hpp>

namespace {

const std::string kTwoContexts =
    "current-context: a\n"
    "contexts:\n"
    "- {name: a, context: {cluster: one, user: me, namespace: web}}\n"
    "- {name: b, context: {cluster: two}}\n"
    "clusters:\n"
    "- {name: one, cluster: {server: 'https://127.0.0.1:1'}}\n"
    "- {name: two, cluster: {server: 'https://127.0.0.1:2'}}\n"
    "users:\n"
    "- {name: me, user: {token: secret}}\n";

kube::Config with_credentials() {
    static const net::KeyPair authority = net::make_authority("cluster");
    kube::Config config = kube::parse_kubeconfig(kTwoContexts, "file");
    config.ca_pem = authority.certificate_pem;
    net::CertificateRequest request;
    request.common_name = "me";
    request.client = true;
    config.certificate = net::issue(authority, request);
    return config;
}

kube::OtherServer at(const std::string& url) {
    kube::OtherServer server;
    server.called = "--url";
    server.url = url;
    return server;
}

}  // namespace

TEST_CASE("Another context than the current one can be chosen") {
    const kube::Config current = kube::parse_kubeconfig(kTwoContexts, "file");
    CHECK((current.server.port == 1 && current.name_space == "web"));
    const kube::Config other = kube::parse_kubeconfig(kTwoContexts, "file", "b");
    CHECK((other.server.port == 2 && other.name_space.empty() && other.token.empty()));
    CHECK_THROWS_WITH(
        kube::parse_kubeconfig(kTwoContexts, "file", "c"),
        "kubeconfig file: contexts[\"c\"]: there is no such entry; kubectl config get-contexts lists "
        "them");
}

TEST_CASE("Another server of the cluster is shown the credentials, of which none leaves in the clear") {
    const kube::test::CleanEnvironment environment;
    const kube::Config from = with_credentials();
    const kube::Config secure = kube::other_server(from, at("https://127.0.0.1:3/x"));
    CHECK((secure.server.tls && secure.server.port == 3 && secure.path_prefix == "/x"));
    CHECK((secure.token.value({}) == "secret" && secure.certificate && secure.name_space == "web"));
    CHECK(secure.ca_pem == from.ca_pem);
    const kube::Config plain = kube::other_server(from, at("http://127.0.0.1:3"));
    CHECK_FALSE(plain.server.tls);
    CHECK((plain.token.empty() && !plain.certificate));
}

TEST_CASE("A server that is not verified is shown no token") {
    const kube::test::CleanEnvironment environment;
    kube::OtherServer server = at("https://127.0.0.1:3");
    server.insecure = true;
    const kube::Config config = kube::other_server(with_credentials(), server);
    CHECK((config.token.empty() && config.certificate && config.insecure && config.ca_pem.empty()));
}

TEST_CASE("Another server may have an authority of its own") {
    const kube::test::CleanEnvironment environment;
    kube::OtherServer server = at("https://127.0.0.1:3");
    server.ca_pem = net::make_authority("own").certificate_pem;
    CHECK(kube::other_server(with_credentials(), server).ca_pem == server.ca_pem);
    server.ca_pem = "none";
    CHECK_THROWS_AS(kube::other_server(with_credentials(), server), kube::ConfigError);
    CHECK_THROWS_WITH(
        kube::other_server({}, at("nobody@host")),
        "the command line: --url: is not a URL like https://HOST:PORT: it must not hold a user's name");
}
