// SPDX-License-Identifier: Apache-2.0
// What the flags say about who may ask.
#include "kube/client_metrics.hpp"
#include "test/apiserver/auth/review_lab.hpp"
#include "test/topd/file_tree.hpp"
#include "topd/serving/access.hpp"

#include <algorithm>

using namespace test;
using topd::Access;

namespace {

// An API server with a kubeconfig that leads to it.
struct Reviewer {
    Reviewer(boost::asio::io_context& loop, const FileTree& files, const std::string& name)
        : server{loop.get_executor(), options(), std::nullopt, fake}, kubeconfig{files.root() + "/" + name} {
        REQUIRE(server.listen().has_value());
        address = "127.0.0.1:" + std::to_string(server.port());
        const json config = {{"clusters", {{{"name", "c"}, {"cluster", {{"server", "http://" + address}}}}}},
                             {"users", {{{"name", "u"}, {"user", {{"token", "t"}}}}}},
                             {"contexts", {{{"name", "x"}, {"context", {{"cluster", "c"}, {"user", "u"}}}}}},
                             {"current-context", "x"}};
        files.write(name, config.dump());
    }
    static net::ServerOptions options() {
        net::ServerOptions options;
        options.address = "127.0.0.1";
        return options;
    }
    // How many reviews were of that token or user.
    long asked(const char* key, const char* value) const {
        return std::count_if(fake.requests.begin(), fake.requests.end(),
                             [&](const json& review) { return review["spec"].value(key, "") == value; });
    }

    FakeApiServer fake;
    net::HttpServer server;
    std::string kubeconfig;
    std::string address;
};

// May that user get that path?
Decision::Verdict decide(boost::asio::io_context& loop, Access& access, const std::string& name,
                         const std::string& path, net::Deadline until) {
    apiserver::User user;
    user.name = name;
    const auto info = *apiserver::make_request_info("GET", *apiserver::parse_target(path));
    loop.restart();
    return run(loop, access.authorizer().authorize(user, info, until)).verdict;
}

}  // namespace

TEST_CASE("Reviews go to their own kubeconfigs and count for as long as their own flags say") {
    struct Case {
        const char* name;
        std::chrono::nanoseconds token, allowed, denied;
    };
    const Case cases[] = {{"tokens", 1h, 0s, 0s}, {"permissions", 0s, 1h, 0s}, {"refusals", 0s, 0s, 1h}};
    for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
            FileTree files;
            boost::asio::io_context loop{1};
            Reviewer tokens{loop, files, "tokens"};
            Reviewer permissions{loop, files, "permissions"};
            topd::Flags flags;
            flags.authentication_kubeconfig = tokens.kubeconfig;
            flags.authorization_kubeconfig = permissions.kubeconfig;
            flags.authentication_skip_lookup = true;
            flags.authentication_token_webhook_cache_ttl = c.token;
            flags.authorization_webhook_cache_authorized_ttl = c.allowed;
            flags.authorization_webhook_cache_unauthorized_ttl = c.denied;
            kube::ClientMetrics metrics;
            kube::Config cluster;
            cluster.metrics = &metrics;
            Access access{loop.get_executor(), flags, cluster};
            const auto info = *apiserver::make_request_info("GET", *apiserver::parse_target("/x"));
            auto play = [&]() -> net::Task<> {
                net::TaskGroup group{loop.get_executor()};
                group.spawn(tokens.server.run());
                group.spawn(permissions.server.run());
                net::Request request;
                request.headers.add("Authorization", "Bearer good");
                apiserver::User allowed, other;
                allowed.name = "allowed";
                other.name = "other";
                for (int i = 0; i < 2; ++i) {
                    const AuthResult who = co_await access.authenticator().authenticate(request, kNoDeadline);
                    CHECK(who.user.name == "jane");
                    const Decision yes = co_await access.authorizer().authorize(allowed, info, kNoDeadline);
                    CHECK(yes.verdict == Decision::Verdict::allowed);
                    const Decision no = co_await access.authorizer().authorize(other, info, kNoDeadline);
                    CHECK(no.verdict == Decision::Verdict::denied);
                }
                tokens.server.stop(100ms);
                permissions.server.stop(100ms);
                co_await group.wait();
            };
            run(loop, play());
            const long token_reviews = c.token > 0s ? 1 : 2;
            const long access_reviews = (c.allowed > 0s ? 1 : 2) + (c.denied > 0s ? 1 : 2);
            CHECK(tokens.asked("token", "good") == token_reviews);
            CHECK(permissions.asked("user", "allowed") == (c.allowed > 0s ? 1 : 2));
            CHECK(permissions.asked("user", "other") == (c.denied > 0s ? 1 : 2));
            std::string page;
            telemetry::MetricsText text{page};
            access.write_metrics(text);
            metrics.write(text);
            for (const std::string& line :
                 {"authn_request_total{code=\"201\"} " + std::to_string(token_reviews),
                  "authz_request_total{code=\"201\"} " + std::to_string(access_reviews),
                  "{code=\"201\",host=\"" + tokens.address + "\",method=\"POST\"} " +
                      std::to_string(token_reviews)})
                CHECK_THAT(page, Catch::Contains(line + "\n"));
        }
}

