// SPDX-License-Identifier: Apache-2.0
#include "scraper/applications/application_scraper.hpp"

#include "test/scraper/applications/applications_lab.hpp"

#include <cmath>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <catch2/catch.hpp>

using namespace scraper;
using namespace scraper::test;
using namespace std::chrono_literals;
using storage::applications::Known;
using storage::applications::Missing;

namespace {

// A line now and then, for ever.
class Trickle final : public net::BodySource {
  public:
    net::Task<net::Result<net::Piece>> next(std::string& out) override {
        co_await net::sleep_until(net::Clock::now() + 50ms);
        out += "y 1\n";
        co_return net::Piece::more;
    }
};

class Late final : public net::BodySource {
  public:
    net::Task<net::Result<net::Piece>> next(std::string& out) override {
        co_await net::sleep_until(net::Clock::now() + 100ms);
        out += "x 1\n";
        co_return net::Piece::last;
    }
};

// One answer that has no length, and ends with its connection.
net::Task<> answer_without_length(boost::asio::ip::tcp::acceptor& listener, std::string body) {
    using boost::asio::use_awaitable;
    auto connection = co_await listener.async_accept(use_awaitable);
    std::string request(1024, ' ');
    co_await connection.async_read_some(boost::asio::buffer(request), use_awaitable);
    const std::string answer = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n" + body;
    co_await boost::asio::async_write(connection, boost::asio::buffer(answer), use_awaitable);
    connection.shutdown(boost::asio::ip::tcp::socket::shutdown_both);
}

}  // namespace

TEST_CASE("a page that ends with its connection in the middle of a line is none") {
    using boost::asio::ip::tcp;
    ApplicationsLab lab;
    tcp::acceptor listener{lab.context, tcp::endpoint{boost::asio::ip::address_v4::loopback(), 0}};
    const bool cut = GENERATE(false, true);
    boost::asio::co_spawn(lab.context,
                          answer_without_length(listener, std::string{"y 1\nx 42000"} + (cut ? "" : "\n")),
                          boost::asio::detached);
    lab.put_pod("a", listener.local_endpoint().port());
    lab.start(lab.options());
    lab.ask("x", "a");
    REQUIRE(lab.until([&] { return lab.scrapes(cut ? PodOutcome::malformed : PodOutcome::ok) == 1; }));
    const Known known = lab.ask("x", "a");
    if (cut)
        CHECK(known.detail == "its page was cut short: its last line has no end");
    else
        CHECK(known.figure->milli == 42'000'000);
}

TEST_CASE("what is asked for of a pod is scraped at once and then in each interval") {
    ApplicationsLab lab;
    FakeKubelet& application = lab.server();
    application.answer = [](int n) { return text_page("# TYPE depth gauge\ndepth " + std::to_string(n)); };
    lab.put_pod("a", application.port());
    lab.start(lab.options());
    CHECK(lab.ask("depth", "a").missing == Missing::waiting);
    REQUIRE(lab.until([&] { return lab.ask("depth", "a").figure.has_value(); }));
    CHECK(lab.ask("depth", "a").figure->milli == 0);
    REQUIRE(lab.until([&] { return lab.ask("depth", "a").figure->milli == 2000; }));
    CHECK(lab.looked_up == std::vector<std::string>{"a"});
    const net::Request& request = application.requests.at(0);
    CHECK(request.method == "GET");
    CHECK(request.target == "/metrics");
    CHECK(request.headers.find("Accept") == "text/plain;version=0.0.4,*/*;q=0.1");
    CHECK(request.headers.find("User-Agent") == "topd/test");
    CHECK(!request.headers.contains("Authorization"));
    CHECK(!request.headers.contains("Cookie"));
}

TEST_CASE("a counter has its rate from its second page on") {
    ApplicationsLab lab;
    FakeKubelet& application = lab.server();
    application.answer = [](int n) {
        return text_page("# TYPE requests_total counter\nrequests_total " + std::to_string(1000 + 5 * n));
    };
    lab.put_pod("a", application.port());
    lab.start(lab.options());
    REQUIRE(lab.until([&] { return lab.ask("requests", "a").missing == Missing::one_page; }));
    REQUIRE(lab.until([&] { return lab.ask("requests", "a").figure.has_value(); }));
    const auto figure = *lab.ask("requests", "a").figure;
    CHECK(figure.window >= 100ms);
    // Five more on each page.
    const double seconds = std::chrono::duration<double>(figure.window).count();
    const double increase = static_cast<double>(figure.milli) * seconds / 1000;
    CHECK(increase > 4.9);
    CHECK(std::abs(std::remainder(increase, 5)) < 0.01);
}

