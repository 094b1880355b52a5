// SPDX-License-Identifier: Apache-2.0
// Reviews on behalf of strangers hold up nobody else's (docs/decisions/0016-hostile-clients.md).
#include "apiserver/in_flight.hpp"
#include "test/apiserver/auth/review_lab.hpp"
#include "test/apiserver/fixture.hpp"
#include "test/topd/captured_log.hpp"

#include <algorithm>
#include <list>

using namespace test;

namespace {

// An API server that answers reviews when it is told to, and allows what alice asks for.
class SlowApiServer final : public net::RequestHandler {
  public:
    net::Task<net::Response> respond(net::Request request) override {
        const json body = json::parse(request.body);
        const json& spec = body["spec"];
        const std::string who = body["kind"] == "TokenReview" ? "token" : spec["user"].get<std::string>();
        asked.push_back(who);
        most = std::max(most, ++asking);
        while (passes == 0 && !open) co_await changed.wait_until(kNoDeadline);
        if (!open) --passes;
        --asking;
        answered.push_back(who);
        json status;
        status["allowed"] = who == "alice";
        status["authenticated"] = spec.value("token", "") == "good";
        status["user"] = {{"username", "jane"}};
        net::Response response;
        response.status = 201;
        response.headers.add("Content-Type", "application/json");
        response.body = json{{"kind", body["kind"]}, {"status", status}}.dump();
        co_return response;
    }
    // Answers one more.
    void pass() {
        ++passes;
        changed.notify();
    }
    void let_go() {
        open = true;
        changed.notify();
    }

    std::vector<std::string> asked;
    std::vector<std::string> answered;
    int asking = 0;
    int most = 0;
    int passes = 0;
    bool open = false;
    net::Event changed;
};

net::Task<> turn() {
    return net::sleep_until(net::Clock::now());
}

net::Request from(const char* address, net::Request request) {
    request.remote = {boost::asio::ip::make_address(address), 1234};
    return request;
}

// A server with access as it is in a cluster.
struct Served {
    Cluster cluster;
    apiserver::TrustSource trust{lab().trust(), apiserver::TrustSource::LookUp::none};
    apiserver::DelegatedAuthenticator authenticator;
    apiserver::DelegatedAuthorizer authorizer;
    apiserver::Api api;
    std::list<net::Response> responses;

    explicit Served(kube::ReviewClient& reviews)
        : authenticator{trust, &reviews, {}},
          authorizer{reviews, {}},
          api{cluster.options, cluster.store, authenticator, authorizer} {}

    net::Task<> ask(net::Request request) {
        net::Response response = co_await api.respond(std::move(request));
        // As if it had been sent.
        response.source.reset();
        response.held.reset();
        responses.push_back(std::move(response));
    }
    std::size_t with_status(unsigned status) const {
        return static_cast<std::size_t>(
            std::count_if(responses.begin(), responses.end(),
                          [status](const net::Response& r) { return r.status == status; }));
    }
};

net::Request of_alice(std::string target) {
    static const auto proxy = shown_by(client_certificate(lab().proxies, "front-proxy-client"));
    net::Request asked = from("10.9.9.9", request(std::move(target), {{"X-Remote-User", "alice"}}));
    asked.certificate = proxy;
    return asked;
}

std::string watch_of(int i) {
    return kMetrics + "/namespaces/n" + std::to_string(i) + "/pods?watch=1";
}

}  // namespace

