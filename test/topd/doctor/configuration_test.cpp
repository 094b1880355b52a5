// SPDX-License-Identifier: Apache-2.0
#include "topd/doctor/configuration.hpp"

#include "net/tls/certificate.hpp"
#include "test/topd/doctor/answers.hpp"
#include "test/topd/file_tree.hpp"
#include "topd/doctor/doctor.hpp"

#include <catch2/catch.hpp>

using namespace topd::doctor;
using test::Ids;

namespace {

// A kubeconfig whose server nobody listens at.
std::string kubeconfig(const test::FileTree& tree) {
    tree.write("config",
               "apiVersion: v1\nkind: Config\ncurrent-context: c\n"
               "clusters: [{name: c, cluster: {server: 'http://127.0.0.1:1'}}]\n"
               "users: [{name: u, user: {token: t}}]\n"
               "contexts: [{name: c, context: {cluster: c, user: u}}]\n");
    return "--kubeconfig=" + tree.root() + "/config";
}

}  // namespace

TEST_CASE("The doctor's own flag is taken out of the daemon's") {
    const CommandLine joined = split({"--v=2", "--admin-kubeconfig=/a", "--cert-dir=/tmp"});
    CHECK(joined.daemon == std::vector<std::string>{"--v=2", "--cert-dir=/tmp"});
    CHECK(joined.admin_kubeconfig == "/a");
    CHECK(split({"--admin-kubeconfig", "/a"}).admin_kubeconfig == "/a");
    CHECK(split({"--admin-kubeconfig", "/a"}).daemon.empty());
    CHECK(split({}).admin_kubeconfig.empty());
}

TEST_CASE("Flags and files that topd would not start with are named") {
    const test::FileTree tree;
    const std::string config = kubeconfig(tree);
    tree.write("broken.crt", "no PEM");
    const std::string broken = tree.root() + "/broken.crt";
    struct Case {
        const char* name;
        std::vector<std::string> arguments;
        Ids expected;
    };
    const Case cases[] = {
        {"good", {config, "--kubelet-insecure-tls"}, {}},
        {"an unknown flag", {config, "--no-such-flag"}, {"E flags"}},
        {"a resolution that is too fine", {config, "--metric-resolution=5s"}, {"E flags"}},
        {"a timeout that is too long",
         {config, "--metric-resolution=10s", "--kubelet-request-timeout=10s"},
         {"E flags"}},
        {"a selector that is none", {config, "--node-selector=a in"}, {"E flags"}},
        {"no kubeconfig there", {"--kubeconfig=" + tree.root() + "/none"}, {"E kubeconfig"}},
        {"no authentication kubeconfig there",
         {config, "--authentication-kubeconfig=" + tree.root() + "/none"},
         {"E kubeconfig"}},
        {"a kubelet authority that is none",
         {config, "--kubelet-certificate-authority=" + broken},
         {"E kubelet-credentials"}},
        {"a kubelet authority that is not there",
         {config, "--kubelet-certificate-authority=" + tree.root() + "/none"},
         {"E kubelet-credentials"}},
        {"a client authority that is none", {config, "--client-ca-file=" + broken}, {"E authority-files"}},
    };
    for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
            std::optional<Configuration> configuration;
            CHECK(test::ids(read_configuration(split(c.arguments), configuration)) == c.expected);
        }
}

TEST_CASE("What is probably meant otherwise is noted whatever can be read") {
    const test::FileTree tree;
    std::optional<Configuration> configuration;
    const Check check = read_configuration(
        split({"--kubeconfig=" + tree.root() + "/none", "kubelet-insecure-tls"}), configuration);
    CHECK(test::ids(check) == Ids{"E kubeconfig"});
    CHECK(check.notes ==
          std::vector<std::string>{"argument \"kubelet-insecure-tls\" is not a flag and was ignored; did you "
                                   "mean --kubelet-insecure-tls?"});
}

TEST_CASE("An API server that is not there ends the examination") {
    const test::FileTree tree;
    const std::vector<Check> checks = examine({kubeconfig(tree)});
    REQUIRE(checks.size() == 2);
    CHECK(checks[0].findings.empty());
    CHECK(test::ids(checks[1]) == Ids{"E api-unreachable"});
    CHECK(checks[1].notes.size() == 1);
    CHECK(exit_code(checks) == 1);
}

TEST_CASE("A command line that is wrong ends the examination") {
    const std::vector<Check> checks = examine({"--metric-resolution=1s"});
    REQUIRE(checks.size() == 1);
    CHECK(test::ids(checks[0]) == Ids{"E flags"});
}
