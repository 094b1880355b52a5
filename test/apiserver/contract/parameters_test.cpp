// SPDX-License-Identifier: Apache-2.0
// Contract, 4.5 and the rows about query strings of 7. The full grammars, rule by rule, are in
// test/apiserver/request/{label_selector,field_selector,list_options}_test.cpp; what the objects look like is
// in test/apiserver/encode/encoding_test.cpp.
#include "test/apiserver/contract/queries.hpp"

#include <catch2/catch.hpp>

using namespace test;

namespace {

const std::string kAll = pods("{" + kWebJson + ",{" + kDnsJson);
const std::string kBothNodes = kOkJson + json_list("NodeMetricsList", "{" + kNode1Json + ",{" + kNode2Json);

std::string no_watch(const std::string& resource) {
    return refused(405, R"("message":"watch is not supported on resources of kind \")" + resource +
                            R"(.metrics.k8s.io\"","reason":"MethodNotAllowed","details":{"group":)"
                            R"("metrics.k8s.io","kind":")" +
                            resource + R"("},"code":405})");
}

struct CauseText {
    std::string type;
    std::string message;
    std::string field;
};

std::string invalid(const std::string& faults, const std::vector<CauseText>& causes) {
    std::string list;
    for (const CauseText& cause : causes)
        list += (list.empty() ? "" : ",") + (R"({"reason":"FieldValue)" + cause.type) + R"(","message":")" +
                cause.message + R"(","field":")" + cause.field + R"("})";
    return refused(422, R"("message":"ListOptions.meta.k8s.io \"\" is invalid: )" + faults +
                            R"(","reason":"Invalid","details":{"group":"meta.k8s.io","kind":"ListOptions",)"
                            R"("causes":[)" +
                            list + R"(]},"code":422})");
}

const std::string kNoInitialEvents = "Forbidden: sendInitialEvents is forbidden for list";
const std::string kNoVersion =
    "Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided";
const std::string kBogusMatch =
    R"(Unsupported value: \"Bogus\": supported values: \"Exact\", \"NotOlderThan\", \"\")";

}  // namespace

TEST_CASE("odd query strings are read as Go reads them") {
    Cluster cluster;
    cluster.fill();
    const std::pair<std::string, std::string> rows[] = {
        {"", kAll},
        {"&&=&", kAll},
        {"%zz=1&labelSelector=app%3Dweb", kWeb},
        {"labelSelector=%zz", kAll},
        {"labelSelector=app%3Dweb;x", kAll},
        {"a;b&labelSelector=app%3Dweb", kWeb},
        {"labelSelector=app%3Dweb&labelSelector=app%3Ddns", kWeb},
        {"labelSelector=app=web", kWeb},
        {"labelSelector=%61pp%3Dweb&unknown", kWeb},
        {"labelSelector=app+in+(web)", kWeb},
        {"LABELSELECTOR=app%3Ddns", kAll},
        {"label%53elector=app%3Dweb", kWeb},
    };
    for (const auto& [query, expected] : rows) check(cluster, kPods + query, expected);
}

TEST_CASE("what a list does not act on is ignored unless it cannot be read") {
    Cluster cluster;
    cluster.fill();
    const auto no_number = [](const std::string& text) {
        return bad_request(R"(strconv.ParseInt: parsing \")" + text + R"(\": invalid syntax)");
    };
    const std::string timeout = "invalid timeout specified in the request URL - time: ";
    const std::pair<std::string, std::string> rows[] = {
        {"limit=1", kAll},
        {"limit=-5", kAll},
        {"continue=x", kAll},
        {"resourceVersion=abc", kAll},
        {"allowWatchBookmarks=maybe", kAll},
        {"timeoutSeconds=-1", kAll},
        {"unknown=1", kAll},
        {"resourceVersion=1&resourceVersionMatch=Exact", kAll},
        {"limit=abc", no_number("abc")},
        {"limit=", no_number("")},
        {"limit=1&limit=abc", kAll},
        {"timeoutSeconds=1.5", no_number("1.5")},
        {"limit=9223372036854775808",
         bad_request(R"(strconv.ParseInt: parsing \"9223372036854775808\": value out of range)")},
        {"timeout=", kAll},
        {"timeout=32s", kAll},
        {"timeout=0", kAll},
        {"timeout=-1h", kAll},
        {"timeout=1000h", kAll},
        {"timeout=abc", bad_request(timeout + R"(invalid duration \"abc\")")},
        {"timeout=5", bad_request(timeout + R"(missing unit in duration \"5\")")},
        {"timeout=5x", bad_request(timeout + R"(unknown unit \"x\" in duration \"5x\")")},
        {"timeout=5%3Cx", bad_request(timeout + R"(unknown unit \"\u003cx\" in duration \"5\u003cx\")")},
    };
    for (const auto& [query, expected] : rows) check(cluster, kPods + query, expected);
    // A watch has a timeout of its own.
    check(cluster, kPods + "timeout=abc&watch=1", no_watch("pods"));
    check(cluster, "/version?timeout=abc", bad_request(timeout + R"(invalid duration \"abc\")"));
}

