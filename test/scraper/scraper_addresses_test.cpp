// SPDX-License-Identifier: Apache-2.0
// A node with several addresses, not all of which lead to it.
#include "test/net/own_port.hpp"
#include "test/net/tls/authority.hpp"
#include "test/scraper/fake_kubelet.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <catch2/catch.hpp>

using namespace std::chrono_literals;
using scraper::Reason;
using scraper::test::Cluster;
using scraper::test::FakeKubelet;
using scraper::test::page_text;
using tcp = boost::asio::ip::tcp;

namespace {

const net::CertificateRequest kForN1 = [] {
    net::CertificateRequest request;
    request.common_name = "kubelet";
    request.dns_names = {"n1"};
    request.server = true;
    return request;
}();

// Takes connections and says nothing.
struct BlackHole {
    BlackHole(Cluster& cluster, const std::string& address, std::uint16_t port)
        : acceptor{cluster.context, tcp::endpoint{boost::asio::ip::make_address(address), port}} {
        acceptor.non_blocking(true);
    }
    std::size_t taken() {
        boost::system::error_code none;
        for (;;) {
            tcp::socket socket{acceptor.get_executor()};
            acceptor.accept(socket, none);
            if (none) return sockets.size();
            sockets.push_back(std::move(socket));
        }
    }

    tcp::acceptor acceptor;
    std::vector<tcp::socket> sockets;
};

std::vector<kube::NodeAddress> internal(std::vector<std::string> addresses) {
    std::vector<kube::NodeAddress> all;
    for (std::string& address : addresses) all.push_back({"InternalIP", std::move(address)});
    return all;
}

struct Fixture {
    void start() {
        auto options = cluster.options();
        options.resolution = 2500ms;
        options.request_timeout = 2000ms;
        cluster.start(options);
    }
    // The next scrape connects anew.
    void reconnect() { REQUIRE(cluster.scraper->replace_tls(cluster.options().tls).has_value()); }

    // Of all addresses.
    const ::test::OwnPort port;
    Cluster cluster;
    // At 127.0.0.1, with a certificate for n1.
    FakeKubelet& kubelet = cluster.kubelet_with(cluster.authority, kForN1, port.number());
};

}  // namespace

TEST_CASE("the next address is asked when one refuses") {
    Fixture f;
    f.start();
    f.cluster.put_node("n1", f.kubelet.port(), internal({"127.0.0.2", "127.0.0.3", "127.0.0.1"}));
    REQUIRE(f.cluster.until([&] { return f.cluster.scrapes(Reason::ok) == 1; }));
    const std::string host = "127.0.0.1:" + std::to_string(f.kubelet.port());
    CHECK(f.kubelet.requests.at(0).headers.find("Host") == host);
}

TEST_CASE("an address that swallows everything leaves time for the next") {
    Fixture f;
    BlackHole hole{f.cluster, "127.0.0.2", f.kubelet.port()};
    f.start();
    f.cluster.put_node("n1", f.kubelet.port(), internal({"127.0.0.2", "127.0.0.1"}));
    REQUIRE(f.cluster.until([&] { return f.cluster.health("n1").has_value(); }));
    CHECK(f.cluster.scrapes(Reason::ok) == 1);
    CHECK(hole.taken() == 1);
}

TEST_CASE("an address of another node is passed over and does not see the token") {
    Fixture f;
    net::CertificateRequest of_another = kForN1;
    of_another.dns_names = {"n2"};
    FakeKubelet& wrong =
        f.cluster.kubelet_showing(net::issue(f.cluster.authority, of_another), f.kubelet.port(), "127.0.0.2");
    f.start();
    f.cluster.put_node("n1", f.kubelet.port(), internal({"127.0.0.2", "127.0.0.1"}));
    REQUIRE(f.cluster.until([&] { return f.cluster.scrapes(Reason::ok) == 1; }));
    CHECK(wrong.requests.empty());
    CHECK(f.kubelet.requests.size() == 1);
}

TEST_CASE("the address that answered is asked first from then on") {
    Fixture f;
    BlackHole hole{f.cluster, "127.0.0.2", f.kubelet.port()};
    f.start();
    f.cluster.put_node("n1", f.kubelet.port(), internal({"127.0.0.2", "127.0.0.1"}));
    REQUIRE(f.cluster.until([&] { return f.cluster.scrapes(Reason::ok) == 1; }));
    f.reconnect();
    REQUIRE(f.cluster.until([&] { return f.cluster.scrapes(Reason::ok) == 2; }));
    CHECK(f.kubelet.requests[1].remote != f.kubelet.requests[0].remote);
    CHECK(hole.taken() == 1);
}

TEST_CASE("a kept connection that is lost is replaced by way of all addresses") {
    Fixture f;
    f.start();
    f.kubelet.answer = [](int n) {
        net::Response response = FakeKubelet::page(page_text(n));
        response.close = true;
        return response;
    };
    f.cluster.put_node("n1", f.kubelet.port(), internal({"127.0.0.2", "127.0.0.1"}));
    REQUIRE(f.cluster.until([&] { return f.cluster.scrapes(Reason::ok) == 2; }));
    CHECK(f.kubelet.requests.size() == 2);
}

TEST_CASE("IPv6 addresses are dialled like others") {
    Fixture f;
    FakeKubelet& v6 =
        f.cluster.kubelet_showing(net::issue(f.cluster.authority, kForN1), f.kubelet.port(), "::1");
    f.start();
    f.cluster.put_node("n1", f.kubelet.port(), internal({"127.0.0.2", "::1", "127.0.0.1"}));
    REQUIRE(f.cluster.until([&] { return f.cluster.scrapes(Reason::ok) == 1; }));
    REQUIRE(v6.requests.size() == 1);
    CHECK(v6.requests[0].headers.find("Host") == "[::1]:" + std::to_string(v6.port()));
}

TEST_CASE("when no address leads there the failure is of the one that came furthest and names the others") {
    Fixture f;
    net::CertificateRequest of_another = kForN1;
    of_another.dns_names = {"n2"};
    FakeKubelet& wrong =
        f.cluster.kubelet_showing(net::issue(f.cluster.authority, of_another), f.kubelet.port(), "127.0.0.2");
    f.start();
    f.cluster.put_node("n1", f.kubelet.port(), internal({"127.0.0.3", "127.0.0.2", "127.0.0.4"}));
    REQUIRE(f.cluster.until([&] { return f.cluster.health("n1").has_value(); }));
    CHECK(f.cluster.health("n1")->reason() == Reason::certificate_name);
    CHECK_THAT(
        f.cluster.health("n1")->error(),
        Catch::StartsWith("GET https://127.0.0.2:") && Catch::Contains("names: DNS n2; also tried ") &&
            Catch::EndsWith("also tried 127.0.0.3 (Connection refused), 127.0.0.4 (Connection refused)"));
    CHECK(wrong.requests.empty());
}
