// SPDX-License-Identifier: Apache-2.0
// Contract, 4.4 and the first row of 7: in which form an answer comes. The list that all rows ask for is
// empty, so that a row shows the form and little else. Elsewhere: objects and lists in each form
// test/apiserver/encode/encoding_test.cpp and yaml/documents_test.cpp, tables and includeObject
// test/apiserver/table/table_test.cpp, partial objects and what is a list and what is not
// test/apiserver/table/partial_metadata_test.cpp, more of the grammar of Accept
// test/apiserver/representation/negotiate_test.cpp.
#include "test/apiserver/contract/bodies.hpp"
#include "test/apiserver/contract/told.hpp"

#include <catch2/catch.hpp>

using namespace test;

namespace {

const std::string kList = kMetrics + "/namespaces/none/pods";
const std::string kProto = "application/vnd.kubernetes.protobuf";
const std::string kTypes = "application/json, application/yaml, application/vnd.kubernetes.protobuf";
const std::string kListTypes =
    kTypes + ", application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch";

const std::string kJson = kOkJson + json_list("PodMetricsList", "");
const std::string kPretty =
    kOkJson +
    "{\n  \"kind\": \"PodMetricsList\",\n  \"apiVersion\": \"metrics.k8s.io/v1beta1\",\n  \"metadata\": {},\n"
    "  \"items\": []\n}";
const std::string kYaml =
    kOkYaml + "apiVersion: metrics.k8s.io/v1beta1\nitems: []\nkind: PodMetricsList\nmetadata: {}\n";
const std::string kWire = kOkProtobuf + golden(kPodsWireType + "1208[" + kListMeta + "]" + kEnd);

std::string empty_table(const std::string& version) {
    return kOkJson + R"({"kind":"Table","apiVersion":"meta.k8s.io/)" + version +
           R"(","metadata":{},"columnDefinitions":null,"rows":null})" + "\n";
}

std::string no_partials(const std::string& version) {
    return kOkJson + R"({"kind":"PartialObjectMetadataList","apiVersion":"meta.k8s.io/)" + version +
           R"(","metadata":{},"items":null})" + "\n";
}

// A Status for those whose Accept names nothing plain.
std::string indented_status(const std::string& code, const std::string& message, const std::string& rest) {
    return code +
           " application/json\n\n{\n  \"kind\": \"Status\",\n  \"apiVersion\": \"v1\",\n  \"metadata\": {},\n"
           "  \"status\": \"Failure\",\n  \"message\": \"" +
           message + "\",\n  \"reason\": " + rest + ",\n  \"code\": " + code + "\n}";
}

// What is refused by go-restful, and by the negotiation behind it.
std::string not_acceptable_a(const std::string& available) {
    return indented_status("406", "406: Not Acceptable\\n\\nAvailable representations: " + available,
                           "\"NotAcceptable\",\n  \"details\": {}");
}
const std::string kNotAcceptableB =
    indented_status("406", "only the following media types are accepted: " + kTypes, "\"NotAcceptable\"");

std::string as(const std::string& type, const std::string& kind, const std::string& version) {
    return "application/" + type + ";as=" + kind + ";g=meta.k8s.io;v=" + version;
}

void check_form(Cluster& cluster, const std::string& accept, const std::string& expected,
                std::string target = kList, std::vector<Header> more = {}) {
    CAPTURE(accept, target);
    more.insert(more.begin(), {"Accept", accept});
    CHECK(told(cluster.get(std::move(target), std::move(more))) == expected);
}

}  // namespace

TEST_CASE("the type of an answer is exactly one of three") {
    Cluster cluster;
    cluster.fill();
    CHECK(told(cluster.get(kList)) == kJson);
    const std::pair<std::string, std::string> rows[] = {
        {"", kJson},
        {"*/*", kJson},
        {"application/json", kJson},
        {"application/json;charset=utf-8", kJson},
        {"application/yaml", kYaml},
        {kProto, kWire},
        {kProto + ", */*", kWire},
        {"*/*, " + kProto, kWire},
        {kProto + ",application/json", kWire},
        {"application/json," + kProto, kJson},
        {"text/html, application/yaml", kYaml},
        {"text/html, */*", kJson},
        // A wildcard that go-restful does not take counts once something else lets the request in, but yields
        // to what is exact whatever its q.
        {"application/*, " + kProto + ";as=Bogus", kJson},
        {"application/*, " + kProto + ";q=0.5", kWire},
        {"application/json;stream=watch", kJson},
        {kProto + ";stream=watch", kWire},
        {"application/yaml;stream=watch, application/json;q=0.1", kJson},
        {"application/json;sv=v1, application/yaml", kYaml},
        {"application/json;sv= ;stream= ", kJson},
        {"application/json;stream=other, application/yaml", kYaml},
        {"application/json;unknown=x", kJson},
        {"application/json;pretty=1", kPretty},
        {"application/json;pretty=true", kJson},
        {"application/yaml;pretty=1", kYaml},
    };
    for (const auto& [accept, expected] : rows) check_form(cluster, accept, expected);
}

