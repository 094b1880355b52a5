// SPDX-License-Identifier: Apache-2.0
// The observed matrix of a k8s.io/apiserver: who a request is, by what it shows and what it says.
#include "test/apiserver/auth/review_lab.hpp"
#include "test/apiserver/fixture.hpp"
#include "test/net/tls/authority.hpp"

using namespace test;

namespace {

using Headers = std::vector<Header>;

const std::string kAnonymous = "system:anonymous of system:unauthenticated";
const std::string kUnauthorized =
    R"({"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"Unauthorized",)"
    R"("reason":"Unauthorized","code":401})"
    "\n";
const std::string kSpaceWarning =
    R"(299 - "the provided Authorization header contains extra space before the bearer token, and is ignored")";

// Lets everybody in and says whom.
class Doorman final : public apiserver::Authorizer {
  public:
    net::Task<Decision> authorize(const apiserver::User& user, const apiserver::RequestInfo&,
                                  net::Deadline) override {
        seen = user;
        co_return Decision{Decision::Verdict::allowed, ""};
    }
    std::optional<apiserver::User> seen;
};

struct Outcome {
    // As `described`, or "401".
    std::string who;
    std::string warning;
    apiserver::User user{};
};

// What becomes of a request in the filters of an Api, with authentication as it is in a cluster.
net::Task<Outcome> enter(kube::ReviewClient& reviews, net::PeerCertificate shown, Headers headers,
                         std::string target) {
    Cluster cluster;
    Doorman doorman;
    apiserver::TrustSource trust{lab().trust(), apiserver::TrustSource::LookUp::none};
    apiserver::DelegatedAuthenticator authenticator{trust, &reviews, {}};
    apiserver::Api api{cluster.options, cluster.store, authenticator, doorman};
    net::Request asked = request(std::move(target), std::move(headers));
    asked.certificate = std::move(shown);
    const net::Response response = co_await api.respond(std::move(asked));
    Outcome outcome;
    outcome.warning = header(response, "Warning");
    if (response.status == 401) {
        CHECK(response.body == kUnauthorized);
        CHECK_FALSE(response.headers.contains("X-Content-Type-Options"));
        outcome.who = "401";
        co_return outcome;
    }
    outcome.user = doorman.seen.value_or(apiserver::User{});
    outcome.who = described({AuthResult::Verdict::accepted, outcome.user, {}});
    co_return outcome;
}

Outcome enter(net::PeerCertificate shown, Headers headers, std::string target = "/version") {
    FakeApiServer fake;
    Outcome outcome;
    with_reviews(fake, [&](kube::ReviewClient& reviews) -> net::Task<> {
        outcome = co_await enter(reviews, shown, headers, target);
    });
    return outcome;
}

struct Case {
    const char* name;
    net::PeerCertificate certificate;
    Headers headers;
    std::string expected;
};

// The health pages are for everybody, but not for those who cannot be told.
void check(const std::vector<Case>& cases) {
    for (const Case& c : cases) {
        DYNAMIC_SECTION(c.name) {
            CHECK(enter(c.certificate, c.headers).who == c.expected);
            CHECK(enter(c.certificate, c.headers, "/healthz").who == c.expected);
        }
    }
}

net::PeerCertificate issued(const net::KeyPair& by, const net::CertificateRequest& request) {
    return shown_by(net::issue(by, request));
}

net::CertificateRequest named(const std::string& name) {
    net::CertificateRequest request;
    request.common_name = name;
    return request;
}

const net::PeerCertificate& proxy() {
    static const auto made = shown_by(client_certificate(lab().proxies, "front-proxy-client"));
    return made;
}

}  // namespace

