// SPDX-License-Identifier: Apache-2.0
// Bodies are those of InfluxDB 1.6.7 and 2, VictoriaMetrics 1.79.5, QuestDB 9.3.
#include "gzip/writer.hpp"
#include "sink/influx/influx.hpp"
#include "test/sink/influx/line_reader.hpp"

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

namespace influx_protocol_test {

using sink::Answer;
using sink::Batch;
using sink::Verdict;
using sink::influx::Influx;
using sink::influx::ProtocolOptions;
using sink::influx::Version;
using Fate = Verdict::Fate;

ProtocolOptions version2() {
    ProtocolOptions options;
    options.version = Version::v2;
    options.org = "my org";
    options.bucket = "k8s/default";
    return options;
}

Batch batch_of(std::uint32_t points, const std::string& text = {}) {
    gzip::Writer writer;
    Batch batch;
    batch.tick = 15;
    batch.points = points;
    writer.begin(batch.body, {});
    writer.write(batch.body, text);
    writer.finish(batch.body);
    return batch;
}

TEST_CASE("a batch goes to the endpoint of the version") {
    ProtocolOptions options;
    options.path = "/influx";
    options.database.database = "a&b";
    const Batch batch = batch_of(1, "cpu a=1i 1\n");
    const net::Request v1 = Influx{options}.request(batch);
    CHECK(v1.method == "POST");
    CHECK(v1.target == "/influx/write?db=a%26b&rp=default&precision=s");
    CHECK(v1.headers.find("Content-Encoding") == "gzip");
    CHECK(test::influx::uncompressed(v1.body) == "cpu a=1i 1\n");
    CHECK(Influx{version2()}.request(batch).target ==
          "/api/v2/write?org=my%20org&bucket=k8s%2Fdefault&precision=s");
    ProtocolOptions without = version2();
    without.org.clear();
    CHECK(Influx{without}.request(batch).target == "/api/v2/write?bucket=k8s%2Fdefault&precision=s");
}

struct Case {
    unsigned status;
    std::string body;
    Fate fate;
    std::uint64_t refused;
    std::string reason;
};

const Case kCases[] = {
    {204, "", Fate::taken, 0, ""},
    {200, "", Fate::taken, 0, ""},
    {400, R"({"error":"partial write: points beyond retention policy dropped=7"})", Fate::taken, 7,
     "beyond_retention"},
    {400,
     R"({"error":"partial write: field type conflict: input field \"usage_rate\" on measurement \"cpu\" is type float, already exists as type integer dropped=1"})",
     Fate::taken, 1, "type_conflict"},
    {400,
     R"({"error":"partial write: unable to parse 'cpu,type=node usage_rate=NaN 1795918906': invalid number dropped=0"})",
     Fate::taken, 1, "unreadable"},
    {400,
     "{\"error\":\"partial write: unable to parse 'a': missing fields\\nunable to parse 'b': missing fields "
     "dropped=0\"}",
     Fate::taken, 2, "unreadable"},
    // As InfluxDB 1.6.7 answers when its disk is full.
    {400,
     R"({"error":"partial write: write /data/k8s/_series/01/0000: no space left on device dropped=2000"})",
     Fate::again, 0, "server_error"},
    {400, R"({"error":"partial write: open /data/k8s/_series/02: too many open files dropped=10"})",
     Fate::again, 0, "server_error"},
    // More than there are cannot be.
    {400, R"({"error":"partial write: points beyond retention policy dropped=5000000000"})", Fate::taken, 100,
     "beyond_retention"},
    {422,
     R"({"code":"unprocessable entity","message":"failure writing points to database: partial write: points beyond retention policy dropped=3"})",
     Fate::taken, 3, "beyond_retention"},
    {400,
     R"({"error":"partial write of line protocol occurred","data":[{"original_line":"a","line_number":1,"error_message":"x"},{"original_line":"b","line_number":2,"error_message":"x"}]})",
     Fate::taken, 2, "other"},
    {400, R"({"error":"unable to parse 'cpu,type=node usage_rate= 1795918906': missing field value"})",
     Fate::refused, 100, "unreadable"},
    {400, R"({"error":"unexpected EOF"})", Fate::refused, 100, "other"},
    {400,
     R"({"code":"invalid","message":"failed to parse line protocol: errors encountered on line(s):\nerror in line 1: table: cpu, column: usage_rate; cast error from protocol type: FLOAT to column type: LONG","line":1})",
     Fate::refused, 100, "type_conflict"},
    {401, R"({"error":"authorization failed"})", Fate::denied, 0, "unauthorized"},
    {403, R"({"error":"\"topd\" user is not authorized to write to database \"k8s\""})", Fate::denied, 0,
     "forbidden"},
    {404, R"({"error":"database not found: \"k8s\""})", Fate::unprepared, 0, "no_database"},
    {500, R"({"error":"retention policy not found: default"})", Fate::unprepared, 0, "no_database"},
    {404, R"({"code":"not found","message":"bucket \"k8s\" not found"})", Fate::denied, 0, "not_found"},
    {404, "404 page not found\n", Fate::denied, 0, "not_found"},
    {302, "", Fate::denied, 0, "redirected"},
    {413, R"({"error":"Request Entity Too Large"})", Fate::halve, 0, "too_large"},
    {429, "", Fate::again, 0, "too_many_requests"},
    {500, R"({"error":"timeout"})", Fate::again, 0, "server_error"},
    {503, "", Fate::again, 0, "server_error"},
};