TEST_CASE("of several Accept lines the first counts") {
    Cluster cluster;
    check_form(cluster, "application/yaml", kYaml, kList, {{"Accept", "application/json"}});
    check_form(cluster, "text/html", not_acceptable_a(kListTypes), kList, {{"Accept", "application/json"}});
}

TEST_CASE("q is read as Go reads a number") {
    Cluster cluster;
    // Against 0.5 for protobuf: what is no number is 0, not 1.
    const std::pair<std::string, std::string> rows[] = {
        {"1", kJson},     {"0.6", kJson},      {"0.4", kWire},     {"0", kWire},      {"-1", kWire},
        {"+1", kJson},    {".6", kJson},       {"+.4", kWire},     {"1.", kJson},     {"1e0", kJson},
        {"6E-1", kJson},  {"4e-1", kWire},     {"0x1p0", kJson},   {"0X1P-2", kWire}, {"0x.cp0", kJson},
        {"0x1", kWire},   {"0x1.8", kWire},    {"1_0", kJson},     {"1__0", kWire},   {"0x_1p0", kJson},
        {"_1", kWire},    {"1_", kWire},       {"inf", kJson},     {"+Inf", kJson},   {"-inf", kWire},
        {"infi", kWire},  {"Infinity", kJson}, {"nan", kWire},     {"1e39", kJson},   {"1e-60", kWire},
        {"1e400", kJson}, {"1e", kWire},       {"1e--1", kWire},   {"1x", kWire},     {"x", kWire},
        {" 1", kWire},    {"1 ", kJson},       {".", kWire},       {"+", kWire},      {"0b1", kWire},
        {"1p0", kWire},   {"0x1p", kWire},     {"0x1p1_0", kJson}, {"0x0_p1", kWire},
    };
    for (const auto& [q, expected] : rows)
        check_form(cluster, kProto + ";q=0.5, application/json;q=" + q, expected);
    // An empty one is no parameter.
    check_form(cluster, kProto + ";q=0.5, application/json;q=", kJson);
    check_form(cluster, kProto + ";q=0.5, application/json;q", kJson);
    // One more equals sign may end it, no more.
    check_form(cluster, kProto + ";q=0.5, application/json;q=0.4=", kWire);
    check_form(cluster, kProto + ";q=0.5, application/json;q=0.4=x", kJson);
}

TEST_CASE("as and g and v ask for a view in either version of meta.k8s.io") {
    Cluster cluster;
    cluster.fill();
    const std::string table = as("json", "Table", "v1");
    const std::pair<std::string, std::string> rows[] = {
        {table, empty_table("v1")},
        {as("json", "Table", "v1beta1"), empty_table("v1beta1")},
        {as("yaml", "Table", "v1"),
         kOkYaml +
             "apiVersion: meta.k8s.io/v1\ncolumnDefinitions: null\nkind: Table\nmetadata: {}\nrows: null\n"},
        {table + ";pretty=1", kOkJson + "{\n  \"kind\": \"Table\",\n  \"apiVersion\": \"meta.k8s.io/v1\",\n"
                                        "  \"metadata\": {},\n  \"columnDefinitions\": null,\n"
                                        "  \"rows\": null\n}"},
        {as("vnd.kubernetes.protobuf", "Table", "v1") + ",application/yaml", kYaml},
        {as("json", "PartialObjectMetadataList", "v1"), no_partials("v1")},
        {as("json", "PartialObjectMetadataList", "v1beta1"), no_partials("v1beta1")},
        {as("vnd.kubernetes.protobuf", "PartialObjectMetadataList", "v1"),
         kOkProtobuf + golden("6b387300 0a2b{0a0e'meta.k8s.io/v1' 1219'PartialObjectMetadataList'} 1208[" +
                              kListMeta + "]" + kEnd)},
        {"*/*;as=Table;v=v1;g=meta.k8s.io", empty_table("v1")},
        {as("json", "Bogus", "v1") + ",application/json", kJson},
        {as("json", "Table", "v2") + ",application/json", kJson},
        {"application/json;as=Table;v=v1;g=metrics.k8s.io,application/json", kJson},
        {"application/json;as=Table,application/json", kJson},
        {"application/json;g=meta.k8s.io,application/json", kJson},
        {table + ";q=0.1,application/json", kJson},
    };
    for (const auto& [accept, expected] : rows) check_form(cluster, accept, expected);
}

TEST_CASE("pretty JSON is asked for by the query or by the user agent") {
    Cluster cluster;
    struct Row {
        const char* query;
        const char* agent;
        const std::string& expected;
    };
    const Row rows[] = {
        {"", "kubectl/v1.33.1", kJson},      {"", "curl/7.88.1", kPretty},
        {"", "Wget/1.21.3", kPretty},        {"", "Mozilla/5.0 (X11; Linux)", kPretty},
        {"", "Mozilla/4.0", kJson},          {"", "libcurl/8", kJson},
        {"?pretty=true", "", kPretty},       {"?pretty=1", "", kPretty},
        {"?pretty=t", "", kPretty},          {"?pretty=T", "", kPretty},
        {"?pretty=TRUE", "", kPretty},       {"?pretty=yes", "", kJson},
        {"?pretty=tRUE", "", kJson},         {"?pretty=false", "curl/7.88", kJson},
        {"?pretty=yes", "curl/7.88", kJson}, {"?pretty=", "curl/7.88", kPretty},
        {"?pretty", "curl/7.88", kPretty},
    };
    for (const Row& row : rows) {
        CAPTURE(row.query, row.agent);
        CHECK(told(cluster.get(kList + row.query, {{"User-Agent", row.agent}})) == row.expected);
    }
    // Where the clause asks for it the query does not take it back.
    check_form(cluster, "application/json;pretty=1", kPretty, kList + "?pretty=false");
    check_form(cluster, "application/yaml", kYaml, kList + "?pretty=true");
}

