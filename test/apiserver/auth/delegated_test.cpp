// SPDX-License-Identifier: Apache-2.0
// The observed matrix of a k8s.io/apiserver: who a request is, and what is asked of the API server for it.
#include "apiserver/auth/delegated_authenticator.hpp"
#include "apiserver/auth/delegated_authorizer.hpp"
#include "net/http_server.hpp"
#include "net/task_group.hpp"
#include "test/apiserver/auth/shown_certificate.hpp"
#include "test/net/run.hpp"

#include <functional>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace std::chrono_literals;
using apiserver::AuthResult;
using apiserver::Decision;
using nlohmann::json;

namespace {

// The API server's reviews: token "good" is jane's; user "allowed" may do everything.
class FakeApiServer final : public net::RequestHandler {
  public:
    net::Task<net::Response> respond(net::Request request) override {
        net::Response response;
        const json body = json::parse(request.body);
        requests.push_back(body);
        if (failures > 0) {
            --failures;
            response.status = 500;
            co_return response;
        }
        response.status = 201;
        const json& spec = body["spec"];
        json status;
        if (body["kind"] == "TokenReview") {
            status["authenticated"] = spec["token"] == "good";
            if (spec["token"] == "good")
                status["user"] = {
                    {"username", "jane"}, {"uid", "u1"}, {"groups", {"dev"}}, {"extra", {{"k", {"v"}}}}};
            if (spec["token"] == "broken") status["error"] = "the webhook is down";
        } else {
            status["allowed"] = spec["user"] == "allowed";
            if (spec["user"] == "denied") status["reason"] = "no rule";
        }
        response.headers.add("Content-Type", "application/json");
        response.body = json{{"kind", body["kind"]}, {"status", status}}.dump();
        co_return response;
    }
    std::vector<json> requests;
    int failures = 0;
};

struct Lab {
    net::KeyPair clients = net::make_authority("clients");
    net::KeyPair proxies = net::make_authority("proxies");
    net::KeyPair strangers = net::make_authority("strangers");

    apiserver::Trust trust() const {
        apiserver::Trust t;
        t.clients = net::TrustPool::from_pem(clients.certificate_pem).value();
        t.front_proxy.emplace();
        t.front_proxy->authorities = net::TrustPool::from_pem(proxies.certificate_pem).value();
        t.front_proxy->allowed_names = {"front-proxy-client"};
        return t;
    }
};

const Lab& lab() {
    static const Lab made;
    return made;
}

// Runs `body` with an API server to ask.
void with_reviews(FakeApiServer& fake, const std::function<net::Task<>(kube::ReviewClient&)>& body) {
    boost::asio::io_context loop{1};
    net::ServerOptions options;
    options.address = "127.0.0.1";
    net::HttpServer server{loop.get_executor(), options, std::nullopt, fake};
    REQUIRE(server.listen().has_value());
    kube::Config config;
    config.server.host = "127.0.0.1";
    config.server.port = server.port();
    kube::ReviewOptions review_options;
    review_options.first_pause = 1ms;
    kube::ReviewClient reviews{loop.get_executor(), config, review_options};
    net::TaskGroup group{loop.get_executor()};
    group.spawn(server.run());
    auto play = [&]() -> net::Task<> {
        co_await body(reviews);
        server.stop(100ms);
        co_await group.wait();
    };
    test::run(loop, play());
}

using Fields = std::vector<std::pair<std::string, std::string>>;

std::string described(const AuthResult& result) {
    if (result.verdict == AuthResult::Verdict::refused) return "401";
    if (result.verdict == AuthResult::Verdict::not_ready) return "503";
    std::string text = result.user.name + " of";
    for (const std::string& group : result.user.groups) text += " " + group;
    return text;
}

}  // namespace

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
    apiserver::TokenOptions options;
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

