// SPDX-License-Identifier: Apache-2.0
// What test/apiserver/contract/ does not show of a Status: whole failures are there.
#include "apiserver/status.hpp"

#include "test/kube/bytes.hpp"

#include <catch2/catch.hpp>

using namespace apiserver;

namespace {

RequestInfo resource(const std::string& verb, const std::string& name_space, const std::string& what,
                     const std::string& name) {
    RequestInfo info;
    info.is_resource = true;
    info.verb = verb;
    info.group = "metrics.k8s.io";
    info.name_space = name_space;
    info.resource = what;
    info.name = name;
    return info;
}

}  // namespace

TEST_CASE("a refusal names the subresource, and the user as HTML has it") {
    const std::string start =
        R"({"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":)";
    RequestInfo log = resource("get", "d", "pods", "p");
    log.subresource = "log";
    CHECK(
        to_json(forbidden({"joe", "", {}, {}}, log, "")) ==
        start +
            R"("pods.metrics.k8s.io \"p\" is forbidden: User \"joe\" cannot get resource \"pods/log\" in API group \"metrics.k8s.io\" in the namespace \"d\"","reason":"Forbidden","details":{"name":"p","group":"metrics.k8s.io","kind":"pods"},"code":403})");
    CHECK(
        to_json(forbidden({"a&b", "", {}, {}}, resource("get", "", "nodes", "n"), "")) ==
        start +
            R"("nodes.metrics.k8s.io \"n\" is forbidden: User \"a\u0026amp;b\" cannot get resource \"nodes\" in API group \"metrics.k8s.io\" at the cluster scope","reason":"Forbidden","details":{"name":"n","group":"metrics.k8s.io","kind":"nodes"},"code":403})");
}

TEST_CASE("a Status in protobuf is written to the byte") {
    CHECK(to_protobuf(no_metrics("nodemetrics", "n3")) ==
          kube::test::golden(
              "6b387300 0a0c{0a02'v1' 1206'Status'} 1270[0a06{0a00 1200 1a00} 1207'Failure'"
              "1a29'nodemetrics.metrics.k8s.io \"n3\" not found' 2208'NotFound'"
              "2a25{0a02'n3' 120e'metrics.k8s.io' 1a0b'nodemetrics' 2800 3200} 309403] 1a00 2200"));
    Status invalid{422, "m", "Invalid", StatusDetails{}};
    invalid.details->causes = {{"FieldValueForbidden", "Forbidden: x", "f"}};
    invalid.details->retry_after_seconds = 5;
    CHECK(to_protobuf(invalid) ==
          kube::test::golden(
              "6b387300 0a0c{0a02'v1' 1206'Status'} 1254[0a06{0a00 1200 1a00} 1207'Failure' 1a01'm'"
              "2207'Invalid' 2a32{0a00 1200 1a00"
              "2226{0a13'FieldValueForbidden' 120c'Forbidden: x' 1a01'f'} 2805 3200} 30a603] 1a00 2200"));
}