TEST_CASE("answers of receivers say what became of a batch") {
    const Influx influx{{}};
    for (const Case& each : kCases) {
        INFO(each.status << " " << each.body);
        const Verdict verdict = influx.judge({each.status, {}, each.body}, batch_of(100), false);
        CHECK(verdict.fate == each.fate);
        CHECK(verdict.refused == each.refused);
        CHECK(verdict.reason == each.reason);
        CHECK_FALSE(verdict.wait);
    }
}

TEST_CASE("a database that somebody else makes is waited for") {
    ProtocolOptions options;
    options.create = false;
    const Answer answer{404, {}, R"({"error":"database not found: \"k8s\""})"};
    const Verdict verdict = Influx{options}.judge(answer, batch_of(1), false);
    CHECK(verdict.fate == Fate::denied);
    CHECK(verdict.reason == "no_database");
    CHECK(verdict.said == answer.body);
    CHECK(Influx{version2()}.judge(answer, batch_of(1), false).fate == Fate::denied);
}

TEST_CASE("one who is busy says how long") {
    Answer answer{429, {}, ""};
    answer.headers.add("Retry-After", "7");
    CHECK(Influx{{}}.judge(answer, batch_of(1), false).wait == std::chrono::seconds{7});
    answer.status = 503;
    CHECK(Influx{{}}.judge(answer, batch_of(1), false).wait == std::chrono::seconds{7});
}

TEST_CASE("a body that is too large is halved by lines, down to one") {
    const Influx influx{{}};
    const auto halves = influx.halves(batch_of(3, "a v=1i 1\nb v=1i 1\nc v=1i 1\n"));
    REQUIRE(halves);
    CHECK(halves->first.points == 1);
    CHECK(halves->second.points == 2);
    CHECK(halves->first.tick == 15);
    CHECK(test::influx::uncompressed(halves->first.body) == "a v=1i 1\n");
    CHECK(test::influx::uncompressed(halves->second.body) == "b v=1i 1\nc v=1i 1\n");
    CHECK_FALSE(influx.halves(halves->first));
    const Verdict alone = influx.judge({413, {}, ""}, halves->first, false);
    CHECK(alone.fate == Fate::refused);
    CHECK(alone.refused == 1);
}

// The questions, decoded, until it is ready; `problem` behind them if there is one.
struct Prepared {
    std::vector<std::string> questions;
    std::string problem;
};

