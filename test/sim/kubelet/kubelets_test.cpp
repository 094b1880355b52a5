// SPDX-License-Identifier: Apache-2.0
#include "test/sim/kubelet/kubelets.hpp"

#include "net/http/server.hpp"
#include "test/checkout.hpp"
#include "test/net/tls/authority.hpp"
#include "test/sim/kubelet/node_certificates.hpp"
#include "test/sim/testing.hpp"

#include <fstream>
#include <sstream>
#include <string>

#include <catch2/catch.hpp>

namespace sim {
namespace {

// The kubelets of three nodes, listening.
struct Fixture {
    explicit Fixture(std::size_t chunk_bytes = 0) : kubelets{model, options(chunk_bytes), started} {
        REQUIRE(server.listen());
        loop.start(server.run());
    }
    ~Fixture() {
        server.stop(std::chrono::milliseconds{0});
        loop.until_idle();
    }

    static KubeletOptions options(std::size_t chunk_bytes) {
        KubeletOptions options;
        options.token = "good";
        options.forbidden_token = "other";
        options.chunk_bytes = chunk_bytes;
        return options;
    }
    static net::ServerOptions listener() {
        net::ServerOptions server;
        server.loopback_only = true;
        return server;
    }

    Answer get(const std::string& host, const std::string& token = "good",
               const std::string& path = "/metrics/resource", const std::string& method = "GET",
               std::chrono::milliseconds limit = std::chrono::seconds{5}) {
        net::HttpClient client{loop.executor(), origin_of(host, server.port(), authority.certificate_pem)};
        net::Request request;
        request.method = method;
        request.target = path;
        if (!token.empty()) request.headers.add("Authorization", "Bearer " + token);
        for (const auto& [name, value] : extra) request.headers.add(name, value);
        return loop.run(test::ask(client, std::move(request), limit));
    }

    Fault fault(Fault::Kind kind) {
        Fault made;
        made.kind = kind;
        made.since = now_nanos();
        return made;
    }