TEST_CASE("Paths that are always allowed need no review") {
    boost::asio::io_context loop{1};
    topd::Flags flags;
    flags.authentication_skip_lookup = true;
    flags.authorization_always_allow_paths = {"/open"};
    kube::Config cluster;
    cluster.server.host = "127.0.0.1";
    Access access{loop.get_executor(), flags, cluster};
    CHECK(decide(loop, access, "joe", "/open", kNoDeadline) == Decision::Verdict::allowed);
    CHECK(decide(loop, access, "joe", "/healthz", net::Clock::now()) == Decision::Verdict::failed);
}

TEST_CASE("Certificates wait for the cluster's settings unless the flags leave nothing to be looked up") {
    struct Case {
        const char* name;
        bool clients, proxies, skip, tolerate;
        std::string expected;
        bool watches;
    };
    const std::string jane = "jane of system:authenticated";
    const Case cases[] = {
        {"no flag", false, false, false, false, "503", true},
        {"clients' authorities only", true, false, false, false, "503", true},
        {"front proxies' authorities only", false, true, false, false, "503", true},
        {"both", true, true, false, false, jane, false},
        {"skipped", true, false, true, false, jane, false},
        {"tolerated", true, false, false, true, jane, true},
    };
    FileTree files;
    files.write("clients.crt", lab().clients.certificate_pem);
    files.write("proxies.crt", lab().proxies.certificate_pem);
    net::Request request;
    request.certificate = shown_by(client_certificate(lab().clients, "jane"));
    for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
            boost::asio::io_context loop{1};
            topd::Flags flags;
            if (c.clients) flags.client_ca_file = files.root() + "/clients.crt";
            if (c.proxies) flags.requestheader_client_ca_file = files.root() + "/proxies.crt";
            flags.authentication_skip_lookup = c.skip;
            flags.authentication_tolerate_lookup_failure = c.tolerate;
            kube::Config cluster;
            cluster.server.host = "127.0.0.1";
            Access access{loop.get_executor(), flags, cluster};
            bool watches = true;
            auto watch = [&]() -> net::Task<> {
                co_await access.run();
                watches = false;
            };
            auto play = [&]() -> net::Task<> {
                const net::Deadline at_once = net::Clock::now();
                const AuthResult who = co_await access.authenticator().authenticate(request, at_once);
                CHECK(described(who) == c.expected);
                net::TaskGroup group{loop.get_executor()};
                group.spawn(watch());
                co_await net::sleep_until(net::Clock::now());
                CHECK(watches == c.watches);
                group.cancel();
                co_await group.wait();
            };
            run(loop, play());
        }
}
