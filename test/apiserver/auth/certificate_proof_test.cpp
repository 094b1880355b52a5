// SPDX-License-Identifier: Apache-2.0
#include "apiserver/auth/certificate_proof.hpp"

#include "test/apiserver/auth/review_lab.hpp"
#include "test/net/server_lab.hpp"

#include <boost/asio/io_context.hpp>

using namespace test;
using apiserver::KeptProofs;
using apiserver::Trust;
using TimePoint = std::chrono::system_clock::time_point;

namespace {

// A wall clock to be set, and proofs that live by it.
struct ShownToApi {
    TimePoint now = std::chrono::system_clock::now();
    KeptProofs proofs{[this] { return now; }};
    std::shared_ptr<const Trust> trust = std::make_shared<Trust>(lab().trust());

    // The user's name, or the first words of the objection.
    std::string client(const net::PeerCertificate& certificate) {
        const apiserver::Proof& proof = proofs.client(certificate, trust);
        return proof.user ? proof.user->name : proof.objection.substr(0, 30);
    }
    std::string front_proxy(const net::PeerCertificate& certificate) {
        return proofs.front_proxy(certificate, trust).objection.substr(0, 30);
    }
};

net::PeerCertificate shown(const net::KeyPair& by, const char* name) {
    return shown_by(client_certificate(by, name));
}

const std::string kNotVerifiedBob = "verifying certificate CN=bob a";

}  // namespace

TEST_CASE("Only the front proxy's certificate is accepted") {
    apiserver::FrontProxyConfig config = *lab().trust().front_proxy;
    config.allowed_names = {"front-proxy-client", "other"};
    const TimePoint now = std::chrono::system_clock::now();
    const auto objection = [&](const net::PeerCertificate& certificate) {
        return apiserver::prove_front_proxy(certificate, config, now).objection;
    };
    CHECK(objection(shown(lab().proxies, "front-proxy-client")).empty());
    CHECK(objection(shown(lab().proxies, "other")).empty());
    const net::PeerCertificate wrong_name = shown(lab().proxies, "somebody");
    CHECK(objection(wrong_name) == "x509: subject with cn=somebody is not in the allowed list");
    CHECK(objection(shown(net::make_authority("proxies"), "front-proxy-client"))
              .starts_with(
                  "verifying certificate CN=front-proxy-client against the request-header CA failed: "));

    config.allowed_names.clear();
    CHECK(objection(wrong_name).empty());
}

TEST_CASE("Of a long common name an objection has the beginning") {
    // 64 characters are allowed in one, of up to four bytes each.
    std::string longest;
    for (int i = 0; i < 32; ++i) longest += "\u00e9";
    apiserver::FrontProxyConfig config = *lab().trust().front_proxy;
    config.allowed_names = {"other"};
    const auto objection = [&](const std::string& name) {
        const TimePoint now = std::chrono::system_clock::now();
        return apiserver::prove_front_proxy(shown(lab().proxies, name.c_str()), config, now).objection;
    };
    CHECK(objection(longest) == "x509: subject with cn=" + longest + " is not in the allowed list");
    CHECK(objection(longest + "a") == "x509: subject with cn=" + longest + "... is not in the allowed list");
}

TEST_CASE("A certificate is verified once for its connection") {
    ShownToApi scene;
    const auto bob = shown(lab().clients, "bob");
    const auto proxy = shown(lab().proxies, "front-proxy-client");
    for (int i = 0; i < 3; ++i) {
        CHECK(scene.client(bob) == "bob");
        // A request carries a copy.
        CHECK(scene.client(net::PeerCertificate{bob}) == "bob");
        CHECK(scene.front_proxy(proxy).empty());
    }
    CHECK(scene.proofs.verifications() == 2);
    // To be somebody is not to be the front proxy.
    CHECK(scene.front_proxy(bob) == kNotVerifiedBob);
    CHECK(scene.proofs.verifications() == 3);
}

TEST_CASE("A proof ends with the certificate's time") {
    ShownToApi scene;
    const auto bob = shown(lab().clients, "bob");
    REQUIRE(scene.client(bob) == "bob");
    const TimePoint end = bob.not_after();
    scene.now = end - 1s;
    CHECK(scene.client(bob) == "bob");
    CHECK(scene.proofs.verifications() == 1);
    // Its last second is good, as in Go.
    scene.now = end;
    CHECK(scene.client(bob) == "bob");
    CHECK(scene.proofs.verifications() == 1);
    scene.now = end + 1s;
    CHECK(scene.client(bob) == kNotVerifiedBob);
    CHECK(scene.proofs.verifications() == 2);
    // The clock was wrong, and is set back.
    scene.now = end - 1h;
    CHECK(scene.client(bob) == "bob");
    // The certificate is an hour old.
    scene.now = std::chrono::system_clock::now() - 2h;
    CHECK(scene.client(bob) == kNotVerifiedBob);
    CHECK(scene.proofs.verifications() == 4);
}

