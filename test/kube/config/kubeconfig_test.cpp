// SPDX-License-Identifier: Apache-2.0
#include "kube/config/config.hpp"
#include "test/kube/environment.hpp"
#include "test/kube/temporary_folder.hpp"
#include "test/net/tls/authority.hpp"
#include "test/topd/captured_log.hpp"

#include <optional>

#include <catch2/catch.hpp>

using namespace kube;
using namespace kube::test;
using Catch::Matchers::Contains;

namespace {

const net::KeyPair& authority() {
    static const net::KeyPair pair = net::make_authority("test");
    return pair;
}

const net::KeyPair& client_pair() {
    static const net::KeyPair pair = [] {
        net::CertificateRequest request;
        request.common_name = "admin";
        request.client = true;
        return net::issue(authority(), request);
    }();
    return pair;
}

std::string base64(const std::string& bytes) {
    constexpr const char* kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        std::uint32_t bits = 0;
        for (std::size_t j = i; j < i + 3; ++j)
            bits = bits << 8 | (j < bytes.size() ? static_cast<unsigned char>(bytes[j]) : 0);
        for (const int shift : {18, 12, 6, 0}) text += kDigits[bits >> shift & 63];
    }
    for (std::size_t i = 0; i < (3 - bytes.size() % 3) % 3; ++i) text[text.size() - 1 - i] = '=';
    return text;
}

// A kubeconfig of one cluster and one user, whose fields are given in YAML's flow style.
std::string kubeconfig(const std::string& cluster, const std::string& user) {
    return "apiVersion: v1\nkind: Config\ncurrent-context: c\n"
           "contexts:\n- {name: other, context: {cluster: nowhere}}\n- {name: c, context: {cluster: k, user: "
           "u}}\n"
           "clusters:\n- {name: wrong, cluster: {server: 'https://wrong:1'}}\n- {name: k, cluster: {" +
           cluster +
           "}}\n"
           "users:\n- {name: u, user: {" +
           user + "}}\n";
}

Config load(const TemporaryFolder& folder, const std::string& text) {
    return load_kubeconfig(folder.write("config", text));
}

const std::string kServer = "server: 'https://10.0.0.1:6443'";

}  // namespace

TEST_CASE("load_kubeconfig reads the current context") {
    const CleanEnvironment clean;
    const TemporaryFolder folder;
    const Config config = load(
        folder,
        kubeconfig("server: 'https://api.example.com:6443/k8s/', tls-server-name: kubernetes", "token: abc"));
    CHECK(config.server.host == "api.example.com");
    CHECK(config.server.port == 6443);
    CHECK(config.server.tls);
    CHECK(config.server.server_name == "kubernetes");
    CHECK(config.path_prefix == "/k8s");
    CHECK(config.token.value({}) == "abc");
    CHECK(config.ca_pem.empty());
    CHECK_FALSE(config.certificate);
    CHECK_FALSE(config.insecure);
}

TEST_CASE("load_kubeconfig reads certificates") {
    const CleanEnvironment clean;
    const TemporaryFolder folder;
    folder.write("pki/ca.crt", authority().certificate_pem);
    folder.write("pki/a.crt", client_pair().certificate_pem);
    folder.write("pki/a.key", client_pair().key_pem);
    std::string cluster;
    std::string user;
    SECTION("from files beside it") {
        cluster = ", certificate-authority: pki/ca.crt";
        user = "client-certificate: pki/a.crt, client-key: ./pki/a.key";
    }
    SECTION("from files with full names") {
        cluster = ", certificate-authority: " + folder.path() + "/pki/ca.crt";
        user = "client-certificate: " + folder.path() + "/pki/a.crt, client-key: " + folder.path() +
               "/pki/a.key";
    }
    SECTION("from its own data") {
        cluster = ", certificate-authority-data: " + base64(authority().certificate_pem);
        user = "client-certificate-data: " + base64(client_pair().certificate_pem) +
               ", client-key-data: " + base64(client_pair().key_pem);
    }
    SECTION("from its own data rather than from files") {
        cluster = ", certificate-authority: nowhere, certificate-authority-data: " +
                  base64(authority().certificate_pem);
        user =
            "client-certificate: nowhere, client-certificate-data: " + base64(client_pair().certificate_pem) +
            ", client-key: nowhere, client-key-data: " + base64(client_pair().key_pem);
    }
    const Config config = load(folder, kubeconfig(kServer + cluster, user));
    CHECK(config.ca_pem == authority().certificate_pem);
    REQUIRE(config.certificate);
    CHECK(config.certificate->certificate_pem == client_pair().certificate_pem);
    CHECK(config.certificate->key_pem == client_pair().key_pem);
}