TEST_CASE("406 A is for an Accept that names no type of ours to the letter") {
    Cluster cluster;
    cluster.fill();
    for (const std::string accept : {"text/html", "garbage", "APPLICATION/JSON", "application/cbor", "*"})
        check_form(cluster, accept,
                   accept == "*" ? refused(406, R"("message":"406: Not Acceptable\n\nAvailable )"
                                                "representations: " +
                                                    kListTypes +
                                                    R"(","reason":"NotAcceptable","details":{},)"
                                                    R"("code":406})")
                                 : not_acceptable_a(kListTypes));
    const std::pair<std::string, std::string> documents[] = {
        {kMetrics + "/nodes", kListTypes},
        {kMetrics + "/nodes/n1", kTypes},
        {kMetrics + "/namespaces/default/pods/web-0", kTypes},
        {"/apis", kTypes},
        {"/apis/", kTypes},
        {"/apis/metrics.k8s.io", kTypes},
        {kMetrics, kTypes},
        {"/apis/metrics.k8s.io/v1/", kTypes},
        {"/version", "application/json"},
    };
    for (const auto& [target, available] : documents)
        check_form(cluster, "text/html", not_acceptable_a(available), target);
    // The wildcard is refused by the first stage, and taken by the one that writes the refusal.
    check_form(cluster, "application/*",
               refused(406, R"("message":"406: Not Acceptable\n\nAvailable representations: )" + kListTypes +
                                R"(","reason":"NotAcceptable","details":{},"code":406})"));
}

TEST_CASE("406 B is for clauses that name a type of ours and ask too much of it") {
    Cluster cluster;
    cluster.fill();
    for (const std::string& accept :
         {as("vnd.kubernetes.protobuf", "Table", "v1"), as("json", "Bogus", "v1"),
          std::string{"application/json;as=Table"}, std::string{"application/json;sv=v1"},
          std::string{"application/yaml;stream=watch"}, std::string{"application/json;stream=x"}}) {
        check_form(cluster, accept, kNotAcceptableB);
        check_form(cluster, accept, kNotAcceptableB, kMetrics + "/nodes/n1");
    }
    for (const std::string& target : {std::string{"/apis"}, std::string{"/apis/metrics.k8s.io"}, kMetrics})
        check_form(cluster, as("json", "Table", "v1"), kNotAcceptableB, target);
}

TEST_CASE("a failure is written in the form that the client takes") {
    Cluster cluster;
    cluster.fill();
    const std::string target = kMetrics + "/nodes/nope";
    const std::string plain = refused(404, R"("message":"node \"nope\" not found","reason":"NotFound",)"
                                           R"("details":{"name":"nope","kind":"node"},"code":404})");
    const std::string nothing_plain = indented_status(
        "404", "node \\\"nope\\\" not found",
        "\"NotFound\",\n  \"details\": {\n    \"name\": \"nope\",\n    \"kind\": \"node\"\n  }");
    const std::string in_wire =
        "404 application/vnd.kubernetes.protobuf\n\n" +
        golden(
            "6b387300 0a0c{0a02'v1' 1206'Status'} 1249[0a06{0a00 1200 1a00} 1207'Failure'"
            "1a15'node \"nope\" not found' 2208'NotFound' 2a12{0a04'nope' 1200 1a04'node' 2800 3200}"
            "309403] 1a00 2200");
    check_form(cluster, "application/json", plain, target);
    check_form(cluster, as("json", "Table", "v1") + ",application/json", plain, target);
    check_form(cluster, as("json", "Table", "v1"), nothing_plain, target);
    check_form(cluster, kProto, in_wire, target);
    check_form(cluster, kProto + ", */*", in_wire, target);
    check_form(
        cluster, "application/yaml",
        "404 application/yaml\n\napiVersion: v1\ncode: 404\ndetails:\n  kind: node\n  name: nope\n"
        "kind: Status\nmessage: node \"nope\" not found\nmetadata: {}\nreason: NotFound\nstatus: Failure\n",
        target);
    // text/html is refused before anything is looked up, but not before the path and the permission are.
    check_form(cluster, "text/html",
               indented_status("404", "the server could not find the requested resource",
                               "\"NotFound\",\n  \"details\": {}"),
               kMetrics + "/bogus");
    cluster.authenticator.result = {apiserver::AuthResult::Verdict::refused, {}};
    check_form(cluster, "text/html", indented_status("401", "Unauthorized", "\"Unauthorized\""));
}