std::string decoded(std::string_view form) {
    REQUIRE(form.starts_with("q="));
    std::string out;
    for (std::size_t i = 2; i < form.size(); ++i) {
        if (form[i] != '%') {
            out.push_back(form[i]);
            continue;
        }
        out.push_back(static_cast<char>(std::stoi(std::string{form.substr(i + 1, 2)}, nullptr, 16)));
        i += 2;
    }
    return out;
}

Prepared prepare(const ProtocolOptions& options, const std::vector<Answer>& answers) {
    Influx influx{options};
    Prepared out;
    out.problem = "old";
    const Answer* last = nullptr;
    for (std::size_t i = 0; i <= answers.size(); ++i) {
        const auto request = influx.prepare(last, out.problem);
        if (!request) return out;
        CHECK(request->method == "POST");
        CHECK(request->target == options.path + "/query");
        CHECK(request->headers.find("Content-Type") == "application/x-www-form-urlencoded");
        out.questions.push_back(decoded(request->body));
        last = i < answers.size() ? &answers[i] : nullptr;
    }
    return out;
}

const Answer kDone{200, {}, "{\"results\":[{\"statement_id\":0}]}\n"};
const Answer kConflict{
    200,
    {},
    R"({"results":[{"statement_id":0,"error":"retention policy conflicts with an existing policy"}]})"};
const Answer kNoPolicy{
    200, {}, R"({"results":[{"statement_id":0,"error":"retention policy not found: default"}]})"};
const std::string kCreate = R"(CREATE DATABASE "k8s" WITH DURATION 7d REPLICATION 1 NAME "default")";
const std::string kAlter = R"(ALTER RETENTION POLICY "default" ON "k8s" DURATION 7d DEFAULT)";
const std::string kCreatePolicy =
    R"(CREATE RETENTION POLICY "default" ON "k8s" DURATION 7d REPLICATION 1 DEFAULT)";
const std::string kShow = R"(SHOW RETENTION POLICIES ON "k8s")";

Answer shown(const std::string& policies) {
    return {
        200,
        {},
        R"({"results":[{"statement_id":0,"series":[{"columns":["name","duration","shardGroupDuration","replicaN","default"],"values":[)" +
            policies + "]}]}]}\n"};
}

TEST_CASE("a database is made with its retention, and looked at") {
    const Answer good = shown(R"(["default","168h0m0s","24h0m0s",1,true])");
    const Prepared made = prepare({}, {kDone, good});
    CHECK(made.questions == std::vector{kCreate, kShow});
    CHECK(made.problem.empty());
    const Prepared altered = prepare({}, {kConflict, kDone, good});
    CHECK(altered.questions == std::vector{kCreate, kAlter, kShow});
    CHECK(altered.problem.empty());
    const Prepared added = prepare(
        {}, {kConflict, kNoPolicy, kDone,
             shown(R"(["autogen","0s","168h0m0s",1,false],["default","168h0m0s","24h0m0s",1,true])")});
    CHECK(added.questions == std::vector{kCreate, kAlter, kCreatePolicy, kShow});
    CHECK(added.problem.empty());
}