TEST_CASE("options that exclude each other are 422 with all causes") {
    Cluster cluster;
    const std::string match = "resourceVersionMatch";
    const std::string events = "sendInitialEvents";
    const std::string head = match + ": ";
    const std::pair<std::string, std::string> rows[] = {
        {"resourceVersionMatch=Exact", invalid(head + kNoVersion, {{"Forbidden", kNoVersion, match}})},
        {"resourceVersion=1&resourceVersionMatch=Bogus",
         invalid(head + kBogusMatch, {{"NotSupported", kBogusMatch, match}})},
        {"sendInitialEvents=",
         invalid(events + ": " + kNoInitialEvents, {{"Forbidden", kNoInitialEvents, events}})},
        {"sendInitialEvents=false",
         invalid(events + ": " + kNoInitialEvents, {{"Forbidden", kNoInitialEvents, events}})},
        {"resourceVersionMatch=Bogus&sendInitialEvents=1",
         invalid("[" + head + kNoVersion + ", " + head + kBogusMatch + ", " + events + ": " +
                     kNoInitialEvents + "]",
                 {{"Forbidden", kNoVersion, match},
                  {"NotSupported", kBogusMatch, match},
                  {"Forbidden", kNoInitialEvents, events}})},
    };
    for (const auto& [query, expected] : rows) check(cluster, kNodes + query, expected);
}

TEST_CASE("a list's parameters are looked at in their order") {
    Cluster cluster;
    cluster.fill();
    const std::string all_bad =
        "limit=abc&labelSelector=!&fieldSelector=a%3Db&sendInitialEvents=1&watch=0&includeObject=Bogus";
    const net::Response html = cluster.get(kPods + all_bad, {{"Accept", "text/html"}});
    CHECK(html.status == 406);
    const std::string no_identifier = "unable to parse requirement: found '', expected: identifier";
    const std::string no_events = invalid("sendInitialEvents: " + kNoInitialEvents,
                                          {{"Forbidden", kNoInitialEvents, "sendInitialEvents"}});
    const std::pair<std::string, std::string> rows[] = {
        {all_bad, bad_request(R"(strconv.ParseInt: parsing \"abc\": invalid syntax)")},
        {"sendInitialEvents=1&fieldSelector=a%3Db&labelSelector=!", bad_request(no_identifier)},
        {"sendInitialEvents=1&fieldSelector=a%3Db", no_events},
        {"watch=1&fieldSelector=a%3Db", bad_request(R"(\"a\")" + kUnknownField)},
        {"watch=1&labelSelector=!", bad_request(no_identifier)},
        {"watch=1&limit=1", no_watch("pods")},
    };
    for (const auto& [query, expected] : rows) check(cluster, kPods + query, expected);
}

TEST_CASE("a watch is refused by the kind that is watched") {
    Cluster cluster;
    cluster.fill();
    for (const char* watch : {"watch", "watch=", "watch=true", "watch=1", "watch=bogus", "watch=1&watch=0",
                              "watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan"}) {
        check(cluster, kNodes + watch, no_watch("nodes"));
        check(cluster, kPods + watch, no_watch("pods"));
        check(cluster, kMetrics + "/namespaces/default/pods?" + watch, no_watch("pods"));
    }
    for (const char* none : {"watch=0", "watch=false", "watch=False", "watch=FALSE"}) {
        check(cluster, kNodes + none, kBothNodes);
        check(cluster, kPods + none, kAll);
    }
}

TEST_CASE("one object has no options but export") {
    Cluster cluster;
    cluster.fill();
    const std::string node = kOkJson + json_head("NodeMetrics") + kNode1Json + "\n";
    const std::string no_export =
        bad_request("the export parameter, deprecated since v1.14, is no longer supported");
    const std::pair<std::string, std::string> rows[] = {
        {"watch=true", node},
        {"timeout=0s", node},
        {"fieldSelector=x", node},
        {"labelSelector=!", node},
        {"limit=abc&sendInitialEvents=1", node},
        {"resourceVersion=abc", node},
        {"export=false", node},
        {"export=0", node},
        {"export=true", no_export},
        {"export", no_export},
        {"export=x", no_export},
    };
    for (const auto& [query, expected] : rows) check(cluster, kMetrics + "/nodes/n1?" + query, expected);
}
