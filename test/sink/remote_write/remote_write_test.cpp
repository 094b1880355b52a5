// SPDX-License-Identifier: Apache-2.0
// What is asked of a receiver, and what its answers mean: those of Prometheus 2.42 and 3.16 as they were
// seen.
#include "sink/remote_write/remote_write.hpp"

#include "sink/remote_write/format.hpp"
#include "sink/remote_write/snappy.hpp"
#include "test/sink/remote_write/texts.hpp"
#include "version/version.hpp"

#include <string>
#include <vector>

#include <catch2/catch.hpp>

// Sources of a folder are compiled together.
namespace remote_write_test {

using sink::Answer;
using sink::Batch;
using sink::Verdict;
using sink::remote_write::RemoteWrite;
using sink_test::texts_of;
using Fate = Verdict::Fate;

namespace {

// Of as many nodes: three series each.
Batch batch_of(int nodes) {
    const auto format = sink::remote_write::make_format({});
    format->begin({1'800'000'000, 0});
    for (int i = 0; i < nodes; ++i) {
        const std::string name = "n" + std::to_string(i);
        sink::Row row{sink::Row::Of::node, {}, {}, {}, name, storage::history::RecentPoint{}, {}};
        format->add(row);
    }
    Batch batch = format->take();
    batch.tick = 1'800'000'000;
    return batch;
}

Verdict judged(unsigned status, const std::string& body, bool repeated = false, std::uint32_t points = 100) {
    Batch batch;
    batch.points = points;
    return RemoteWrite{"/api/v1/write"}.judge({status, {}, body}, batch, repeated);
}

}  // namespace

TEST_CASE("a request is what receivers of 1.0 ask for") {
    const Batch batch = batch_of(1);
    const net::Request request = RemoteWrite{"/api/v1/write?db=k8s"}.request(batch);
    CHECK(request.method == "POST");
    CHECK(request.target == "/api/v1/write?db=k8s");
    CHECK(request.body == batch.body);
    CHECK(request.headers.find("Content-Encoding") == "snappy");
    CHECK(request.headers.find("Content-Type") == "application/x-protobuf");
    CHECK(request.headers.find("X-Prometheus-Remote-Write-Version") == "0.1.0");
    CHECK(request.headers.find("User-Agent") == version::product());
}

TEST_CASE("what an answer means") {
    struct Case {
        unsigned status;
        const char* body;
        bool repeated;
        std::uint32_t points;
        Fate fate;
        const char* reason;
    };
    const Case cases[] = {
        {200, "", false, 100, Fate::taken, ""},
        {204, "", true, 100, Fate::taken, ""},
        {400, "out of order sample\n", false, 100, Fate::halve, "out_of_order"},
        {400, "out of order sample\n", true, 100, Fate::already_there, "out_of_order"},
        {400, "out of order sample\n", false, 1, Fate::refused, "out_of_order"},
        {400, "duplicate sample for timestamp\n", false, 100, Fate::halve, "duplicate"},
        {400, "duplicate sample for timestamp 1800000000000; overrides not allowed", true, 1,
         Fate::already_there, "duplicate"},
        {400, "out of bounds\n", false, 100, Fate::halve, "out_of_bounds"},
        {400, "out of bounds\n", true, 100, Fate::halve, "out_of_bounds"},
        {400, "out of bounds\n", false, 1, Fate::refused, "out_of_bounds"},
        {400, "too old sample\n", false, 1, Fate::refused, "out_of_bounds"},
        {400, "out of bounds: sample is too far in the future", false, 1, Fate::refused,
         "too_far_in_the_future"},
        {400, "send data to ingesters: Sample Out Of Order (err-mimir-sample-out-of-order)", false, 1,
         Fate::refused, "out_of_order"},
        {400, "received a sample whose timestamp is too far (err-mimir-too-far-in-future)", false, 1,
         Fate::refused, "too_far_in_the_future"},
        {409, "add 3 samples: out of order samples", true, 100, Fate::already_there, "out_of_order"},
        {400, "snappy: corrupt input", true, 100, Fate::halve, "other"},
        {400, "", false, 1, Fate::refused, "other"},
        {401, "who?", false, 100, Fate::denied, "unauthorized"},
        {403, "", false, 100, Fate::denied, "forbidden"},
        {404, "remote write receiver needs to be enabled with --web.enable-remote-write-receiver", false, 100,
         Fate::denied, "not_found"},
        {405, "", false, 100, Fate::denied, "not_found"},
        {307, "", false, 100, Fate::denied, "redirected"},
        {413, "", false, 100, Fate::halve, "too_large"},
        {413, "", false, 1, Fate::refused, "too_large"},
        {415, "", false, 100, Fate::refused, "other"},
        {422, "", false, 100, Fate::refused, "other"},
        {429, "", false, 100, Fate::again, "too_many_requests"},
        {500, "", false, 100, Fate::again, "server_error"},
        {503, "", true, 100, Fate::again, "server_error"},
        {101, "", false, 100, Fate::again, "server_error"},
    };
    for (const Case& each : cases) {
        CAPTURE(each.status, each.body, each.repeated, each.points);
        const Verdict verdict = judged(each.status, each.body, each.repeated, each.points);
        CHECK(verdict.fate == each.fate);
        CHECK(verdict.reason == each.reason);
        CHECK(verdict.refused == (each.fate == Fate::refused ? each.points : 0));
        CHECK_FALSE(verdict.wait);
    }
}

TEST_CASE("what was said is one bounded line") {
    CHECK(judged(400, "\n out of\x1b[2J order sample \r\nmore").said == "out of?[2J order sample");
    CHECK(judged(500, std::string(100'000, 'x')).said == std::string(256, 'x'));
    CHECK(judged(500, "\n\n").said.empty());
}

TEST_CASE("a receiver says how long it wants to be left alone") {
    const auto wait = [](unsigned status, const std::string& value, const std::string& date = "") {
        Answer answer{status, {}, {}};
        answer.headers.add("Retry-After", value);
        if (!date.empty()) answer.headers.add("Date", date);
        return RemoteWrite{"/"}.judge(answer, {}, false).wait;
    };
    using namespace std::chrono_literals;
    CHECK(wait(429, "7") == 7s);
    CHECK(wait(503, "0") == 0s);
    CHECK(wait(503, "301") == 5min);
    CHECK(wait(503, "99999999999999999999") == 5min);
    const std::string date = "Sun, 06 Nov 1994 08:49:37 GMT";
    CHECK(wait(429, "Sun, 06 Nov 1994 08:50:07 GMT", date) == 30s);
    CHECK(wait(429, "Sun, 06 Nov 1994 08:48:07 GMT", date) == 0s);
    CHECK(wait(429, "Sun, 06 Nov 1999 08:48:07 GMT", date) == 5min);
    CHECK_FALSE(wait(429, "Sun, 06 Nov 1994 08:50:07 GMT"));
    CHECK_FALSE(wait(429, "-1", date));
    CHECK_FALSE(wait(429, "soon", date));
    CHECK_FALSE(wait(429, ""));
    // What is not to be tried again does not wait.
    CHECK_FALSE(wait(400, "7"));
}

TEST_CASE("halves are whole series, in their order, down to one") {
    const Batch batch = batch_of(3);
    const auto all = texts_of(batch);
    REQUIRE(all.size() == 9);
    const RemoteWrite protocol{"/"};
    const auto halves = protocol.halves(batch);
    REQUIRE(halves);
    const auto& [first, second] = *halves;
    CHECK(first.points == 4);
    CHECK(second.points == 5);
    CHECK(first.tick == batch.tick);
    CHECK(second.tick == batch.tick);
    auto joined = texts_of(first);
    for (const std::string& text : texts_of(second)) joined.push_back(text);
    CHECK(joined == all);

    auto rest = first;
    for (const std::uint32_t points : {2U, 1U}) {
        const auto parts = protocol.halves(rest);
        REQUIRE(parts);
        CHECK(parts->first.points == points);
        rest = parts->first;
    }
    CHECK_FALSE(protocol.halves(rest));
    CHECK(texts_of(rest) == std::vector<std::string>{all[0]});
}

TEST_CASE("what is no request has no halves") {
    const RemoteWrite protocol{"/"};
    std::string scratch;
    Batch batch = batch_of(2);
    for (const std::string& body :
         {std::string{}, std::string{"text"}, batch.body.substr(0, batch.body.size() - 1),
          sink::remote_write::compressed("\x0a\x05hello\x12\x01x", scratch),
          sink::remote_write::compressed("\x0a\x7fhello", scratch),
          // It says that it is 128 MiB long.
          std::string{"\x80\x80\x80\x40\x00x", 6}}) {
        batch.body = body;
        CHECK_FALSE(protocol.halves(batch));
    }
}

}  // namespace remote_write_test