TEST_CASE("Whoever has shown something is asked about beside a flood of strangers") {
    SlowApiServer slow;
    with_reviews(slow, [&](kube::ReviewClient& reviews) -> net::Task<> {
        Served served{reviews};
        const auto executor = co_await boost::asio::this_coro::executor;
        net::TaskGroup group{executor};
        for (int i = 0; i < 100; ++i) group.spawn(served.ask(from("10.0.0.1", request(watch_of(i)))));
        // An address has two connections and 62 more who wait; the others are told to come again at once.
        while (served.responses.size() < 36 || slow.asking < 2) co_await turn();
        CHECK(served.with_status(429) == 36);
        for (const net::Response& refused : served.responses) CHECK(header(refused, "Retry-After") == "1");
        CHECK(served.api.in_flight().reading() == 64);
        group.spawn(served.ask(of_alice(kMetrics + "/namespaces/n/pods")));
        while (slow.asked.size() < 3) co_await turn();
        CHECK(slow.asked.back() == "alice");
        // Another stranger as well.
        group.spawn(served.ask(from("10.0.0.2", request("/metrics"))));
        while (slow.asking < 4) co_await turn();
        slow.let_go();
        co_await group.wait();
        CHECK(served.with_status(200) == 1);
        CHECK(served.with_status(403) == 64 + 1);
        CHECK(slow.most == 4);
        CHECK(served.api.in_flight().reading() == 0);
    });
}

TEST_CASE("Strangers who all ask the same are no more than others") {
    SlowApiServer slow;
    with_reviews(slow, [&](kube::ReviewClient& reviews) -> net::Task<> {
        Served served{reviews};
        const auto executor = co_await boost::asio::this_coro::executor;
        net::TaskGroup group{executor};
        for (const char* address : {"10.0.0.1", "10.0.0.2", "2001:db8::1", "2001:db8::2"})
            for (int i = 0; i < 100; ++i) group.spawn(served.ask(from(address, request("/metrics"))));
        while (served.responses.size() < 400 - 128 || slow.asking < 2) co_await turn();
        CHECK(served.with_status(429) == 400 - 128);
        CHECK(slow.asking == 2);
        slow.let_go();
        co_await group.wait();
        CHECK(served.with_status(403) == 128);
    });
}

TEST_CASE("Strangers through the front proxy are strangers") {
    SlowApiServer slow;
    with_reviews(slow, [&](kube::ReviewClient& reviews) -> net::Task<> {
        Served served{reviews};
        const auto executor = co_await boost::asio::this_coro::executor;
        net::TaskGroup group{executor};
        for (int i = 0; i < 100; ++i) {
            net::Request asked = of_alice(watch_of(i));
            asked.headers.set("X-Remote-User", "system:anonymous");
            group.spawn(served.ask(std::move(asked)));
        }
        while (served.responses.size() < 36 || slow.asking < 2) co_await turn();
        group.spawn(served.ask(of_alice("/metrics")));
        while (slow.asking < 3) co_await turn();
        CHECK(slow.asked.back() == "alice");
        slow.let_go();
        co_await group.wait();
    });
}

TEST_CASE("Made up tokens from one address hold up no tokens from another") {
    SlowApiServer slow;
    with_reviews(slow, [&](kube::ReviewClient& reviews) -> net::Task<> {
        Served served{reviews};
        const auto executor = co_await boost::asio::this_coro::executor;
        net::TaskGroup group{executor};
        const auto with_token = [](const char* address, const std::string& token) {
            return from(address, request("/healthz", {{"Authorization", "Bearer " + token}}));
        };
        for (int i = 0; i < 100; ++i)
            group.spawn(served.ask(with_token("10.0.0.1", "bad" + std::to_string(i))));
        while (served.responses.size() < 34 || slow.asking < 2) co_await turn();
        CHECK(served.with_status(429) == 34);
        group.spawn(served.ask(with_token("10.0.0.2", "good")));
        while (slow.asking < 3) co_await turn();
        slow.let_go();
        co_await group.wait();
        CHECK(served.with_status(200) == 1);
        CHECK(served.with_status(401) == 66);
    });
}

