// SPDX-License-Identifier: Apache-2.0
// Contract, the rows about selectors of 4.5 and 7. The full grammars, rule by rule, are in
// test/apiserver/request/{label_selector,field_selector}_test.cpp.
#include "test/apiserver/contract/queries.hpp"

#include <catch2/catch.hpp>

using namespace test;

namespace {

const std::string kDns = pods("{" + kDnsJson);
const std::string kNone = pods("");

}  // namespace

TEST_CASE("every legal label selector selects") {
    Cluster cluster;
    cluster.fill();
    cluster.store.put_pod("kube-system", "dns", {{"app", "dns"}, {"empty", ""}, {"in", "5"}});
    const std::string dns_meta =
        R"({"name":"dns","namespace":"kube-system","creationTimestamp":"2026-11-22T15:31:26Z","labels":{"app":"dns","empty":"","in":"5"}})";
    const std::string dns = pods(R"({"metadata":)" + dns_meta + kDnsJson.substr(11 + kDnsMeta.size()));
    const std::pair<std::string, std::string> rows[] = {
        {"in", dns},
        {"!in", kWeb},
        {"app%3Ddns", dns},
        {"app%3D%3Ddns", dns},
        {"app!%3Dweb", dns},
        {"in!%3D6,app%3Dweb", kWeb},
        {"app+in+(dns,x)", dns},
        {"app+notin+(web)", dns},
        {"in+notin+(5)", kWeb},
        {"in%3E4", dns},
        {"in%3C6", dns},
        {"in%3E5", kNone},
        {"in%3C5", kNone},
        {"empty%3D", dns},
        {"empty+in+()", dns},
        {"in+in+(5)", dns},
        {"notin", kNone},
        {"+app%09%3D%0Adns+,+!+none+", dns},
    };
    for (const auto& [selector, expected] : rows)
        check(cluster, kPods + "labelSelector=" + selector, expected);
}

TEST_CASE("a bad label selector is told in the words of its parser") {
    Cluster cluster;
    cluster.fill();
    const std::string in = "unable to parse requirement: ";
    const std::string not_a_value =
        R"(: a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and )"
        R"(must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex )"
        R"(used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?'))";
    const std::pair<std::string, std::string> rows[] = {
        {"a%3D%3D%3Db", in + "found '=', expected: identifier"},
        {"!", in + "found '', expected: identifier"},
        {"a+in+(b", in + "found '', expected: ',' or ')'"},
        {"%2C", "found ',', expected: !, identifier, or 'end of string'"},
        {"a%2C", "found '', expected: identifier after ','"},
        {"a+b", in + "found 'b', expected: in, notin, =, ==, !=, gt, lt"},
        {"a%3Db%3Dc", "found '=', expected: ',' or 'end of string'"},
        {"x%3Ea",
         in + R"(values[0]: Invalid value: \"a\": for 'Gt', 'Lt' operators, the value must be an integer)"},
        {"x%3E-5", in + R"(values[0][x]: Invalid value: \"-5\")" + not_a_value},
        {"x%3C-5", in + R"(values[0][x]: Invalid value: \"-5\")" + not_a_value},
        {"a%3Db_$", in + R"(values[0][a]: Invalid value: \"b_$\")" + not_a_value},
        {"-bad%3D1",
         in +
             R"(<nil>: Invalid value: \"-bad\": name part must consist of alphanumeric characters, '-', '_' or )"
             R"('.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or )"
             R"('123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]'))"},
        // As Go's encoder escapes them.
        {"a+%26", in + R"(found '\u0026', expected: in, notin, =, ==, !=, gt, lt)"},
        {"a+%E2%80%A8%E2%80%A9", in + R"(found '\u2028\u2029', expected: in, notin, =, ==, !=, gt, lt)"},
        {"%3Ca%3E", R"(found '\u003c', expected: !, identifier, or 'end of string')"},
    };
    for (const auto& [selector, expected] : rows) {
        std::string message = expected;
        for (std::size_t at; (at = message.find("<nil>")) != std::string::npos;)
            message.replace(at, 5, "\\u003cnil\\u003e");
        check(cluster, kPods + "labelSelector=" + selector, bad_request(message));
    }
}

TEST_CASE("field selectors know two fields") {
    Cluster cluster;
    cluster.fill();
    const std::string unescaped = "invalid field selector: unescaped character in value: 61";
    const std::pair<std::string, std::string> rows[] = {
        {kPods + "fieldSelector=metadata.name%3Ddns", kDns},
        {kPods + "fieldSelector=metadata.name%3D%3Ddns", kDns},
        {kPods + "fieldSelector=metadata.name!%3Dweb-0", kDns},
        {kPods + "fieldSelector=metadata.namespace%3Ddefault", kWeb},
        {kPods + "fieldSelector=,metadata.namespace%3Ddefault,,", kWeb},
        {kPods + "fieldSelector=metadata.namespace%3Ddefault,metadata.name%3Ddns", kNone},
        {kPods + "fieldSelector=metadata.name%3D%5C%5C%5C,%5C%3D", kNone},
        {kPods + "fieldSelector=metadata.name%3Ddns&fieldSelector=x", kDns},
        {kMetrics + "/namespaces/default/pods?fieldSelector=metadata.namespace%3Dkube-system", kNone},
        {kNodes + "fieldSelector=metadata.name!%3Dn1",
         kOkJson + json_list("NodeMetricsList", "{" + kNode2Json)},
        {kNodes + "fieldSelector=metadata.namespace%3Dx", kOkJson + json_list("NodeMetricsList", "")},
        {kPods + "fieldSelector=metadata.name%3Da%3Db", bad_request(unescaped)},
        {kPods + "fieldSelector=x", bad_request("invalid selector: 'x'; can't understand 'x'")},
        {kPods + "fieldSelector=metadata.name%3D%5Cx",
         bad_request(R"(invalid field selector: invalid escape sequence: \\x)")},
        {kPods + "fieldSelector=spec.nodeName%3Dn1", bad_request(R"(\"spec.nodeName\")" + kUnknownField)},
        {kNodes + "fieldSelector=a%3Db", bad_request(R"(\"a\")" + kUnknownField)},
    };
    for (const auto& [target, expected] : rows) check(cluster, target, expected);
}
