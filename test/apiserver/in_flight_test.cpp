// SPDX-License-Identifier: Apache-2.0
// How many requests are answered at once: who is counted, for how long, and what one too many gets.
#include "apiserver/in_flight.hpp"

#include "net/task_group.hpp"
#include "test/apiserver/fixture.hpp"

#include <catch2/catch.hpp>

using namespace test;
using apiserver::InFlight;

namespace {

apiserver::RequestInfo info_of(const std::string& method, const std::string& target) {
    return *apiserver::make_request_info(method, *apiserver::parse_target(target));
}

apiserver::User of_group(std::string group) {
    apiserver::User user;
    user.name = "joe";
    user.groups = {std::move(group)};
    return user;
}

// Lets nobody through before it is told to.
class Gate final : public apiserver::Authorizer {
  public:
    net::Task<apiserver::Decision> authorize(const apiserver::User&, const apiserver::RequestInfo&,
                                             net::Deadline) override {
        ++waiting;
        while (!open) co_await opened.wait_until(kNoDeadline);
        --waiting;
        co_return apiserver::Decision{apiserver::Decision::Verdict::allowed, ""};
    }
    void let_go() {
        open = true;
        opened.notify();
    }
    int waiting = 0;
    bool open = false;
    net::Event opened;
};

}  // namespace

TEST_CASE("Requests that read and requests that change have limits of their own") {
    struct Case {
        const char* method;
        std::string target;
        std::string group;
        // Whether it may go on when there are as many as may be of those that read, or of the others.
        bool while_reading;
        bool while_mutating;
    };
    const Case cases[] = {
        {"GET", kMetrics + "/nodes", "g", false, true},
        {"GET", kMetrics + "/nodes/n1", "g", false, true},
        {"HEAD", kMetrics + "/nodes", "g", false, true},
        {"GET", "/healthz", "g", false, true},
        {"GET", "/metrics", "g", false, true},
        {"HEAD", "/healthz", "g", true, false},
        {"POST", kMetrics + "/nodes", "g", true, false},
        {"OPTIONS", kMetrics + "/nodes", "g", true, false},
        {"GET", kMetrics + "/nodes?watch=true", "g", false, true},
        {"GET", kMetrics + "/watch/nodes", "g", false, true},
        {"GET", "/debug/pprof/heap", "g", false, true},
        {"GET", kMetrics + "/nodes", "system:masters", true, true},
        {"POST", kMetrics + "/nodes", "system:masters", true, true},
    };
    for (const Case& c : cases) {
        CAPTURE(c.method, c.target, c.group);
        for (const bool reading : {true, false}) {
            InFlight in_flight{{2, 1}};
            const int places = reading ? 2 : 1;
            std::vector<std::shared_ptr<InFlight::Place>> taken;
            for (int i = 0; i < places; ++i) {
                taken.push_back(in_flight.enter());
                REQUIRE(taken.back()->admit(of_group("g"), info_of(reading ? "GET" : "POST", "/x")));
            }
            const auto place = in_flight.enter();
            CHECK(place->admit(of_group(c.group), info_of(c.method, c.target)) ==
                  (reading ? c.while_reading : c.while_mutating));
        }
    }
}

TEST_CASE("A limit of zero is none") {
    InFlight in_flight{{0, 0}};
    std::vector<std::shared_ptr<InFlight::Place>> taken;
    for (int i = 0; i < 1000; ++i) {
        taken.push_back(in_flight.enter());
        REQUIRE(taken.back()->admit(of_group("g"), info_of(i % 2 == 0 ? "GET" : "POST", "/x")));
    }
    CHECK(in_flight.reading() == 500);
    CHECK(in_flight.mutating() == 500);
    taken.clear();
    CHECK(in_flight.all() == 0);
    CHECK(in_flight.reading() == 0);
}