    Nanos started = now_nanos();
    TestLoop loop;
    Model model{{3, 20, 1}, started};
    net::KeyPair authority = net::make_authority("test-ca");
    Kubelets kubelets;
    NodeCertificates certificates{model.nodes(), authority};
    net::HttpServer server{loop.executor(), listener(), certificates.make_server().value(), kubelets};
    net::Headers extra;
};

std::string fixture(const std::string& name) {
    std::ifstream file{checkout::fixtures() / "kubelet-1.37/headers" / name};
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

}  // namespace

TEST_CASE("Every kubelet answers at its own address with its own certificate and page") {
    Fixture f;
    const Answer first = f.get("127.16.0.1");
    const Answer third = f.get("127.16.0.3");
    REQUIRE(first.status == 200);
    REQUIRE(third.status == 200);
    CHECK(first.header("Content-Type") == "text/plain; version=0.0.4; charset=utf-8; escaping=underscores");
    CHECK(first.header("Transfer-Encoding") == "chunked");
    CHECK(first.body.find(f.model.nodes()[0].pods[7]->name) != std::string::npos);
    CHECK(first.body.find(f.model.nodes()[2].pods[7]->name) == std::string::npos);
    CHECK(third.body.find(f.model.nodes()[2].pods[7]->name) != std::string::npos);
    CHECK(f.certificates.size() == 2);
    // No kubelet lives there, and the certificate says so.
    CHECK(f.get("127.16.0.4").error.category() == net::certificate_category());
    CHECK(f.kubelets.stats().pages == 2);
    REQUIRE(f.kubelets.given().size() == 2);
    CHECK(f.kubelets.given()[1].node == 2);
    CHECK(f.kubelets.given()[1].node_sample == f.kubelets.page(2)->node_sample());
}

TEST_CASE("Refusals are word for word those of real kubelets") {
    Fixture f;
    const Answer none = f.get("127.16.0.1", "");
    CHECK(none.status == 401);
    CHECK(none.body == fixture("no-credentials.body"));
    const Answer bad = f.get("127.16.0.1", "nonsense");
    CHECK(bad.status == 401);
    CHECK(bad.body == fixture("bad-token.body"));
    const Answer forbidden = f.get("127.16.0.1", "other");
    CHECK(forbidden.status == 403);
    CHECK(forbidden.body == fixture("forbidden.body"));
    CHECK(forbidden.header("Content-Type") == "text/plain; charset=utf-8");
    const Answer unknown = f.get("127.16.0.1", "good", "/metrics/nope");
    CHECK(unknown.status == 404);
    CHECK(unknown.header("Content-Length") == "19");
    CHECK(unknown.header("X-Content-Type-Options") == "nosniff");
    CHECK(f.kubelets.stats().refused == 3);
    CHECK(f.kubelets.stats().pages == 0);
}

TEST_CASE("A page comes in chunks or compressed as asked") {
    Fixture f{1000};
    const Answer plain = f.get("127.16.0.1");
    CHECK(plain.body.size() > 10'000);
    CHECK(plain.body.ends_with("resource_scrape_error 0\n"));
    f.extra.add("Accept-Encoding", "gzip");
    const Answer compressed = f.get("127.16.0.1");
    CHECK(compressed.header("Content-Encoding") == "gzip");
    CHECK(compressed.body.substr(0, 2) == "\x1f\x8b");
    CHECK(compressed.body.size() < plain.body.size() / 4);
}

TEST_CASE("A node may have its page elsewhere") {
    Fixture f;
    REQUIRE(f.model.set_metrics_path("node-0001", "/custom/page"));
    CHECK(f.get("127.16.0.1").status == 404);
    CHECK(f.get("127.16.0.1", "good", "/custom/page").status == 200);
    CHECK(f.get("127.16.0.2").status == 200);
}

TEST_CASE("Faults strike one node for as long as asked") {
    Fixture f;
    Faults& faults = f.kubelets.faults();
    const auto set = [&](Fault fault) { faults.set("node-0001", fault); };

    SECTION("a status") {
        Fault fault = f.fault(Fault::Kind::status);
        fault.status = 503;
        fault.requests = 2;
        set(fault);
        CHECK(f.get("127.16.0.1").status == 503);
        CHECK(f.get("127.16.0.2").status == 200);
        CHECK(f.get("127.16.0.1").status == 503);
        CHECK(f.get("127.16.0.1").status == 200);
        CHECK(f.kubelets.stats().faults == 2);
    }
    SECTION("no page at all") {
        Fault fault = f.fault(Fault::Kind::status);
        fault.status = 404;
        set(fault);
        CHECK(f.get("127.16.0.1").body == "404 page not found\n");
    }
    SECTION("slow") {
        Fault fault = f.fault(Fault::Kind::slow);
        fault.delay = std::chrono::milliseconds{80};
        set(fault);
        const auto begin = net::Clock::now();
        CHECK(f.get("127.16.0.1").status == 200);
        CHECK(net::Clock::now() - begin >= fault.delay);
    }
    SECTION("hanging until the client gives up") {
        set(f.fault(Fault::Kind::hang));
        CHECK(f.get("127.16.0.1", "good", "/metrics/resource", "GET", std::chrono::milliseconds{150}).error ==
              net::TimedOut::answer);
        CHECK(f.get("127.16.0.2").status == 200);
    }
    SECTION("hanging until the fault ends") {
        Fault fault = f.fault(Fault::Kind::hang);
        fault.until = fault.since + kSecond / 5;
        set(fault);
        CHECK(f.get("127.16.0.1").status == 200);
    }
    SECTION("truncated") {
        set(f.fault(Fault::Kind::truncated));
        const Answer answer = f.get("127.16.0.1");
        CHECK(answer.error == net::Errc::cut_short);
        CHECK(answer.body.size() > 4'000);
    }
    SECTION("closed without an answer") {
        set(f.fault(Fault::Kind::close));
        const Answer answer = f.get("127.16.0.1");
        CHECK(answer.error);
        CHECK(answer.body.empty());
    }
    SECTION("malformed lines among good ones") {
        set(f.fault(Fault::Kind::malformed));
        const Answer answer = f.get("127.16.0.1");
        CHECK(answer.status == 200);
        CHECK(answer.body.find("not-a-number") != std::string::npos);
        CHECK(answer.body.find('\0') != std::string::npos);
    }
    SECTION("garbage") {
        set(f.fault(Fault::Kind::garbage));
        const Answer answer = f.get("127.16.0.1");
        CHECK(answer.status == 200);
        CHECK(answer.body.size() > 10'000);
        CHECK(answer.body.find("container_cpu") == std::string::npos);
    }
    SECTION("endless up to a size") {
        Fault fault = f.fault(Fault::Kind::endless);
        fault.bytes = 10'000'000;
        set(fault);
        const Answer answer = f.get("127.16.0.1");
        CHECK(answer.body.size() >= 10'000'000);
        CHECK(answer.body.size() < 10'200'000);
    }
    SECTION("over at its time") {
        Fault fault = f.fault(Fault::Kind::status);
        fault.until = fault.since;
        set(fault);
        CHECK(f.get("127.16.0.1").status == 200);
        CHECK(faults.size() == 0);
    }
}

TEST_CASE("Malformed lines are a fifth of the samples and the rest is untouched") {
    std::string page = "# HELP a b\n";
    for (int i = 0; i < 60; ++i) page += "name{label=\"x" + std::to_string(i) + "\"} 1 1795408112170\n";
    const std::string broken = with_malformed_lines(page);
    std::istringstream lines{broken};
    int untouched = 0, total = 0;
    for (std::string line; std::getline(lines, line); ++total)
        untouched += page.find(line + "\n") != std::string::npos && !line.empty() ? 1 : 0;
    CHECK(total == 61);
    CHECK(untouched == 49);
    CHECK(garbage_bytes(1000, 1).size() == 1000);
    CHECK(garbage_bytes(1000, 1) != garbage_bytes(1000, 2));
}

TEST_CASE("The names of faults") {
    CHECK(Fault::kind_of("slow") == Fault::Kind::slow);
    CHECK(Fault::kind_of("404") == Fault::Kind::status);
    CHECK_FALSE(Fault::kind_of("none").has_value());
}

}  // namespace sim