TEST_CASE("load_kubeconfig accepts") {
    const CleanEnvironment clean;
    const TemporaryFolder folder;
    folder.write("token", "from-file\n");
    const auto load_with = [&](const std::string& cluster, const std::string& user) {
        return load(folder, kubeconfig(cluster, user));
    };
    SECTION("a token file, which wins over a token") {
        CHECK(load_with(kServer, "token: abc, tokenFile: token").token.value({}) == "from-file");
    }
    SECTION("no user") {
        const Config config = load(folder,
                                   "current-context: c\ncontexts: [{name: c, context: {cluster: k}}]\n"
                                   "clusters: [{name: k, cluster: {server: 'http://localhost:8080'}}]");
        CHECK(config.token.empty());
        CHECK_FALSE(config.server.tls);
        CHECK(config.server.authority() == "localhost:8080");
    }
    SECTION("a user with nothing") {
        CHECK(load_with(kServer, "").token.empty());
    }
    SECTION("insecure-skip-tls-verify") {
        CHECK(load_with(kServer + ", insecure-skip-tls-verify: true", "").insecure);
        CHECK_FALSE(load_with(kServer + ", insecure-skip-tls-verify: false", "").insecure);
    }
    SECTION("JSON") {
        const Config config =
            load(folder, R"({"current-context":"c","contexts":[{"name":"c","context":{"cluster":"k"}}],)"
                         R"("clusters":[{"name":"k","cluster":{"server":"https://[fd00::1]:6443"}}]})");
        CHECK(config.server.host == "fd00::1");
    }
    SECTION("a server without a scheme") {
        CHECK_FALSE(load_with("server: 'localhost:8080'", "").server.tls);
        CHECK(load_with("server: 'localhost:6443', insecure-skip-tls-verify: true", "").server.tls);
    }
    SECTION("empty values of fields that are refused otherwise") {
        CHECK(load_with(kServer + ", proxy-url: ''", "username: '', exec: null, auth-provider: ~")
                  .server.port == 6443);
    }
}

TEST_CASE("load_kubeconfig says which block of an authority's file it leaves out") {
    const CleanEnvironment clean;
    const TemporaryFolder folder;
    folder.write("ca.crt",
                 authority().certificate_pem + "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n");
    ::test::CapturedLog log;
    load(folder, kubeconfig(std::string{kServer} + ", certificate-authority: ca.crt", "token: x"));
    const auto lines = log.lines();
    REQUIRE(lines.size() == 1);
    CHECK(lines[0].starts_with("\"Left out a part of a bundle of authorities\" from="));
    CHECK(lines[0].find("ca.crt\" err=\"block 2 (line ") != std::string::npos);
}

TEST_CASE("load_kubeconfig refuses and says what and where and what to do") {
    const CleanEnvironment clean;
    const TemporaryFolder folder;
    folder.write("empty", "");
    folder.write("text", "no PEM");
    folder.write("ca.crt", authority().certificate_pem);
    folder.write("a.crt", client_pair().certificate_pem);
    folder.write("other.key", net::make_self_signed({}).key_pem);
    struct Case {
        const char* name;
        std::string text;
        std::vector<std::string> says;
    };
    const auto with_cluster = [](const std::string& cluster) { return kubeconfig(cluster, ""); };
    const auto with_user = [](const std::string& user) { return kubeconfig(kServer, user); };
    const Case cases[] = {
        {"nothing", "", {"is empty or no kubeconfig"}},
        {"a list", "[1]", {"is empty or no kubeconfig"}},
        {"what is not YAML", "a: [", {"is not YAML: line "}},
        {"a token that YAML takes for an alias",
         with_user("token: *secret"),
         {"is not YAML: line 11, column"}},
        {"no current context", "clusters: []", {"current-context: is not set", "kubectl config use-context"}},
        {"an unknown context", "current-context: x", {"contexts[\"x\"]: there is no such entry"}},
        {"a context without cluster",
         "current-context: c\ncontexts: [{name: c}]",
         {"contexts[\"c\"].context.cluster"}},
        {"an unknown cluster",
         "current-context: c\ncontexts: [{name: c, context: {cluster: k}}]",
         {"clusters[\"k\"]"}},
        {"an unknown user",
         "current-context: c\ncontexts: [{name: c, context: {cluster: k, user: me}}]\n"
         "clusters: [{name: k, cluster: {server: 'https://10.0.0.1'}}]",
         {"users[\"me\"]: there is no such entry"}},
        {"no server",
         with_cluster("tls-server-name: x"),
         {"clusters[\"k\"].cluster.server: is not set", "https://"}},
        {"a server that is no URL",
         with_cluster("server: 'ftp://x'"),
         {"cluster.server: is not a URL", "ftp://x"}},
        {"a server with a password",
         with_cluster("server: 'https://joe:secret@10.0.0.1'"),
         {"cluster.server: is not a URL like https://HOST:PORT: it must not hold a user's name"}},
        {"a field of the wrong type",
         with_cluster("server: {a: b}"),
         {"a field has the wrong type: line 9, column"}},
        {"a flag that is none", with_cluster(kServer + ", insecure-skip-tls-verify: maybe"), {"wrong type"}},
        {"proxy-url",
         with_cluster(kServer + ", proxy-url: 'http://p:1'"),
         {"cluster.proxy-url: proxies are not supported"}},
        {"a CA and no verification",
         with_cluster(kServer + ", insecure-skip-tls-verify: true, certificate-authority: ca.crt"),
         {"insecure-skip-tls-verify: cannot be combined"}},
        {"a CA file that is not there",
         with_cluster(kServer + ", certificate-authority: none.crt"),
         {"clusters[\"k\"].cluster.certificate-authority: cannot read " + folder.path() + "/none.crt",
          "No such file"}},
        {"an empty CA file", with_cluster(kServer + ", certificate-authority: empty"), {"the file is empty"}},
        {"a CA that is no PEM",
         with_cluster(kServer + ", certificate-authority: text"),
         {"clusters[\"k\"].cluster.certificate-authority: " + folder.path() + "/text: holds no PEM block"}},
        {"CA data that is a key",
         with_cluster(kServer + ", certificate-authority-data: LS0tLS1CRUdJTiBFQyBQUklWQVRFIEtFWS0tLS0tCg=="),
         {"cluster.certificate-authority-data: holds a key where a certificate is expected"}},
        {"CA data that is no base64",
         with_cluster(kServer + ", certificate-authority-data: '%%'"),
         {"certificate-authority-data: is not base64"}},
        {"exec",
         with_user("exec: {command: aws}"),
         {"users[\"u\"].user.exec: credential plugins are not supported", "tokenFile"}},
        {"auth-provider", with_user("auth-provider: {name: gcp}"), {"user.auth-provider: ", "tokenFile"}},
        {"a user name", with_user("username: joe"), {"user.username: ", "tokenFile"}},
        {"a password", with_user("password: 1234"), {"user.password: ", "tokenFile"}},
        {"as", with_user("as: joe"), {"user.as: impersonation is not supported"}},
        {"as-groups", with_user("as-groups: [a]"), {"user.as-groups: impersonation"}},
        {"as-uid", with_user("as-uid: '1'"), {"user.as-uid: impersonation"}},
        {"as-user-extra", with_user("as-user-extra: {a: [b]}"), {"user.as-user-extra: impersonation"}},
        {"a token of two words", with_user("token: 'a b'"), {"user.token: holds what a token cannot"}},
        {"a token file that is not there",
         with_user("tokenFile: none"),
         {"user.tokenFile: cannot read", "/none"}},
        {"an empty token file", with_user("tokenFile: empty"), {"user.tokenFile: the file is empty"}},
        {"a certificate without key",
         with_user("client-certificate: a.crt"),
         {"user.client-key: is not set"}},
        {"a key without certificate",
         with_user("client-key: a.crt"),
         {"user.client-certificate: is not set"}},
        {"a key that is none",
         with_user("client-certificate: a.crt, client-key: text"),
         {"user.client-key: " + folder.path() + "/text: holds no PEM block"}},
        {"key data that is none",
         with_user("client-certificate: a.crt, client-key-data: bm8gUEVN"),
         {"user.client-key-data: holds no PEM block"}},
        {"a certificate for a key",
         with_user("client-certificate: a.crt, client-key: a.crt"),
         {"user.client-key: " + folder.path() + "/a.crt: holds a certificate where a private key is"}},
        {"a key of another pair",
         with_user("client-certificate: a.crt, client-key: other.key"),
         {"user.client-key: " + folder.path() +
          "/other.key: the key does not belong to the certificate in "
          "users[\"u\"].user.client-certificate: " +
          folder.path() + "/a.crt"}},
    };
    for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
            std::string said;
            try {
                load(folder, c.text);
            } catch (const ConfigError& e) {
                said = e.what();
            }
            CHECK_THAT(said, Contains("kubeconfig " + folder.path() + "/config: "));
            CHECK_THAT(said, !Contains("secret"));
            for (const std::string& part : c.says) CHECK_THAT(said, Contains(part));
        }
}

TEST_CASE("load_kubeconfig refuses a file that is not there") {
    CHECK_THROWS_WITH(load_kubeconfig("/nonexistent/config"),
                      Contains("/nonexistent/config: cannot be read: No such file"));
}

TEST_CASE("load_kubeconfig refuses a proxy of the environment") {
    const CleanEnvironment clean;
    const TemporaryFolder folder;
    const Variable proxy{"HTTPS_PROXY", "http://proxy:3128"};
    CHECK_THROWS_WITH(load(folder, kubeconfig(kServer, "")),
                      Contains("HTTPS_PROXY") && Contains("NO_PROXY") && Contains("10.0.0.1"));
    const Variable covered{"NO_PROXY", "10.0.0.1"};
    CHECK(load(folder, kubeconfig(kServer, "")).server.host == "10.0.0.1");
}