TEST_CASE("The front proxy speaks for others, by its headers") {
    const auto other = shown_by(client_certificate(lab().proxies, "somebody"));
    const auto impostor = shown_by(client_certificate(lab().strangers, "front-proxy-client"));
    check({
        {"user and groups",
         proxy(),
         {{"X-Remote-User", "eve"}, {"X-Remote-Group", "a,b"}, {"X-Remote-Group", "c"}},
         "eve of a,b c system:authenticated"},
        {"no user", proxy(), {}, "401"},
        {"groups without a user", proxy(), {{"X-Remote-Group", "system:masters"}}, "401"},
        {"an empty user", proxy(), {{"X-Remote-User", ""}}, "401"},
        {"an empty user and a good token",
         proxy(),
         {{"X-Remote-User", ""}, {"Authorization", "Bearer good"}},
         "jane of dev system:authenticated"},
        {"anonymous",
         proxy(),
         {{"X-Remote-User", "system:anonymous"}, {"X-Remote-Group", "system:unauthenticated"}},
         kAnonymous},
        {"a user and a bad token",
         proxy(),
         {{"X-Remote-User", "eve"}, {"Authorization", "Bearer bad"}},
         "eve of system:authenticated"},
        {"a name that is not allowed", other, {{"X-Remote-User", "eve"}}, "401"},
        {"an unknown authority", impostor, {{"X-Remote-User", "eve"}}, "401"},
        {"no certificate", {}, {{"X-Remote-User", "eve"}, {"X-Remote-Group", "system:masters"}}, kAnonymous},
        {"no certificate and a token",
         {},
         {{"X-Remote-User", "eve"}, {"Authorization", "Bearer good"}},
         "jane of dev system:authenticated"},
    });
}

TEST_CASE("What a front proxy says beside user and groups is kept as it is meant") {
    const Outcome outcome = enter(proxy(), {{"X-Remote-User", "eve"},
                                            {"X-Remote-Uid", "not asked for by default"},
                                            {"X-Remote-Extra-Acme.com%2FProject", "one"},
                                            {"X-Remote-Extra-acme.com%2fproject", "two"},
                                            {"X-Remote-Extra-Scopes", "a, b"}});
    CHECK(outcome.user.uid.empty());
    using Extra = std::map<std::string, std::vector<std::string>>;
    CHECK(outcome.user.extra == Extra{{"acme.com/project", {"one", "two"}}, {"scopes", {"a, b"}}});
}

TEST_CASE("A client certificate names a user") {
    const auto bob = shown_by(client_certificate(lab().clients, "bob", {"team", "ops"}));
    const auto nameless = shown_by(client_certificate(lab().clients, "", {"team"}));
    const auto stranger = shown_by(client_certificate(lab().strangers, "bob"));
    auto for_servers = named("bob");
    for_servers.server = true;
    auto for_both = for_servers;
    for_both.client = true;
    auto for_any = named("bob");
    for_any.any = true;
    auto old = for_both;
    old.not_after_offset = std::chrono::seconds{-60};
    auto early = for_both;
    early.not_before_offset = std::chrono::seconds{600};
    const std::string of_bob = "bob of system:authenticated";
    check({
        {"name and organizations", bob, {}, "bob of team ops system:authenticated"},
        {"with a user header", bob, {{"X-Remote-User", "eve"}}, "bob of team ops system:authenticated"},
        {"and a bad token", bob, {{"Authorization", "Bearer bad"}}, "bob of team ops system:authenticated"},
        // It is no front proxy's, which is the error that counts.
        {"without a name", nameless, {}, "401"},
        {"without a name, and a good token",
         nameless,
         {{"Authorization", "Bearer good"}},
         "jane of dev system:authenticated"},
        {"of an unknown authority", stranger, {}, "401"},
        {"of an unknown authority, and a good token",
         stranger,
         {{"Authorization", "Bearer good"}},
         "jane of dev system:authenticated"},
        {"of an unknown authority, and a bad token", stranger, {{"Authorization", "Bearer bad"}}, "401"},
        {"without extended key usages", issued(lab().clients, named("bob")), {}, of_bob},
        {"for servers only", issued(lab().clients, for_servers), {}, "401"},
        {"for servers and clients", issued(lab().clients, for_both), {}, of_bob},
        {"for any use", issued(lab().clients, for_any), {}, of_bob},
        {"whose time is over", issued(lab().clients, old), {}, "401"},
        {"whose time has not come", issued(lab().clients, early), {}, "401"},
    });
}

TEST_CASE("A client certificate tells its digest, and may tell a UID") {
    auto one = named("bob");
    one.uids = {"7f"};
    auto two = named("bob");
    two.uids = {"7f", "80"};
    const auto shown = issued(lab().clients, one);
    const Outcome outcome = enter(shown, {});
    CHECK(outcome.user.uid == "7f");
    using Extra = std::map<std::string, std::vector<std::string>>;
    CHECK(outcome.user.extra ==
          Extra{{"authentication.kubernetes.io/credential-id", {"X509SHA256=" + shown.sha256()}}});
    CHECK(shown.sha256().size() == 64);
    CHECK(enter(issued(lab().clients, two), {}).who == "401");
}