TEST_CASE("what nobody asks for is not scraped") {
    ApplicationsLab lab;
    FakeKubelet& application = lab.server();
    FakeKubelet& other = lab.server();
    application.answer = other.answer = [](int) { return text_page("x 1\n"); };
    lab.put_pod("a", application.port());
    lab.put_pod("b", other.port());
    lab.start(lab.options());
    REQUIRE(lab.until([&] { return lab.ask("x", "a").figure.has_value(); }));
    CHECK(other.requests.empty());
    CHECK(lab.looked_up == std::vector<std::string>{"a"});
}

TEST_CASE("why a pod has no figure is said") {
    ApplicationsLab lab;
    FakeKubelet& application = lab.server();
    const auto says = [&](const std::string& pod, Missing missing, const std::string& detail) {
        Known known;
        const bool said = lab.until([&] {
            known = lab.ask("x", pod);
            return known.missing == missing;
        });
        CAPTURE(static_cast<int>(known.missing), known.detail, detail);
        CHECK(said);
        CHECK(known.detail.find(detail) != std::string::npos);
        CHECK(!known.figure);
    };
    lab.start(lab.options());

    SECTION("it is not annotated") {
        says("a", Missing::not_annotated, "");
    }
    SECTION("it hangs") {
        application.hangs = true;
        lab.put_pod("a", application.port());
        says("a", Missing::unreachable,
             "http://127.0.0.1:" + std::to_string(application.port()) + "/metrics");
        CHECK(lab.scrapes(PodOutcome::timeout) == 1);
    }
    SECTION("it redirects") {
        application.answer = [](int) {
            net::Response response = FakeKubelet::status(302, "");
            response.headers.add("Location", "https://10.96.0.1/api/v1/secrets");
            return response;
        };
        lab.put_pod("a", application.port());
        says("a", Missing::unreachable, "it answered 302: redirects are not followed");
        CHECK(application.requests.size() == 1);
    }
    SECTION("it refuses") {
        application.answer = [](int) { return FakeKubelet::status(401, "who are you"); };
        lab.put_pod("a", application.port());
        says("a", Missing::unreachable, "it answered 401");
        CHECK(lab.ask("x", "a").detail.find("who") == std::string::npos);
    }
    SECTION("its page never ends") {
        static std::uint64_t taken;
        taken = 0;
        application.answer = [](int) {
            net::Response response = text_page("");
            response.source = std::make_unique<EndlessBody>(std::string(20'000, 'y') + "\n", taken);
            return response;
        };
        lab.put_pod("a", application.port());
        says("a", Missing::unreachable, "its page is over 100000 bytes");
        CHECK(lab.scrapes(PodOutcome::too_large) == 1);
        CHECK(taken < 10'000'000);
    }
    SECTION("it says itself that its page is too large") {
        application.answer = [](int) { return text_page("x 1\n" + std::string(1'000'000, '\n')); };
        lab.put_pod("a", application.port());
        says("a", Missing::unreachable, "its page is over 100000 bytes");
    }
    SECTION("its page trickles") {
        application.answer = [](int) {
            net::Response response = text_page("x 1\n");
            response.source = std::make_unique<Trickle>();
            return response;
        };
        lab.put_pod("a", application.port());
        const auto begun = net::Clock::now();
        says("a", Missing::unreachable, "http://127.0.0.1:");
        CHECK(lab.scrapes(PodOutcome::timeout) == 1);
        CHECK(net::Clock::now() - begun < 3s);
    }
    SECTION("its page is cut") {
        application.answer = [](int) {
            net::Response response = text_page("");
            response.source = std::make_unique<CutBody>("x 1\n");
            return response;
        };
        lab.put_pod("a", application.port());
        says("a", Missing::unreachable, "http://127.0.0.1:");
        CHECK(lab.scrapes(PodOutcome::malformed) == 1);
    }
    SECTION("it answers HTML") {
        application.answer = [](int) {
            net::Response response;
            response.headers.add("Content-Type", "text/html; charset=utf-8");
            response.body = "<html>x 1</html>";
            return response;
        };
        lab.put_pod("a", application.port());
        says("a", Missing::unreachable, "it answered HTML, not metrics");
    }
    SECTION("the API server does not know it") {
        lab.applications.put_pod({"default", "a"}, "uid-1", {"1", "", ""});
        says("a", Missing::not_annotated, "the API server did not say where it is");
        CHECK(lab.ask("up", "a").missing == Missing::not_annotated);
        CHECK(lab.scrapes(PodOutcome::lookup) == 1);
    }
    SECTION("it has become another pod") {
        lab.put_pod("a", application.port());
        lab.known["a"].uid = "uid-2";
        says("a", Missing::not_annotated, "another pod of that name");
    }
    SECTION("its address is none of a pod's") {
        PodBytes pod;
        pod.pod_ip = "169.254.169.254";
        lab.put_pod("a", 80, pod);
        says("a", Missing::not_annotated,
             "its address 169.254.169.254 is not asked: it is a link-local address");
        CHECK(lab.scrapes(PodOutcome::refused) == 1);
    }
    SECTION("its annotations are of no use") {
        lab.put_pod("a", 80);
        lab.applications.put_pod({"default", "a"}, "uid-1", {"http", "", ""});
        says("a", Missing::not_annotated, R"(the annotation for the port is "http")");
    }
    SECTION("a line cannot be read") {
        application.answer = [](int) { return text_page("x{a=\"1\"} 1\nx{a=\"2\" 1\n"); };
        lab.put_pod("a", application.port());
        says("a", Missing::unreachable, "a line of x on its page cannot be read");
    }
    SECTION("it has no such family") {
        application.answer = [](int) { return text_page("y 1\n"); };
        lab.put_pod("a", application.port());
        says("a", Missing::no_family, "");
    }
}

TEST_CASE("the address of a pod is asked for again after failed connects and when it is another pod") {
    ApplicationsLab lab;
    FakeKubelet& application = lab.server();
    application.answer = [](int) { return text_page("x 1\n"); };
    const std::uint16_t port = application.port();
    lab.put_pod("a", port);
    lab.start(lab.options());
    REQUIRE(lab.until([&] { return lab.ask("x", "a").figure.has_value(); }));
    lab.stop(application);
    REQUIRE(lab.until([&] { return lab.looked_up.size() == 2; }));
    CHECK(lab.scrapes(PodOutcome::connect) == 3);

    FakeKubelet& next = lab.server();
    next.answer = [](int) { return text_page("x 2\n"); };
    PodBytes anew;
    anew.uid = "uid-2";
    lab.put_pod("a", next.port(), anew);
    CHECK(lab.ask("x", "a").missing == Missing::waiting);
    REQUIRE(lab.until([&] { return lab.ask("x", "a").figure.has_value(); }));
    CHECK(lab.ask("x", "a").figure->milli == 2000);
    CHECK(lab.looked_up.size() == 3);
}

TEST_CASE("where a pod is is asked again when it may be elsewhere") {
    ApplicationsLab lab;
    FakeKubelet& application = lab.server();
    application.answer = [](int) { return text_page("x 1\n"); };
    ApplicationScraperOptions options = lab.options();

    SECTION("after three failures of any kind") {
        application.answer = [](int) { return FakeKubelet::status(500, "no"); };
        lab.put_pod("a", application.port());
        lab.start(options);
        lab.ask("x", "a");
        REQUIRE(lab.until([&] { return lab.looked_up.size() == 2; }));
        CHECK(lab.scrapes(PodOutcome::http_status) == 3);
    }
    SECTION("when the watch has seen it change") {
        lab.put_pod("a", application.port());
        lab.start(options);
        lab.ask("x", "a");
        REQUIRE(lab.until([&] { return lab.scrapes(PodOutcome::ok) == 3; }));
        CHECK(lab.looked_up.size() == 1);
        PodBytes changed;
        changed.version = "2";
        lab.put_pod("a", application.port(), changed);
        REQUIRE(lab.until([&] { return lab.scrapes(PodOutcome::ok) == 6; }));
        CHECK(lab.looked_up.size() == 2);
    }
    SECTION("after some time") {
        options.place_kept = 500ms;
        lab.put_pod("a", application.port());
        lab.start(options);
        lab.ask("x", "a");
        CHECK(lab.until([&] { return lab.looked_up.size() == 3; }));
    }
}

TEST_CASE("a pod that is refused is not asked for again and again") {
    ApplicationsLab lab;
    ApplicationScraperOptions options = lab.options();
    PodBytes pod;
    SECTION("on its node's network it stays there") {
        pod.host_network = true;
    }
    SECTION("another address is looked for now and then") {
        pod.pod_ip = "169.254.169.254";
        options.refusal_kept = 1min;
    }
    lab.put_pod("a", 80, pod);
    lab.start(options);
    lab.ask("x", "a");
    REQUIRE(lab.until([&] { return lab.scrapes(PodOutcome::refused) == 4; }));
    CHECK(lab.looked_up.size() == 1);
}

TEST_CASE("a pod that is not running yet is asked for until it is") {
    ApplicationsLab lab;
    FakeKubelet& application = lab.server();
    application.answer = [](int) { return text_page("x 1\n"); };
    PodBytes pod;
    pod.phase = "Pending";
    pod.pod_ip = "";
    lab.put_pod("a", application.port(), pod);
    lab.start(lab.options());
    REQUIRE(lab.until([&] { return lab.ask("x", "a").detail == "it is not running"; }));
    lab.known["a"] = PodBytes{};
    CHECK(lab.until([&] { return lab.ask("x", "a").figure.has_value(); }));
}

TEST_CASE("https is verified by the chain and not by the name") {
    ApplicationsLab lab;
    FakeKubelet& application = lab.server(true);
    application.answer = [](int) { return text_page("x 1\n"); };
    lab.put_pod("a", application.port());
    lab.applications.put_pod({"default", "a"}, "uid-1", {std::to_string(application.port()), "", "https"});
    ApplicationScraperOptions options = lab.options();
    net::TlsClient::Options tls;

    SECTION("by the authorities that are named") {
        tls.ca_pem = lab.authority.certificate_pem;
        options.tls = PodTls{net::TlsClient::make(tls).value(), false};
        options.rules.can_tls = true;
        lab.start(options);
        CHECK(lab.until([&] { return lab.ask("x", "a").figure.has_value(); }));
    }
    SECTION("another's is refused") {
        tls.ca_pem = net::make_authority("others").certificate_pem;
        options.tls = PodTls{net::TlsClient::make(tls).value(), false};
        options.rules.can_tls = true;
        lab.start(options);
        CHECK(lab.until([&] { return lab.ask("x", "a").missing == Missing::unreachable; }));
        CHECK(lab.scrapes(PodOutcome::tls) == 1);
        CHECK(application.requests.empty());
    }
    SECTION("without a check if so wished") {
        tls.insecure = true;
        options.tls = PodTls{net::TlsClient::make(tls).value(), true};
        options.rules.can_tls = true;
        lab.start(options);
        CHECK(lab.until([&] { return lab.ask("x", "a").figure.has_value(); }));
    }
    SECTION("not at all without either") {
        lab.start(options);
        CHECK(lab.until([&] { return lab.ask("x", "a").missing == Missing::not_annotated; }));
        CHECK(application.requests.empty());
    }
}

TEST_CASE("pods that hang keep no turn from others") {
    ApplicationsLab lab;
    FakeKubelet& hanging = lab.server();
    hanging.hangs = true;
    FakeKubelet& good = lab.server();
    good.answer = [](int) { return text_page("x 1\n"); };
    // Slow, or fails now and then.
    FakeKubelet& other = lab.server();
    const bool is_slow = GENERATE(false, true);
    other.answer = [is_slow](int n) {
        if (!is_slow && n % 2 == 1) return FakeKubelet::status(500, "no");
        net::Response response = text_page("x 1\n");
        if (is_slow) response.source = std::make_unique<Late>();
        return response;
    };
    ApplicationScraperOptions options = lab.options();
    options.at_once = 4;
    options.slow = 50ms;
    for (int i = 0; i < 12; ++i) lab.put_pod("hangs-" + std::to_string(i), hanging.port());
    lab.put_pod("good", good.port());
    lab.put_pod("other", other.port());
    lab.start(options);
    lab.ask("x", "other");
    for (int i = 0; i < 12; ++i) lab.ask("x", "hangs-" + std::to_string(i));
    REQUIRE(lab.until([&] { return lab.scrapes(PodOutcome::timeout) >= 12; }));
    REQUIRE(lab.until([&] { return lab.ask("x", "good").figure.has_value(); }));
    // It has its page in each interval from now on, whoever hangs.
    const std::size_t before = good.requests.size();
    const std::size_t others_before = other.requests.size();
    const auto begun = net::Clock::now();
    REQUIRE(lab.until([&] { return good.requests.size() >= before + 4; }));
    CHECK(net::Clock::now() - begun < 2500ms);
    REQUIRE(lab.until([&] { return other.requests.size() >= others_before + 4; }));
    CHECK(net::Clock::now() - begun < 2500ms);
}
