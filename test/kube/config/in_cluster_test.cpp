// SPDX-License-Identifier: Apache-2.0
#include "kube/config/config.hpp"
#include "test/kube/environment.hpp"
#include "test/kube/temporary_folder.hpp"
#include "test/net/tls/authority.hpp"

#include <catch2/catch.hpp>

using namespace kube;
using namespace kube::test;
using Catch::Matchers::Contains;

TEST_CASE("in_cluster reads the service account") {
    const CleanEnvironment clean;
    const TemporaryFolder folder;
    const std::string ca = net::make_authority("test").certificate_pem;
    folder.write("token", "abc\n");
    folder.write("ca.crt", ca);
    const Variable port{"KUBERNETES_SERVICE_PORT", "443"};
    const auto [host, authority_text] = GENERATE(
        table<const char*, const char*>({{"10.96.0.1", "10.96.0.1:443"}, {"fd00::1", "[fd00::1]:443"}}));
    const Variable server{"KUBERNETES_SERVICE_HOST", host};
    const Config config = in_cluster(folder.path());
    CHECK(config.server.authority() == authority_text);
    CHECK(config.server.tls);
    CHECK(config.token.value({}) == "abc");
    CHECK(config.ca_pem == ca);
}

TEST_CASE("in_cluster says what is missing") {
    const CleanEnvironment clean;
    const TemporaryFolder folder;
    const Variable port{"KUBERNETES_SERVICE_PORT", "443"};
    {
        const Variable none{"KUBERNETES_SERVICE_HOST", nullptr};
        CHECK_THROWS_WITH(in_cluster(folder.path()),
                          Contains("KUBERNETES_SERVICE_HOST") && Contains("--kubeconfig"));
    }
    const Variable host{"KUBERNETES_SERVICE_HOST", "10.96.0.1"};
    CHECK_THROWS_WITH(in_cluster(folder.path()),
                      Contains("/token: No such file") && Contains("automountServiceAccountToken"));
    folder.write("token", "\n");
    CHECK_THROWS_WITH(in_cluster(folder.path()), Contains("/token: the file is empty"));
    folder.write("token", "abc");
    CHECK_THROWS_WITH(in_cluster(folder.path()), Contains("/ca.crt: No such file"));
    folder.write("ca.crt", "nothing");
    CHECK_THROWS_WITH(in_cluster(folder.path()), Contains("/ca.crt: holds no PEM block"));
}
