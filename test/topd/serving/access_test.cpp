// SPDX-License-Identifier: Apache-2.0
#include "topd/serving/access.hpp"

#include "test/net/run.hpp"
#include "test/net/tls/authority.hpp"
#include "test/net/tls/shown_certificate.hpp"
#include "test/topd/captured_log.hpp"
#include "test/topd/file_tree.hpp"

#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

using topd::Access;

namespace {

// A daemon's access whose client authority is a file.
struct Scene {
    test::FileTree files;
    boost::asio::io_context loop{1};
    net::KeyPair first = net::make_authority("first");
    net::KeyPair second = net::make_authority("second");
    net::PeerCertificate jane = test::shown_by(test::client_certificate(first, "jane"));
    net::PeerCertificate john = test::shown_by(test::client_certificate(second, "john"));
    net::PeerCertificate proxy = test::shown_by(test::client_certificate(second, "proxy"));
    std::unique_ptr<Access> access;

    explicit Scene(const std::string& front_proxies = "") {
        files.write("clients.crt", first.certificate_pem);
        topd::Flags flags;
        if (!front_proxies.empty()) {
            files.write("proxies.crt", front_proxies);
            flags.requestheader_client_ca_file = files.root() + "/proxies.crt";
        }
        flags.client_ca_file = files.root() + "/clients.crt";
        flags.authentication_skip_lookup = true;
        kube::Config cluster;
        cluster.server.host = "127.0.0.1";
        access = std::make_unique<Access>(loop.get_executor(), flags, cluster);
    }

    // The user's name; empty: refused.
    std::string who(const net::PeerCertificate& certificate, const std::string& remote_user = "") {
        net::Request request;
        if (!remote_user.empty()) request.headers.add("X-Remote-User", remote_user);
        request.certificate = certificate;
        loop.restart();
        return test::run(loop, access->authenticator().authenticate(request, test::kNoDeadline)).user.name;
    }
    // And again, as the daemon does every some seconds.
    void replace(const std::string& authorities) {
        files.write("clients.crt", authorities);
        access->read_authorities_again();
        access->read_authorities_again();
    }
};

}  // namespace

TEST_CASE("Client authorities are replaced while connections live") {
    Scene scene;
    CHECK(scene.who(scene.jane) == "jane");
    CHECK(scene.who(scene.john).empty());
    scene.replace(scene.first.certificate_pem + scene.second.certificate_pem);
    CHECK(scene.who(scene.jane) == "jane");
    CHECK(scene.who(scene.john) == "john");
    scene.replace(scene.second.certificate_pem);
    CHECK(scene.who(scene.jane).empty());
    CHECK(scene.who(scene.john) == "john");
}

TEST_CASE("Front proxies' authorities are replaced while connections live") {
    const net::KeyPair third = net::make_authority("third");
    Scene scene{third.certificate_pem};
    scene.replace(scene.first.certificate_pem + scene.second.certificate_pem);
    CHECK(scene.who(scene.proxy, "kim") == "proxy");
    // What both files hold, one behind the other, is the same as before.
    scene.files.write("clients.crt", scene.first.certificate_pem);
    scene.files.write("proxies.crt", scene.second.certificate_pem + third.certificate_pem);
    scene.access->read_authorities_again();
    CHECK(scene.who(scene.proxy, "kim") == "kim");
    CHECK(scene.who(scene.jane) == "jane");
}

TEST_CASE("Client authorities are read again when they change and not before") {
    Scene scene;
    test::CapturedLog log;
    scene.replace(scene.first.certificate_pem);
    scene.replace(scene.second.certificate_pem);
    scene.replace("broken");
    const auto& lines = log.lines();
    REQUIRE(lines.size() == 2);
    CHECK(lines[0] == R"("Reloaded the authorities of clients")");
    CHECK(
        lines[1].starts_with(R"("Failed to reload the authorities of clients, keeping the last ones" err=)"));
}

TEST_CASE("Client authorities that are not usable change nothing") {
    Scene scene;
    for (const char* broken : {"half of a file", "-----BEGIN CERTIFICATE-----\n"}) {
        scene.replace(broken);
        CHECK(scene.who(scene.jane) == "jane");
        CHECK(scene.who(scene.john).empty());
    }
    scene.files.remove("clients.crt");
    scene.access->read_authorities_again();
    CHECK(scene.who(scene.jane) == "jane");
    scene.replace(scene.second.certificate_pem);
    CHECK(scene.who(scene.john) == "john");
}