TEST_CASE("What strangers had reviewed takes what it may, however long it is") {
    SlowApiServer slow;
    slow.open = true;
    with_reviews(slow, [&](kube::ReviewClient& reviews) -> net::Task<> {
        apiserver::AuthorizerOptions options;
        options.cache_bytes = 64 * 1024;
        apiserver::DelegatedAuthorizer authorizer{reviews, options};
        apiserver::User stranger;
        stranger.name = apiserver::kAnonymous;
        for (int i = 0; i < 400; ++i) {
            const std::string target = "/" + std::to_string(100'000 + i) + std::string(9'700, 'a');
            const auto info = apiserver::make_request_info("GET", *apiserver::parse_target(target));
            co_await authorizer.authorize(stranger, *info, kNoDeadline);
            CHECK(authorizer.kept_bytes() <= options.cache_bytes);
            // Kept all the same.
            const std::size_t asked = slow.asked.size();
            co_await authorizer.authorize(stranger, *info, kNoDeadline);
            CHECK(slow.asked.size() == asked);
        }
    });
}

TEST_CASE("Long selectors are not parsed for a review") {
    const apiserver::User user;
    const auto terms = [&](const std::string& selector) {
        const std::string target = kMetrics + "/pods?labelSelector=" + selector;
        const auto info = apiserver::make_request_info("GET", *apiserver::parse_target(target));
        return apiserver::access_question(user, *info).resource->label_selector.size();
    };
    std::string many = "a%3Db";
    for (int i = 0; i < 100; ++i) many += ",a%3Db";
    CHECK(terms("a%3Db,c") == 2);
    CHECK(terms(many) == 101);
    CHECK(terms(many + ",a%3Db") == 0);
    CHECK(terms("a%3D" + std::string(63, 'b')) == 1);
    CHECK(terms("a%20%3D%20" + std::string(4'096, '+') + "b") == 0);
}

TEST_CASE("A flood of bad tokens writes ten lines a second and a count") {
    SlowApiServer slow;
    slow.open = true;
    // All of it is in one second.
    CapturedLog log{0, [] { return std::chrono::system_clock::time_point{1h}; }};
    with_reviews(slow, [&](kube::ReviewClient& reviews) -> net::Task<> {
        Served served{reviews};
        for (int i = 0; i < 50; ++i) {
            net::Request bad = request("/healthz", {{"Authorization", "Bearer bad" + std::to_string(i)}});
            co_await served.ask(std::move(bad));
        }
        CHECK(served.with_status(401) == 50);
    });
    std::vector<std::string> expected(
        10, "\"Unable to authenticate the request\" err=\"[invalid bearer token]\"");
    expected.emplace_back("\"Left out lines about clients\" count=40");
    CHECK(log.lines() == expected);
}

TEST_CASE("A review that is not answered is named to the client and in the log") {
    boost::asio::io_context loop{1};
    kube::Config config;
    config.server.host = "127.0.0.1";
    // Nobody listens there.
    config.server.port = 1;
    kube::ReviewOptions options;
    options.tries = 1;
    kube::ReviewClient reviews{loop.get_executor(), config, options};
    CapturedLog log;
    Served served{reviews};
    auto play = [&]() -> net::Task<> {
        co_await served.ask(of_alice("/metrics"));
        net::Request token = request("/metrics", {{"Authorization", "Bearer secret"}});
        co_await served.ask(std::move(token));
    };
    run(loop, play());
    const std::string server = "Post \"http://127.0.0.1:1/apis/";
    const std::string access = server + "authorization.k8s.io/v1/subjectaccessreviews\": ";
    const std::string tokens = server + "authentication.k8s.io/v1/tokenreviews\": ";
    CHECK(served.responses.front().status == 500);
    CHECK(served.responses.front().body ==
          "Internal Server Error: \"/metrics\": " + access + "Connection refused\n");
    CHECK(served.responses.back().status == 401);
    std::string all;
    for (const std::string& line : log.lines()) all += line + "\n";
    const auto quoted = [](std::string text) {
        for (std::size_t at = 0; (at = text.find('"', at)) != std::string::npos; at += 2)
            text.insert(at, "\\");
        return text;
    };
    CHECK(all ==
          "\"Failed to make webhook authorizer request\" err=\"" + quoted(access) +
              "Connection refused\"\n\"Unable to authenticate the request\" err=\"[token review failed: " +
              quoted(tokens) + "Connection refused]\"\n");
}
