// SPDX-License-Identifier: Apache-2.0
// The observed matrix of a k8s.io/apiserver: who a request is.
#include "test/apiserver/auth/review_lab.hpp"

using namespace test;

TEST_CASE("Who a request is") {
    const net::PeerCertificate none;
    const auto proxy = test::shown_by(test::client_certificate(lab().proxies, "front-proxy-client"));
    const auto other_proxy = test::shown_by(test::client_certificate(lab().proxies, "somebody"));
    const auto client = test::shown_by(test::client_certificate(lab().clients, "bob", {"team", "ops"}));
    const auto nameless = test::shown_by(test::client_certificate(lab().clients, "", {"team"}));
    const auto stranger = test::shown_by(test::client_certificate(lab().strangers, "bob"));
    const std::string anonymous = "system:anonymous of system:unauthenticated";
    struct Case {
        const char* name;
        const net::PeerCertificate& certificate;
        Fields fields;
        std::string expected;
    };
    const Case cases[] = {
        {"nothing at all", none, {}, anonymous},
        {"front proxy",
         proxy,
         {{"X-Remote-User", "eve"}, {"X-Remote-Group", "a,b"}, {"X-Remote-Group", "c"}},
         "eve of a,b c system:authenticated"},
        {"front proxy for anonymous",
         proxy,
         {{"X-Remote-User", "system:anonymous"}, {"X-Remote-Group", "system:unauthenticated"}},
         anonymous},
        {"front proxy without a user", proxy, {}, "401"},
        {"front proxy of another name", other_proxy, {{"X-Remote-User", "eve"}}, "401"},
        {"user header without certificate", none, {{"X-Remote-User", "eve"}}, anonymous},
        {"front proxy and a bad token",
         proxy,
         {{"X-Remote-User", "eve"}, {"Authorization", "Bearer bad"}},
         "eve of system:authenticated"},
        {"front proxy with an empty user and a good token",
         proxy,
         {{"X-Remote-User", ""}, {"Authorization", "Bearer good"}},
         "jane of dev system:authenticated"},
        {"client certificate", client, {}, "bob of team ops system:authenticated"},
        {"client certificate and user header",
         client,
         {{"X-Remote-User", "eve"}},
         "bob of team ops system:authenticated"},
        {"client certificate without a name", nameless, {}, "401"},
        {"unknown authority", stranger, {}, "401"},
        {"unknown authority and a good token",
         stranger,
         {{"Authorization", "Bearer good"}},
         "jane of dev system:authenticated"},
        {"good token", none, {{"Authorization", "bEARER good"}}, "jane of dev system:authenticated"},
        {"bad token", none, {{"Authorization", "Bearer bad"}}, "401"},
        {"review error", none, {{"Authorization", "Bearer broken"}}, "401"},
        {"basic", none, {{"Authorization", "Basic Ym9iOmJvYg=="}}, anonymous},
        {"empty token", none, {{"Authorization", "Bearer "}}, anonymous},
        {"two spaces", none, {{"Authorization", "Bearer  good"}}, anonymous},
    };
    for (const Case& c : cases) {
        DYNAMIC_SECTION(c.name) {
            FakeApiServer fake;
            with_reviews(fake, [&](kube::ReviewClient& reviews) -> net::Task<> {
                apiserver::TrustSource trust{lab().trust(), apiserver::TrustSource::LookUp::none};
                apiserver::DelegatedAuthenticator authenticator{trust, &reviews, {}};
                net::Request request;
                request.certificate = c.certificate;
                for (const auto& [name, value] : c.fields) request.headers.add(name, value);
                const AuthResult result = co_await authenticator.authenticate(request);
                CHECK(described(result) == c.expected);
            });
        }
    }
}

TEST_CASE("A client certificate tells its credential id") {
    FakeApiServer fake;
    const auto client = test::shown_by(test::client_certificate(lab().clients, "bob"));
    with_reviews(fake, [&](kube::ReviewClient& reviews) -> net::Task<> {
        apiserver::TrustSource trust{lab().trust(), apiserver::TrustSource::LookUp::none};
        apiserver::DelegatedAuthenticator authenticator{trust, &reviews, {}};
        net::Request request;
        request.certificate = client;
        const AuthResult result = co_await authenticator.authenticate(request);
        CHECK(result.user.extra.at("authentication.kubernetes.io/credential-id") ==
              std::vector<std::string>{"X509SHA256=" + client.sha256()});
    });
}

TEST_CASE("Tokens are reviewed once a while and errors each time") {
    struct Case {
        const char* token;
        std::size_t reviews;
    };
    const Case cases[] = {{"good", 1}, {"bad", 1}, {"broken", 3}};
    for (const Case& c : cases) {
        DYNAMIC_SECTION(c.token) {
            FakeApiServer fake;
            with_reviews(fake, [&](kube::ReviewClient& reviews) -> net::Task<> {
                apiserver::TrustSource trust{{}, apiserver::TrustSource::LookUp::none};
                apiserver::DelegatedAuthenticator authenticator{trust, &reviews, {}};
                net::Request request;
                request.headers.add("Authorization", std::string{"Bearer "} + c.token);
                for (int i = 0; i < 3; ++i) co_await authenticator.authenticate(request);
            });
            CHECK(fake.requests.size() == c.reviews);
            CHECK(fake.requests.at(0) == json{{"kind", "TokenReview"},
                                              {"apiVersion", "authentication.k8s.io/v1"},
                                              {"metadata", json::object()},
                                              {"spec", {{"token", c.token}}}});
        }
    }
}

TEST_CASE("A request with a certificate waits for the trust to be known") {
    boost::asio::io_context loop{1};
    apiserver::TrustSource trust{{}, apiserver::TrustSource::LookUp::required};
    apiserver::AuthenticatorOptions options;
    net::Request request;
    request.certificate = test::shown_by(test::client_certificate(lab().clients, "bob"));
    std::string outcome;
    auto ask = [&]() -> net::Task<> {
        apiserver::DelegatedAuthenticator authenticator{trust, nullptr, options};
        outcome = described(co_await authenticator.authenticate(request));
    };
    SECTION("and goes on when it is") {
        auto play = [&]() -> net::Task<> {
            net::TaskGroup group{loop.get_executor()};
            group.spawn(ask());
            co_await net::sleep_until(net::Clock::now());
            CHECK(outcome.empty());
            kube::ConfigMap map;
            map.name_space = "kube-system";
            map.name = "extension-apiserver-authentication";
            map.data = {{"client-ca-file", lab().clients.certificate_pem}};
            trust.put(map);
            co_await group.wait();
        };
        test::run(loop, play());
        CHECK(outcome == "bob of system:authenticated");
    }
    SECTION("but not for ever") {
        options.trust_wait = 1ms;
        test::run(loop, ask());
        CHECK(outcome == "503");
    }
}