TEST_CASE("What a request may do") {
    struct Case {
        const char* name;
        std::string user;
        std::string group;
        std::string path;
        Decision::Verdict expected;
        std::size_t asked;
    };
    using Verdict = Decision::Verdict;
    const Case cases[] = {
        {"masters are not asked about", "x", "system:masters", "/apis/metrics.k8s.io/v1beta1/nodes",
         Verdict::allowed, 0},
        {"healthz is open", "x", "", "/healthz", Verdict::allowed, 0},
        {"a path below it is not", "x", "", "/healthz/ping", Verdict::denied, 1},
        {"allowed", "allowed", "", "/apis/metrics.k8s.io/v1beta1/nodes", Verdict::allowed, 1},
        {"denied", "denied", "", "/apis/metrics.k8s.io/v1beta1/nodes", Verdict::denied, 1},
    };
    for (const Case& c : cases) {
        DYNAMIC_SECTION(c.name) {
            FakeApiServer fake;
            with_reviews(fake, [&](kube::ReviewClient& reviews) -> net::Task<> {
                apiserver::DelegatedAuthorizer authorizer{reviews, {}};
                apiserver::User user;
                user.name = c.user;
                if (!c.group.empty()) user.groups = {c.group};
                const auto target = apiserver::parse_target(c.path);
                const auto info = apiserver::make_request_info("GET", *target);
                for (int i = 0; i < 2; ++i) {
                    const Decision decision = co_await authorizer.authorize(user, *info);
                    CHECK(decision.verdict == c.expected);
                    if (c.user == "denied") CHECK(decision.reason == "no rule");
                }
            });
            CHECK(fake.requests.size() == c.asked);
        }
    }
}

TEST_CASE("The review says what the request is about") {
    const auto target = apiserver::parse_target(
        "/apis/metrics.k8s.io/v1beta1/namespaces/default/"
        "pods?labelSelector=app%3Dweb,a%20in%20(x,y),!b,n%3E1&"
        "fieldSelector=metadata.name%3Dp,metadata.namespace!%3Dq");
    const auto info = apiserver::make_request_info("GET", *target);
    apiserver::User user;
    user.name = "jane";
    user.uid = "u1";
    user.groups = {"dev", "system:authenticated"};
    user.extra["k"] = {"v"};
    CHECK(json::parse(kube::access_spec(apiserver::access_question(user, *info))) == json::parse(R"({
        "user":"jane","uid":"u1","groups":["dev","system:authenticated"],"extra":{"k":["v"]},
        "resourceAttributes":{"namespace":"default","verb":"list","group":"metrics.k8s.io","version":"v1beta1",
          "resource":"pods","name":"p",
          "fieldSelector":{"requirements":[{"key":"metadata.name","operator":"In","values":["p"]},
                                           {"key":"metadata.namespace","operator":"NotIn","values":["q"]}]},
          "labelSelector":{"requirements":[{"key":"a","operator":"In","values":["x","y"]},
                                           {"key":"app","operator":"In","values":["web"]},
                                           {"key":"b","operator":"DoesNotExist"}]}}})"));

    const auto metrics = apiserver::make_request_info("GET", *apiserver::parse_target("/metrics"));
    CHECK(json::parse(kube::access_spec(apiserver::access_question({}, *metrics))) ==
          json::parse(R"({"nonResourceAttributes":{"path":"/metrics","verb":"get"}})"));
}

TEST_CASE("A review that fails is asked again and then fails the request") {
    FakeApiServer fake;
    with_reviews(fake, [&](kube::ReviewClient& reviews) -> net::Task<> {
        apiserver::DelegatedAuthorizer authorizer{reviews, {}};
        apiserver::User user;
        user.name = "allowed";
        const auto info = apiserver::make_request_info("GET", *apiserver::parse_target("/metrics"));
        fake.failures = 4;
        const Decision patient = co_await authorizer.authorize(user, *info);
        CHECK(patient.verdict == Decision::Verdict::allowed);
        user.name = "denied";
        fake.failures = 5;
        const Decision failed = co_await authorizer.authorize(user, *info);
        CHECK(failed.verdict == Decision::Verdict::failed);
        CHECK(fake.failures == 0);
        // Failures are not kept.
        const Decision later = co_await authorizer.authorize(user, *info);
        CHECK(later.verdict == Decision::Verdict::denied);
    });
}
