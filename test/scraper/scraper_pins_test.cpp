// SPDX-License-Identifier: Apache-2.0
// Self-signed kubelets, whose keys are pinned on first use.
#include "test/net/tls/authority.hpp"
#include "test/scraper/fake_kubelet.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>

#include <catch2/catch.hpp>

#include <unistd.h>

using namespace std::chrono_literals;
namespace fs = std::filesystem;
using scraper::Reason;
using scraper::test::Cluster;
using scraper::test::FakeKubelet;

namespace {

const std::vector<kube::NodeAddress> kAddresses{{"InternalIP", "127.0.0.1"}};

struct PinnedNodes {
    PinnedNodes() {
        std::string name = (fs::temp_directory_path() / "topd-pins-XXXXXX").string();
        folder = ::mkdtemp(name.data());
    }
    PinnedNodes(const PinnedNodes&) = delete;
    PinnedNodes& operator=(const PinnedNodes&) = delete;
    ~PinnedNodes() { fs::remove_all(folder); }

    scraper::ScraperOptions options(const Cluster& cluster) const {
        auto options = cluster.options();
        options.pin_file = folder / "pins";
        return options;
    }
    std::string pins() const {
        std::ostringstream all;
        all << std::ifstream{folder / "pins"}.rdbuf();
        return all.str();
    }

    fs::path folder;
};

}  // namespace

TEST_CASE("a self-signed kubelet is taken on first use, and another key for its node is refused") {
    const PinnedNodes f;
    const net::KeyPair one = net::make_self_signed({"n1"});
    const net::KeyPair other = net::make_self_signed({"n1"});
    {
        Cluster cluster;
        cluster.start(f.options(cluster));
        cluster.put_node("n1", cluster.kubelet_showing(one).port(), kAddresses, "uid-1");
        REQUIRE(cluster.until([&] { return cluster.scrapes(Reason::ok) == 1; }));
    }
    CHECK_THAT(f.pins(), Catch::Contains("uid-1 sha256:"));
    // After a restart.
    Cluster cluster;
    FakeKubelet& changed = cluster.kubelet_showing(other);
    cluster.start(f.options(cluster));
    cluster.put_node("n1", changed.port(), kAddresses, "uid-1");
    REQUIRE(cluster.until([&] { return cluster.scrapes(Reason::certificate_pin) == 1; }));
    CHECK(changed.requests.empty());
    CHECK_THAT(cluster.health("n1")->error(),
               Catch::Contains("has another key than the one that is pinned for this node: sha256:") &&
                   Catch::Contains(" instead of sha256:") &&
                   Catch::Contains("; it has subject CN=localhost@"));
    // A node that was made anew under the same name is taken anew.
    cluster.put_node("n1", changed.port(), kAddresses, "uid-2");
    REQUIRE(cluster.until([&] { return cluster.scrapes(Reason::ok) == 1; }));
}

TEST_CASE("a pin helps no certificate of the authority's, and none goes back to it") {
    const PinnedNodes f;
    Cluster cluster;
    net::CertificateRequest request;
    request.common_name = "kubelet";
    request.ip_addresses = {"127.0.0.2"};
    request.server = true;
    FakeKubelet& wrong = cluster.kubelet_with(cluster.authority, request);
    FakeKubelet& right = cluster.kubelet();
    FakeKubelet& self_signed = cluster.kubelet_showing(net::make_self_signed({"n1"}));
    cluster.start(f.options(cluster));
    cluster.put_node("n1", wrong.port(), kAddresses, "uid-1");
    REQUIRE(cluster.until([&] { return cluster.scrapes(Reason::certificate_name) == 1; }));
    cluster.put_node("n1", right.port(), kAddresses, "uid-1");
    REQUIRE(cluster.until([&] { return cluster.scrapes(Reason::ok) == 1; }));
    cluster.put_node("n1", self_signed.port(), kAddresses, "uid-1");
    REQUIRE(cluster.until([&] { return cluster.scrapes(Reason::certificate_pin) == 1; }));
    CHECK_THAT(cluster.health("n1")->error(), Catch::Contains("signed by no known authority"));
    CHECK(wrong.requests.empty());
    CHECK(self_signed.requests.empty());
}

TEST_CASE("a certificate that is expired or not for servers is pinned by nobody") {
    const PinnedNodes f;
    Cluster cluster;
    net::CertificateRequest expired;
    expired.common_name = "kubelet";
    expired.ip_addresses = {"127.0.0.1"};
    expired.server = true;
    expired.not_before_offset = -48h;
    expired.not_after_offset = -24h;
    net::CertificateRequest client_only = expired;
    client_only.not_before_offset = -1h;
    client_only.not_after_offset = 24h;
    client_only.server = false;
    client_only.client = true;
    FakeKubelet& old = cluster.kubelet_with(cluster.authority, expired);
    FakeKubelet& client = cluster.kubelet_with(cluster.authority, client_only);
    cluster.start(f.options(cluster));
    cluster.put_node("n1", old.port(), kAddresses, "uid-1");
    cluster.put_node("n2", client.port(), kAddresses, "uid-2");
    REQUIRE(cluster.until([&] {
        return cluster.scrapes(Reason::certificate_expired) >= 1 &&
               cluster.scrapes(Reason::certificate_usage) >= 1;
    }));
    CHECK(old.requests.empty());
    CHECK(client.requests.empty());
}

TEST_CASE("a key that an unknown authority vouches for is pinned as a self-signed one is") {
    const PinnedNodes f;
    net::CertificateRequest request;
    request.common_name = "kubelet";
    request.ip_addresses = {"127.0.0.1"};
    request.server = true;
    const net::KeyPair stranger = net::make_authority("stranger");
    net::KeyPair with_chain = net::issue(stranger, request);
    with_chain.certificate_pem += stranger.certificate_pem;
    Cluster cluster;
    cluster.start(f.options(cluster));
    cluster.put_node("n1", cluster.kubelet_with(stranger, request).port(), kAddresses, "uid-1");
    cluster.put_node("n2", cluster.kubelet_showing(with_chain).port(), kAddresses, "uid-2");
    REQUIRE(cluster.until([&] { return cluster.scraper->stats().ok >= 2; }));
}

TEST_CASE("the pin of a node that is removed is dropped once the nodes are known") {
    const PinnedNodes f;
    {
        Cluster cluster;
        cluster.start(f.options(cluster));
        const net::KeyPair pair = net::make_self_signed({"n1"});
        FakeKubelet& kubelet = cluster.kubelet_showing(pair);
        cluster.put_node("n1", kubelet.port(), kAddresses, "uid-1");
        cluster.put_node("n2", kubelet.port(), kAddresses, "uid-2");
        REQUIRE(cluster.until([&] { return cluster.scraper->stats().ok == 2; }));
    }
    CHECK_THAT(f.pins(), Catch::Contains("uid-1 ") && Catch::Contains("uid-2 "));
    Cluster cluster;
    cluster.start(f.options(cluster));
    cluster.scraper->nodes().begin_list();
    cluster.put_node("n2", 1, kAddresses, "uid-2");
    cluster.scraper->nodes().end_list();
    REQUIRE(cluster.until([&] { return f.pins().find("uid-1 ") == std::string::npos; }));
    CHECK_THAT(f.pins(), Catch::Contains("uid-2 "));
}
