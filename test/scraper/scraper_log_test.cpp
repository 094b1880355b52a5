// SPDX-License-Identifier: Apache-2.0
// What the operator reads.
#include "telemetry/log.hpp"
#include "test/scraper/fake_kubelet.hpp"

#include <cstdio>

#include <catch2/catch.hpp>

#include <unistd.h>

using namespace std::chrono_literals;
using scraper::Reason;
using scraper::test::Cluster;
using scraper::test::FakeKubelet;
using scraper::test::page_text;

namespace {

// Takes what is written to stderr while it lives.
class CapturedErrors {
  public:
    CapturedErrors() : file_{std::tmpfile()}, before_{::dup(STDERR_FILENO)} {
        // As by default, whatever a test before wanted to read.
        telemetry::init({});
        telemetry::shutdown();
        std::fflush(stderr);
        ::dup2(::fileno(file_), STDERR_FILENO);
    }
    ~CapturedErrors() {
        ::dup2(before_, STDERR_FILENO);
        ::close(before_);
        std::fclose(file_);
    }
    CapturedErrors(const CapturedErrors&) = delete;
    CapturedErrors& operator=(const CapturedErrors&) = delete;

    std::string text() const {
        std::fflush(stderr);
        std::string text(64 * 1024, '\0');
        const ssize_t got = ::pread(::fileno(file_), text.data(), text.size(), 0);
        text.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
        return text;
    }
    int count(const std::string& part) const {
        const std::string all = text();
        int n = 0;
        for (std::size_t at = all.find(part); at != std::string::npos; at = all.find(part, at + 1)) ++n;
        return n;
    }

  private:
    std::FILE* file_;
    int before_;
};

}  // namespace

TEST_CASE("a failing node is said once with what to do and its recovery once") {
    CapturedErrors errors;
    Cluster cluster;
    FakeKubelet& kubelet = cluster.kubelet();
    kubelet.answer = [](int n) {
        if (n < 3) return FakeKubelet::status(403, "Forbidden (user=topd)\n");
        return FakeKubelet::page(page_text(n));
    };
    cluster.start(cluster.options());
    cluster.put_node("n1", kubelet.port());
    REQUIRE(cluster.until([&] { return cluster.scrapes(Reason::ok) == 2; }));
    CHECK(errors.count("\"Failed to scrape node\" err=") == 1);
    CHECK(errors.count("node=\"n1\"") == 2);
    CHECK(errors.count("(status 403): Forbidden (user=topd)\"") == 1);
    CHECK(errors.count("hint=\"allow topd's service account the verb get on nodes/metrics") == 1);
    CHECK(errors.count("\"Node is scraped again\" node=\"n1\" failures=3") == 1);
}

TEST_CASE("a node without the page is said once and never as a failure") {
    CapturedErrors errors;
    Cluster cluster;
    FakeKubelet& old = cluster.kubelet();
    FakeKubelet& well = cluster.kubelet();
    old.answer = [](int) { return FakeKubelet::status(404, "404 page not found\n"); };
    cluster.start(cluster.options());
    cluster.put_node("old", old.port());
    cluster.put_node("well", well.port());
    REQUIRE(cluster.until([&] { return well.requests.size() == 3; }));
    CHECK(errors.count("\"Node has no resource metrics page, asking seldom\" node=\"old\"") == 1);
    CHECK(errors.count("Failed to scrape node") == 0);
}

TEST_CASE("a timeout is said in the words that people search for") {
    CapturedErrors errors;
    Cluster cluster;
    FakeKubelet& kubelet = cluster.kubelet();
    kubelet.hangs = true;
    cluster.start(cluster.options());
    cluster.put_node("n1", kubelet.port());
    REQUIRE(cluster.until([&] { return cluster.scrapes(Reason::timeout) == 2; }));
    CHECK(errors.count("\"Failed to scrape node, timeout to access kubelet\" err=") == 1);
}

TEST_CASE("bad lines among good ones are said once until a page has none") {
    CapturedErrors errors;
    Cluster cluster;
    FakeKubelet& kubelet = cluster.kubelet();
    const std::string bad =
        "container_cpu_usage_seconds_total{container=\"c\",namespace=\"n\",pod=\"p\"} 1 1790000000.1\n";
    kubelet.answer = [bad](int n) { return FakeKubelet::page(page_text(n) + (n == 2 ? "" : bad + "<\n")); };
    cluster.start(cluster.options());
    cluster.put_node("n1", kubelet.port());
    REQUIRE(cluster.until([&] { return cluster.scrapes(Reason::ok) == 2; }));
    CHECK(errors.count("\"Left out lines of a page that cannot be read\" node=\"n1\" lines=2 first=\"") == 1);
    CHECK(errors.count(
              "1790000000.1\\\"\" why=\"its time stamp is not a positive whole number of milliseconds\"") ==
          1);
    REQUIRE(cluster.until([&] { return cluster.scrapes(Reason::ok) == 5; }));
    CHECK(errors.count("\"Left out lines") == 2);
}

TEST_CASE("a node that joins has its time and one that was there has none") {
    CapturedErrors errors;
    {
        Cluster cluster;
        FakeKubelet& kubelet = cluster.kubelet();
        kubelet.answer = [](int) { return FakeKubelet::status(500, ""); };
        cluster.start(cluster.options());
        cluster.scraper->nodes().begin_list();
        cluster.put_node("old", kubelet.port());
        cluster.scraper->nodes().end_list();
        cluster.put_node("young", kubelet.port());
        REQUIRE(cluster.until([&] { return cluster.scrapes(Reason::http_status) == 4; }));
        // Another address comes: it is as young as before.
        cluster.put_node("young", cluster.kubelet().port());
        CHECK(cluster.scraper->report("young")->health->young_until() > net::Clock::now() + 1min);
        CHECK(cluster.stop_scraper());
    }
    CHECK(errors.count("node=\"old\"") == 1);
    CHECK(errors.count("young") == 0);
}

TEST_CASE("nodes that are not Ready or were deleted and a scraper that stops say nothing") {
    CapturedErrors errors;
    {
        Cluster cluster;
        FakeKubelet& sick = cluster.kubelet();
        FakeKubelet& hanging = cluster.kubelet();
        sick.answer = [](int) { return FakeKubelet::status(500, ""); };
        hanging.hangs = true;
        auto options = cluster.options();
        options.request_timeout = 1h;
        cluster.start(options);
        cluster.put_node("not-ready", sick.port(), false);
        cluster.put_node("hanging", hanging.port());
        REQUIRE(cluster.until([&] { return cluster.scrapes(Reason::http_status) == 2; }));
        REQUIRE(cluster.until([&] { return hanging.requests.size() == 1; }));
        cluster.remove_node("not-ready");
        CHECK(cluster.stop_scraper());
    }
    CHECK(errors.text() == "");
}