TEST_CASE("A refusal is kept for ten seconds") {
    ShownToApi scene;
    const auto stranger = shown(lab().strangers, "bob");
    const TimePoint start = scene.now;
    for (const auto& [after, verifications] :
         {std::pair{0ms, 1u}, {9'999ms, 1u}, {10'000ms, 2u}, {19'999ms, 2u}}) {
        scene.now = start + after;
        CHECK(scene.client(stranger) == kNotVerifiedBob);
        CHECK(scene.proofs.verifications() == verifications);
    }
}

TEST_CASE("A proof counts for the trust it was made for") {
    ShownToApi scene;
    const auto bob = shown(lab().clients, "bob");
    const auto proxy = shown(lab().proxies, "front-proxy-client");
    REQUIRE(scene.client(bob) == "bob");
    REQUIRE(scene.front_proxy(proxy).empty());
    Trust changed = lab().trust();
    SECTION("another authority") {
        changed.clients = net::TrustPool::from_pem(lab().strangers.certificate_pem).value();
        scene.trust = std::make_shared<Trust>(changed);
        CHECK(scene.client(bob) == kNotVerifiedBob);
        CHECK(scene.front_proxy(proxy).empty());
    }
    SECTION("one authority more") {
        changed.clients =
            net::TrustPool::from_pem(lab().strangers.certificate_pem + lab().clients.certificate_pem).value();
        scene.trust = std::make_shared<Trust>(changed);
        CHECK(scene.client(bob) == "bob");
        CHECK(scene.front_proxy(proxy).empty());
    }
    SECTION("other names of front proxies") {
        changed.front_proxy->allowed_names = {"other"};
        scene.trust = std::make_shared<Trust>(changed);
        CHECK(scene.client(bob) == "bob");
        CHECK(scene.front_proxy(proxy) == "x509: subject with cn=front-pr");
    }
    CHECK(scene.proofs.verifications() == 4);
}

TEST_CASE("An authority that was taken away no longer lets anybody in") {
    apiserver::TrustSource source{{}, apiserver::TrustSource::LookUp::required};
    kube::ConfigMap map;
    map.name_space = "kube-system";
    map.name = "extension-apiserver-authentication";
    map.data = {{"client-ca-file", lab().strangers.certificate_pem + lab().clients.certificate_pem}};
    source.put(map);
    const auto bob = shown(lab().clients, "bob");
    apiserver::DelegatedAuthenticator authenticator{source, nullptr, {}};
    boost::asio::io_context loop{1};
    net::Request request;
    request.certificate = bob;
    const auto who = [&] {
        loop.restart();
        return described(run(loop, authenticator.authenticate(request, kNoDeadline)));
    };
    CHECK(who() == "bob of system:authenticated");
    CHECK(who() == "bob of system:authenticated");
    CHECK(authenticator.verifications() == 1);
    map.data = {{"client-ca-file", lab().strangers.certificate_pem}};
    source.put(map);
    CHECK(who() == "401");
    CHECK(who() == "401");
    CHECK(authenticator.verifications() == 2);
    source.replace_flags(lab().trust());
    CHECK(who() == "bob of system:authenticated");
}

namespace {

// Says who asks.
class Mirror final : public net::RequestHandler {
  public:
    explicit Mirror(apiserver::Authenticator& authenticator) : authenticator_{authenticator} {}
    net::Task<net::Response> respond(net::Request request) override {
        const AuthResult result = co_await authenticator_.authenticate(request, kNoDeadline);
        net::Response response;
        response.body = described(result);
        co_return response;
    }

  private:
    apiserver::Authenticator& authenticator_;
};

}  // namespace

TEST_CASE("Another connection proves anew") {
    Trust only_clients;
    only_clients.clients = lab().trust().clients;
    apiserver::TrustSource trust{only_clients, apiserver::TrustSource::LookUp::none};
    apiserver::DelegatedAuthenticator authenticator{trust, nullptr, {}};
    Mirror mirror{authenticator};
    std::vector<std::string> answers;
    std::vector<std::uint64_t> verifications;
    with_server({}, true, mirror, [&](asio::io_context& loop, net::HttpServer& server) -> net::Task<> {
        const net::Origin of_bob = origin_showing(server, client_certificate(lab().clients, "bob"));
        net::HttpClient first{loop.get_executor(), of_bob};
        net::HttpClient second{loop.get_executor(), of_bob};
        net::HttpClient stranger{loop.get_executor(),
                                 origin_showing(server, client_certificate(lab().strangers, "bob"))};
        for (net::HttpClient* client : {&first, &first, &second, &stranger, &first, &second, &first}) {
            // One that comes back is another connection too.
            if (answers.size() == 6) first.disconnect();
            const Answered answered = co_await ask(*client, "/");
            answers.push_back(answered.body);
            verifications.push_back(authenticator.verifications());
        }
        for (net::HttpClient* client : {&first, &second, &stranger}) client->disconnect();
    });
    const std::string bob = "bob of system:authenticated";
    CHECK(answers == std::vector<std::string>{bob, bob, bob, "401", bob, bob, bob});
    CHECK(verifications == std::vector<std::uint64_t>{1, 1, 2, 3, 3, 3, 4});
}