TEST_CASE("A bearer token is reviewed") {
    const std::string jane = "jane of dev system:authenticated";
    check({
        {"nothing at all", {}, {}, kAnonymous},
        {"a good token", {}, {{"Authorization", "Bearer good"}}, jane},
        {"the scheme in any case", {}, {{"authorization", "bEARER good"}}, jane},
        {"spaces around", {}, {{"Authorization", "  Bearer good  "}}, jane},
        {"more words", {}, {{"Authorization", "Bearer good or bad"}}, jane},
        {"the first of two fields",
         {},
         {{"Authorization", "Bearer good"}, {"Authorization", "Bearer bad"}},
         jane},
        {"a bad token", {}, {{"Authorization", "Bearer bad"}}, "401"},
        {"a review that went wrong", {}, {{"Authorization", "Bearer broken"}}, "401"},
        {"another scheme", {}, {{"Authorization", "Basic Ym9iOmJvYg=="}}, kAnonymous},
        {"no token", {}, {{"Authorization", "Bearer "}}, kAnonymous},
        {"a tab is no space", {}, {{"Authorization", "Bearer\tgood"}}, kAnonymous},
        {"two spaces", {}, {{"Authorization", "Bearer  good"}}, kAnonymous},
    });
}

TEST_CASE("Who writes two spaces before a token is warned") {
    CHECK(enter({}, {{"Authorization", "Bearer  good"}}).warning == kSpaceWarning);
    CHECK(enter({}, {{"Authorization", "bearer   good"}}).warning == kSpaceWarning);
    const auto stranger = shown_by(client_certificate(lab().strangers, "bob"));
    const Outcome refused = enter(stranger, {{"Authorization", "Bearer  good"}});
    CHECK(refused.who == "401");
    CHECK(refused.warning == kSpaceWarning);
    // By then it is known who they are.
    CHECK(enter(proxy(), {{"X-Remote-User", "eve"}, {"Authorization", "Bearer  good"}}).warning == "<none>");
    for (const char* other : {"Bearer good", "Bearer ", "Basic  good", "Bearer good  "})
        CHECK(enter({}, {{"Authorization", other}}).warning == "<none>");
}

TEST_CASE("A token review asks for the token and nothing else") {
    FakeApiServer fake;
    with_reviews(fake, [&](kube::ReviewClient& reviews) -> net::Task<> {
        const Headers headers{{"Authorization", "Bearer go\"od"}, {"X-Remote-User", "eve"}};
        const net::PeerCertificate none;
        const std::string target = "/version";
        co_await enter(reviews, none, headers, target);
    });
    CHECK(
        fake.texts ==
        std::vector<std::string>{
            "POST /apis/authentication.k8s.io/v1/tokenreviews "
            R"({"apiVersion":"authentication.k8s.io/v1","kind":"TokenReview","metadata":{},"spec":{"token":"go\"od"}})"});
}

TEST_CASE("Whom a review names is taken as named") {
    const Outcome outcome = enter({}, {{"Authorization", "Bearer good"}});
    CHECK(outcome.user.uid == "u1");
    using Extra = std::map<std::string, std::vector<std::string>>;
    CHECK(outcome.user.extra == Extra{{"k", {"v"}}});
}

TEST_CASE("Answers of token reviews are kept, and errors are not") {
    struct Row {
        const char* token;
        int failures;
        std::size_t reviews;
    };
    // A failing review is tried five times.
    const Row rows[] = {{"good", 0, 1}, {"bad", 0, 1}, {"broken", 0, 3}, {"good", 5, 6}};
    for (const Row& row : rows) {
        FakeApiServer fake;
        fake.failures = row.failures;
        with_reviews(fake, [&](kube::ReviewClient& reviews) -> net::Task<> {
            apiserver::TrustSource trust{{}, apiserver::TrustSource::LookUp::none};
            apiserver::DelegatedAuthenticator authenticator{trust, &reviews, {}};
            const net::Request asked = request("/", {{"Authorization", std::string{"Bearer "} + row.token}});
            for (int i = 0; i < 3; ++i) co_await authenticator.authenticate(asked, kNoDeadline);
        });
        CAPTURE(row.token, row.failures);
        CHECK(fake.requests.size() == row.reviews);
    }
}