TEST_CASE("One request too many gets 429, after it is known who asks and before what they may") {
    Cluster cluster;
    cluster.fill();
    cluster.options.in_flight = {1, 1};
    Gate gate;
    apiserver::Api api{cluster.options, cluster.store, cluster.authenticator, gate};
    boost::asio::io_context loop{1};
    net::Response blocked;
    const net::Request nodes = request(kMetrics + "/nodes");
    auto block = [&]() -> net::Task<> { blocked = co_await api.respond(nodes); };
    auto play = [&]() -> net::Task<> {
        net::TaskGroup group{loop.get_executor()};
        group.spawn(block());
        while (gate.waiting == 0) co_await net::sleep_until(net::Clock::now());
        for (const std::string target : {"/healthz", "/bogus", "/livez"}) {
            net::Request asked = request(target);
            const net::Response full = co_await api.respond(std::move(asked));
            CHECK(full.status == 429);
            CHECK(full.body == "Too many requests, please try again later.\n");
            CHECK(header(full, "Retry-After") == "1");
            CHECK(header(full, "Content-Type") == "text/plain; charset=utf-8");
            CHECK(header(full, "X-Content-Type-Options") == "nosniff");
            CHECK_FALSE(full.close);
        }
        net::Request impersonating = request("/healthz", {{"Impersonate-Group", "g"}});
        const net::Response bad = co_await api.respond(std::move(impersonating));
        CHECK(bad.status == 400);
        cluster.authenticator.result.verdict = apiserver::AuthResult::Verdict::refused;
        net::Request unknown = request("/healthz");
        const net::Response refused = co_await api.respond(std::move(unknown));
        CHECK(refused.status == 401);
        cluster.authenticator.result.verdict = apiserver::AuthResult::Verdict::accepted;
        CHECK(api.in_flight().reading() == 1);
        gate.let_go();
        co_await group.wait();
        CHECK(blocked.status == 200);
        // Until it is sent, or dropped.
        net::Request early = request("/version");
        const net::Response still_full = co_await api.respond(std::move(early));
        CHECK(still_full.status == 429);
        blocked = net::Response{};
        net::Request late = request("/version");
        const net::Response free = co_await api.respond(std::move(late));
        CHECK(free.status == 200);
    };
    run(loop, play());
}

TEST_CASE("A request that is cancelled is not in flight any more") {
    Cluster cluster;
    Gate gate;
    apiserver::Api api{cluster.options, cluster.store, cluster.authenticator, gate};
    boost::asio::io_context loop{1};
    const net::Request version = request("/version");
    auto ask = [&]() -> net::Task<> { co_await api.respond(version); };
    auto play = [&]() -> net::Task<> {
        net::TaskGroup group{loop.get_executor()};
        for (int i = 0; i < 3; ++i) group.spawn(ask());
        while (gate.waiting < 3) co_await net::sleep_until(net::Clock::now());
        CHECK(api.in_flight().all() == 3);
        CHECK(api.in_flight().reading() == 3);
        net::TaskGroup waiters{loop.get_executor()};
        bool drained = false;
        auto wait = [&]() -> net::Task<> {
            co_await api.in_flight().drained(kNoDeadline);
            drained = true;
        };
        waiters.spawn(wait());
        co_await net::sleep_until(net::Clock::now());
        CHECK_FALSE(drained);
        group.cancel();
        co_await group.wait();
        co_await waiters.wait();
        CHECK(drained);
        CHECK(api.in_flight().all() == 0);
        CHECK(api.in_flight().reading() == 0);
        // That long is not waited for.
        const auto place = api.in_flight().enter();
        co_await api.in_flight().drained(net::Clock::now());
    };
    run(loop, play());
}

TEST_CASE("A list is in flight until its last piece was taken") {
    Cluster cluster;
    for (int i = 0; i < 1000; ++i) {
        const std::string name = "node-with-a-long-name-" + std::to_string(10'000 + i);
        cluster.store.put_node(name, {{"kubernetes.io/hostname", name}});
        cluster.scrape(name, {"", 1, 1});
    }
    apiserver::Api api{cluster.options, cluster.store, cluster.authenticator, cluster.authorizer};
    for (const bool to_the_end : {true, false}) {
        net::Response list = respond(api, request(kMetrics + "/nodes"));
        REQUIRE(list.source != nullptr);
        CHECK(api.in_flight().reading() == 1);
        if (to_the_end) CHECK(whole_body(list).size() > 100'000);
        CHECK(api.in_flight().reading() == 1);
        list = net::Response{};
        CHECK(api.in_flight().all() == 0);
    }
}