TEST_CASE("what a database is made like is said in InfluxQL's words") {
    ProtocolOptions options;
    options.path = "/proxy";
    options.database = {R"(a"b\c)", "p\nq", std::chrono::seconds{0}};
    CHECK(
        prepare(options, {}).questions ==
        std::vector<std::string>{R"(CREATE DATABASE "a\"b\\c" WITH DURATION INF REPLICATION 1 NAME "p\nq")"});
    options.database = {"d", "p", std::chrono::minutes{90}};
    CHECK(prepare(options, {}).questions ==
          std::vector<std::string>{R"(CREATE DATABASE "d" WITH DURATION 5400s REPLICATION 1 NAME "p")"});
    options.database.retention = std::chrono::hours{36};
    CHECK(prepare(options, {}).questions ==
          std::vector<std::string>{R"(CREATE DATABASE "d" WITH DURATION 36h REPLICATION 1 NAME "p")"});
    options.database.retention = std::chrono::seconds{0};
    options.database.retention_policy = "autogen";
    CHECK(prepare(options, {kDone, shown(R"(["autogen","0s","168h0m0s",1,true])")}).problem.empty());
}

TEST_CASE("without a retention a database is made, and nothing else of it is touched") {
    ProtocolOptions options;
    options.database.retention.reset();
    const Prepared made = prepare(options, {kDone});
    CHECK(made.questions == std::vector<std::string>{R"(CREATE DATABASE "k8s")"});
    CHECK(made.problem.empty());
    CHECK(sink::influx::Influx{options}.request({}).target == "/write?db=k8s&precision=s");
}

TEST_CASE("a retention that is not what was asked for is named") {
    const auto problem = [](const Answer& answer) { return prepare({}, {kDone, answer}).problem; };
    CHECK(problem(shown(R"(["default","0s","168h0m0s",1,true])")) ==
          R"(retention policy "default" of database "k8s" keeps 0s, not 7d)");
    CHECK(problem(shown(R"(["default","168h0m0s","24h0m0s",1,false])")) ==
          R"(retention policy "default" of database "k8s" is not the default)");
    CHECK(problem(shown(R"(["autogen","168h0m0s","24h0m0s",1,true])")) ==
          R"(retention policy "default" of database "k8s" is not there, though it was made)");
    CHECK(problem(shown("")) ==
          R"(retention policy "default" of database "k8s" is not there, though it was made)");
    CHECK(problem({200, {}, R"({"results":[{"statement_id":0,"error":"database not found: k8s"}]})"}) ==
          R"(SHOW RETENTION POLICIES ON "k8s": database not found: k8s)");
}

TEST_CASE("what goes wrong while a database is made is said") {
    const auto problem = [](const Answer& answer) { return prepare({}, {answer}).problem; };
    CHECK(problem({401, {}, R"({"error":"unable to parse authentication credentials"})"}) ==
          kCreate + R"( was answered 401: {"error":"unable to parse authentication credentials"})");
    CHECK(problem({400, {}, R"({"error":"error parsing query: invalid duration at line 1, char 36"})"}) ==
          kCreate +
              R"( was answered 400: {"error":"error parsing query: invalid duration at line 1, char 36"})");
    CHECK(problem({200, {}, "hello"}) == kCreate + " was answered 200: hello");
    CHECK(problem({200, {}, R"({"results":[]})"}) == kCreate + R"( was answered 200: {"results":[]})");
    CHECK(problem({200, {}, R"({"results":[7]})"}) == kCreate + R"( was answered 200: {"results":[7]})");
    const Answer short_lived{
        200,
        {},
        R"({"results":[{"statement_id":0,"error":"retention policy duration must be at least 1h0m0s"}]})"};
    CHECK(problem(short_lived) == kCreate + ": retention policy duration must be at least 1h0m0s");
    CHECK(prepare({}, {kConflict, short_lived}).problem ==
          kAlter + ": retention policy duration must be at least 1h0m0s");
}

TEST_CASE("a receiver without databases is not asked for one again") {
    const Prepared victoria = prepare(
        {},
        {{200,
          {},
          R"({"results":[{"statement_id":0,"series":[{"name":"databases","columns":["name"],"values":[["_internal"]]}]}]})"}});
    CHECK(victoria.questions == std::vector{kCreate});
    CHECK(victoria.problem.empty());
}

TEST_CASE("nothing is made where it is somebody else's") {
    ProtocolOptions options;
    options.create = false;
    for (const ProtocolOptions& each : {options, version2()}) {
        const Prepared ready = prepare(each, {});
        CHECK(ready.questions.empty());
        CHECK(ready.problem.empty());
    }
}

}  // namespace influx_protocol_test
