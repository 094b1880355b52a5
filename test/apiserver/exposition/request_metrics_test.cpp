// SPDX-License-Identifier: Apache-2.0
#include "apiserver/exposition/request_metrics.hpp"

#include "test/apiserver/fixture.hpp"
#include "test/apiserver/groups.hpp"

#include <catch2/catch.hpp>

using namespace apiserver;
using namespace std::chrono_literals;
using Measure = RequestMetrics::Measure;

namespace {

struct CountedRequests {
    RequestMetrics::Time now{1000s};
    RequestMetrics metrics{test::request_subjects(), [this] { return now; }};

    Measure begin(const std::string& target, const std::string& method = "GET") {
        Measure measure{metrics};
        const auto parsed = parse_target(target);
        measure.about(method, *make_request_info(method, *parsed));
        return measure;
    }
    std::string text() {
        std::string out;
        telemetry::MetricsText text{out};
        metrics.write(text);
        return out;
    }
    // The lines that hold the part.
    std::string lines(std::string_view part) {
        std::string found;
        const std::string all = text();
        for (std::size_t at = 0; at < all.size();) {
            const std::size_t end = all.find('\n', at) + 1;
            const std::string_view line = std::string_view{all}.substr(at, end - at);
            if (line.find(part) != std::string_view::npos) found += line;
            at = end;
        }
        return found;
    }
};

// Two pieces of three bytes.
class TwoPieces final : public net::BodySource {
  public:
    net::Task<net::Result<net::Piece>> next(std::string& out) override {
        out += "abc";
        co_return std::exchange(given_, true) ? net::Piece::last : net::Piece::more;
    }

  private:
    bool given_ = false;
};

const std::string kNodeList = "/apis/metrics.k8s.io/v1/nodes";

}  // namespace

TEST_CASE("requests are counted by what they are about and how they were answered") {
    CountedRequests scene;
    for (const unsigned status : {200u, 200u, 403u}) {
        Measure measure = scene.begin(kNodeList);
        scene.now += 25ms;
        measure.end(status, 1001);
    }
    scene.begin("/readyz").end(500, 10);
    CHECK(
        scene.lines("apiserver_request_total{") ==
        R"(apiserver_request_total{code="500",component="",dry_run="",group="",resource="",scope="",subresource="/readyz",verb="GET",version=""} 1
apiserver_request_total{code="200",component="apiserver",dry_run="",group="metrics.k8s.io",resource="nodes",scope="cluster",subresource="",verb="LIST",version="v1"} 2
apiserver_request_total{code="403",component="apiserver",dry_run="",group="metrics.k8s.io",resource="nodes",scope="cluster",subresource="",verb="LIST",version="v1"} 1
)");
    const std::string labels =
        R"({component="apiserver",group="metrics.k8s.io",resource="nodes",scope="cluster",subresource="",verb="LIST",version="v1")";
    CHECK(scene.lines("apiserver_response_sizes_bucket" + labels) ==
          "apiserver_response_sizes_bucket" + labels + ",le=\"1000\"} 0\n" +  //
              "apiserver_response_sizes_bucket" + labels + ",le=\"10000\"} 3\n" +
              "apiserver_response_sizes_bucket" + labels + ",le=\"100000\"} 3\n" +
              "apiserver_response_sizes_bucket" + labels + ",le=\"1e+06\"} 3\n" +
              "apiserver_response_sizes_bucket" + labels + ",le=\"1e+07\"} 3\n" +
              "apiserver_response_sizes_bucket" + labels + ",le=\"1e+08\"} 3\n" +
              "apiserver_response_sizes_bucket" + labels + ",le=\"1e+09\"} 3\n" +
              "apiserver_response_sizes_bucket" + labels + ",le=\"+Inf\"} 3\n");
    CHECK(
        scene.lines("verb=\"LIST\",version=\"v1\",le=\"0.005\"") ==
        R"(apiserver_request_duration_seconds_bucket{component="apiserver",dry_run="",group="metrics.k8s.io",resource="nodes",scope="cluster",subresource="",verb="LIST",version="v1",le="0.005"} 0
)");
    CHECK(
        scene.lines("verb=\"LIST\",version=\"v1\",le=\"0.025\"") ==
        R"(apiserver_request_duration_seconds_bucket{component="apiserver",dry_run="",group="metrics.k8s.io",resource="nodes",scope="cluster",subresource="",verb="LIST",version="v1",le="0.025"} 3
)");
}

