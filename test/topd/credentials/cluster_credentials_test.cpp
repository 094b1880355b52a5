// SPDX-License-Identifier: Apache-2.0
#include "topd/credentials/cluster_credentials.hpp"

#include "scraper/options.hpp"
#include "test/net/tls/authority.hpp"
#include "test/topd/captured_log.hpp"
#include "test/topd/file_tree.hpp"
#include "topd/settings.hpp"

#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

namespace {

constexpr const char* kForServer = R"("Reloaded authorities and client certificate for the API server")";
constexpr const char* kForKubelets = R"("Reloaded authorities and client certificate for kubelets")";

net::KeyPair client_pair(const net::KeyPair& authority) {
    net::CertificateRequest request;
    request.common_name = "topd";
    request.client = true;
    return net::issue(authority, request);
}

// A daemon that knows its cluster by a kubeconfig that names files.
struct Scene {
    test::FileTree files;
    boost::asio::io_context loop{1};
    net::KeyPair first = net::make_authority("first");
    net::KeyPair second = net::make_authority("second");
    topd::Flags flags;
    kube::Config cluster;
    storage::Store store{storage::StoreOptions{}};
    std::unique_ptr<scraper::Scraper> scraper;
    std::unique_ptr<topd::ClusterCredentials> credentials;

    explicit Scene(bool own_authority_of_kubelets = false) {
        files.write("ca.crt", first.certificate_pem);
        write_pair(client_pair(first));
        files.write("config", R"({"kind": "Config", "current-context": "c",
            "contexts": [{"name": "c", "context": {"cluster": "c", "user": "u"}}],
            "clusters": [{"name": "c", "cluster": {"server": "https://127.0.0.1:1", "certificate-authority": "ca.crt"}}],
            "users": [{"name": "u", "user": {"client-certificate": "u.crt", "client-key": "u.key"}}]})");
        files.write("kubelets.crt", first.certificate_pem);
        flags.kubeconfig = files.root() + "/config";
        if (own_authority_of_kubelets) flags.kubelet_certificate_authority = files.root() + "/kubelets.crt";
        cluster = topd::kube_config(flags);
        scraper = std::make_unique<scraper::Scraper>(loop.get_executor(),
                                                     topd::scraper_options(flags, cluster), store);
        credentials = std::make_unique<topd::ClusterCredentials>(flags, cluster, *scraper);
    }
    void write_pair(const net::KeyPair& pair) {
        files.write("u.crt", pair.certificate_pem);
        files.write("u.key", pair.key_pem);
    }
    // And again, as the daemon does every some seconds.
    void read_again() {
        credentials->read_again();
        credentials->read_again();
    }
    // How often connections to the API server were given something else, through any copy of its settings.
    std::uint64_t changes() const { return cluster.server.tls->generation(); }
};

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("A new authority of the cluster is for the API server and for kubelets") {
    Scene scene;
    test::CapturedLog log;
    scene.read_again();
    CHECK(scene.changes() == 0);
    scene.files.write("ca.crt", scene.second.certificate_pem);
    scene.read_again();
    CHECK(scene.changes() == 1);
    CHECK(log.lines() == Lines{kForServer, kForKubelets});
}

TEST_CASE("A new client certificate is for both as well") {
    Scene scene;
    test::CapturedLog log;
    scene.write_pair(client_pair(scene.second));
    scene.read_again();
    CHECK(scene.changes() == 1);
    CHECK(log.lines() == Lines{kForServer, kForKubelets});
}

TEST_CASE("Kubelets with an authority of their own follow its file") {
    Scene scene{true};
    test::CapturedLog log;
    scene.files.write("kubelets.crt", scene.second.certificate_pem);
    scene.read_again();
    CHECK(scene.changes() == 0);
    scene.files.write("ca.crt", scene.second.certificate_pem);
    scene.read_again();
    CHECK(scene.changes() == 1);
    // The client certificate is the cluster's still, and unchanged.
    CHECK(log.lines() == Lines{kForKubelets, kForServer});
}

TEST_CASE("What is not usable is said once and changes nothing") {
    Scene scene{true};
    test::CapturedLog log;
    scene.files.write("kubelets.crt", "half a fi");
    scene.read_again();
    scene.files.write("u.key", client_pair(scene.second).key_pem);
    scene.read_again();
    scene.write_pair(client_pair(scene.second));
    scene.files.write("kubelets.crt", scene.second.certificate_pem);
    scene.read_again();
    CHECK(scene.changes() == 1);
    const Lines& lines = log.lines();
    REQUIRE(lines.size() == 4);
    const char* failed =
        R"("Failed to reload authorities and client certificates, keeping the last ones" for="the API server and kubelets" err=)";
    CHECK_THAT(lines[0], Catch::StartsWith(failed) && Catch::Contains("--kubelet-certificate-authority: ") &&
                             Catch::Contains("kubelets.crt: holds no PEM block"));
    CHECK_THAT(lines[1], Catch::StartsWith(failed) && Catch::Contains("client-key"));
    CHECK(lines[2] == kForServer);
    CHECK(lines[3] == kForKubelets);
}
