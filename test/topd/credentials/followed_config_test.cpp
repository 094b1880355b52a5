// SPDX-License-Identifier: Apache-2.0
#include "topd/credentials/followed_config.hpp"

#include "test/net/tls/authority.hpp"
#include "test/topd/captured_log.hpp"
#include "test/topd/file_tree.hpp"
#include "topd/credentials/client_credentials.hpp"
#include "topd/serving/access.hpp"

#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>
#include <fmt/format.h>

namespace {

using Lines = std::vector<std::string>;

// A kubeconfig that names a file of authorities.
struct FollowedFiles {
    test::FileTree files;
    net::KeyPair first = net::make_authority("first");
    net::KeyPair second = net::make_authority("second");
    int loaded = 0;
    kube::Config config;
    std::unique_ptr<topd::FollowedConfig> followed;

    FollowedFiles() {
        files.write("ca.crt", first.certificate_pem);
        write_kubeconfig("ca.crt");
        config = kube::load_kubeconfig(path());
        followed = std::make_unique<topd::FollowedConfig>(
            "authentication", config, Lines{},
            [this] {
                ++loaded;
                return kube::load_kubeconfig(path());
            },
            [server = topd::ClientCredentials{"authentication", config}](const kube::Config& now) mutable {
                server.take(now);
            });
    }
    void write_kubeconfig(const char* authorities) const {
        files.write("config", fmt::format(R"({{"kind": "Config", "current-context": "c",
            "contexts": [{{"name": "c", "context": {{"cluster": "c"}}}}],
            "clusters": [{{"name": "c", "cluster":
                {{"server": "https://127.0.0.1:1", "certificate-authority": "{}"}}}}]}})",
                                          authorities));
    }
    std::string path() const { return files.root() + "/config"; }
    void read_again(int times) const {
        for (int i = 0; i < times; ++i) followed->read_again();
    }
    // How often connections were given something else, through any copy of the settings.
    std::uint64_t changes() const { return config.server.tls->generation(); }
};

constexpr const char* kReloaded = R"("Reloaded authorities and client certificate for authentication")";

}  // namespace

TEST_CASE("What a kubeconfig names is followed by all connections that it made") {
    FollowedFiles scene;
    test::CapturedLog log;
    scene.read_again(2);
    CHECK(scene.changes() == 0);
    scene.files.write("ca.crt", scene.second.certificate_pem);
    scene.read_again(3);
    CHECK(scene.changes() == 1);
    CHECK(log.lines() == Lines{kReloaded});
}

TEST_CASE("A kubeconfig is read no more than files change") {
    FollowedFiles scene;
    scene.read_again(5);
    // Something may have changed since it was loaded.
    CHECK(scene.loaded == 1);
    scene.files.write("ca.crt", scene.second.certificate_pem);
    scene.read_again(5);
    // And while it was read.
    CHECK(scene.loaded == 3);
}

TEST_CASE("A kubeconfig that comes to name another file follows that one") {
    FollowedFiles scene;
    scene.read_again(2);
    scene.files.write("other.crt", scene.first.certificate_pem);
    scene.write_kubeconfig("other.crt");
    scene.read_again(3);
    CHECK(scene.changes() == 0);
    scene.files.write("other.crt", scene.second.certificate_pem);
    scene.read_again(1);
    CHECK(scene.changes() == 1);
}

TEST_CASE("A kubeconfig that is not usable is said once and changes nothing") {
    FollowedFiles scene;
    test::CapturedLog log;
    // Names a file that comes later.
    scene.write_kubeconfig("late.crt");
    scene.read_again(3);
    CHECK(scene.changes() == 0);
    scene.files.write("late.crt", scene.second.certificate_pem);
    scene.read_again(3);
    CHECK(scene.changes() == 1);
    const Lines& lines = log.lines();
    REQUIRE(lines.size() == 2);
    const char* failed =
        R"("Failed to reload authorities and client certificates, keeping the last ones" for="authentication" err=)";
    CHECK_THAT(lines[0], Catch::StartsWith(failed) && Catch::Contains("late.crt"));
    CHECK(lines[1] == kReloaded);
}

TEST_CASE("Both kubeconfigs of access are followed, and neither where the flags name none") {
    FollowedFiles scene;
    boost::asio::io_context loop{1};
    topd::Flags flags;
    flags.authentication_skip_lookup = true;
    topd::Access by_cluster{loop.get_executor(), flags, scene.config};
    flags.authentication_kubeconfig = scene.path();
    flags.authorization_kubeconfig = scene.path();
    topd::Access by_own{loop.get_executor(), flags, scene.config};
    scene.files.write("ca.crt", scene.second.certificate_pem);
    {
        test::CapturedLog log;
        by_cluster.read_kubeconfigs_again();
        CHECK(log.lines().empty());
    }
    test::CapturedLog log;
    by_own.read_kubeconfigs_again();
    by_own.read_kubeconfigs_again();
    CHECK(log.lines() ==
          Lines{kReloaded, R"("Reloaded authorities and client certificate for authorization")"});
}