TEST_CASE("only answers to reads have their sizes shown") {
    CountedRequests scene;
    scene.begin(kNodeList, "POST").end(405, 100);
    CHECK(scene.lines("apiserver_response_sizes_count").empty());
    CHECK(
        scene.lines("apiserver_request_duration_seconds_count") ==
        R"(apiserver_request_duration_seconds_count{component="apiserver",dry_run="",group="metrics.k8s.io",resource="nodes",scope="cluster",subresource="",verb="POST",version="v1"} 1
)");
}

TEST_CASE("a streamed answer is counted when its body ends") {
    CountedRequests scene;
    net::Response response;
    response.body = "head";
    response.source = std::make_unique<TwoPieces>();
    Measure::answered(scene.begin(kNodeList), response);
    CHECK(scene.lines("apiserver_request_total{").empty());
    scene.now += 2s;
    CHECK(test::whole_body(response) == "headabcabc");
    CHECK(scene.lines("request_kind=\"readOnly\"") ==
          "apiserver_current_inflight_requests{request_kind=\"readOnly\"} 1\n");
    response.source.reset();
    CHECK(scene.lines("apiserver_response_sizes_sum").ends_with("} 10\n"));
    CHECK(scene.lines("apiserver_request_duration_seconds_sum").ends_with("} 2\n"));
    scene.now += 2s;
    CHECK(scene.lines("request_kind=\"readOnly\"") ==
          "apiserver_current_inflight_requests{request_kind=\"readOnly\"} 0\n");
}

TEST_CASE("requests in flight are told by kind and a watch is none") {
    CountedRequests scene;
    {
        const Measure a = scene.begin(kNodeList), b = scene.begin("/readyz"),
                      c = scene.begin(kNodeList, "PUT"), d = scene.begin(kNodeList + "?watch=true");
    }
    scene.now += 1s;
    CHECK(scene.lines("inflight_requests{") ==
          "apiserver_current_inflight_requests{request_kind=\"mutating\"} 1\n"
          "apiserver_current_inflight_requests{request_kind=\"readOnly\"} 2\n");
}

TEST_CASE("the watermark is that of the last whole second") {
    const Watermark::Time start{1000s};
    Watermark mark;
    mark.begin(start);
    mark.begin(start + 100ms);
    mark.end(start + 200ms);
    CHECK(mark.last_second(start + 900ms) == 0);
    CHECK(mark.last_second(start + 1s) == 2);
    CHECK(mark.last_second(start + 1900ms) == 2);
    // One has been under way all the time.
    CHECK(mark.last_second(start + 2s) == 1);
    mark.end(start + 10s);
    CHECK(mark.last_second(start + 10s) == 1);
    CHECK(mark.last_second(start + 20s) == 0);
}

TEST_CASE("who asks is counted by result and in classes") {
    using Verdict = AuthResult::Verdict;
    CountedRequests scene;
    Measure measure = scene.begin(kNodeList);
    for (const char* name : {"admin", "kubelet", "joe", "joe@example.com", "system:anonymous", "other"})
        measure.authenticated({Verdict::accepted, {name, "", {}, {}}});
    scene.now += 3ms;
    measure.authenticated({Verdict::refused, {}});
    measure.authenticated({Verdict::not_ready, {}});
    CHECK(scene.lines("authenticated_user_requests{") ==
          "authenticated_user_requests{username=\"admin\"} 1\n"
          "authenticated_user_requests{username=\"email_id\"} 1\n"
          "authenticated_user_requests{username=\"kubelet\"} 1\n"
          "authenticated_user_requests{username=\"other\"} 3\n");
    CHECK(scene.lines("authentication_attempts{") ==
          "authentication_attempts{result=\"error\"} 2\n"
          "authentication_attempts{result=\"failure\"} 0\n"
          "authentication_attempts{result=\"success\"} 6\n");
    CHECK(scene.lines("authentication_duration_seconds_sum") ==
          "authentication_duration_seconds_sum{result=\"error\"} 0.003\n"
          "authentication_duration_seconds_sum{result=\"success\"} 0\n");
}

TEST_CASE("whether they may is counted by result") {
    using Verdict = Decision::Verdict;
    CountedRequests scene;
    Measure measure = scene.begin(kNodeList);
    for (const Verdict verdict : {Verdict::allowed, Verdict::allowed, Verdict::denied, Verdict::failed})
        measure.authorized({verdict, ""});
    CHECK(scene.lines("authorization_attempts_total{") ==
          "authorization_attempts_total{result=\"allowed\"} 2\n"
          "authorization_attempts_total{result=\"no-opinion\"} 1\n"
          "authorization_attempts_total{result=\"error\"} 1\n");
}
