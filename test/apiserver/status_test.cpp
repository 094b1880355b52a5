// SPDX-License-Identifier: Apache-2.0
#include "apiserver/status.hpp"

#include "test/apiserver/wire_notation.hpp"

#include <catch2/catch.hpp>

using namespace apiserver;

namespace {

const std::string kStart = R"({"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure",)";

RequestInfo resource(const std::string& verb, const std::string& name_space, const std::string& what,
                     const std::string& name) {
    RequestInfo info;
    info.is_resource = true;
    info.verb = verb;
    info.group = "metrics.k8s.io";
    info.version = "v1beta1";
    info.name_space = name_space;
    info.resource = what;
    info.name = name;
    return info;
}

RequestInfo path(const std::string& verb, const std::string& text) {
    RequestInfo info;
    info.verb = verb;
    info.path = text;
    return info;
}

}  // namespace

TEST_CASE("each failure has the body that Kubernetes gives it") {
    const User joe{"joe", "", {}, {}};
    RequestInfo log = resource("get", "d", "pods", "p");
    log.subresource = "log";
    struct Case {
        Status status;
        std::string expected;
    };
    const Case cases[] = {
        {unauthorized(), R"("message":"Unauthorized","reason":"Unauthorized","code":401})"},
        {bad_request("why"), R"("message":"why","reason":"BadRequest","code":400})"},
        {forbidden(joe, resource("list", "", "nodes", ""), "no"),
         R"("message":"nodes.metrics.k8s.io is forbidden: User \"joe\" cannot list resource \"nodes\" in API group \"metrics.k8s.io\" at the cluster scope: no","reason":"Forbidden","details":{"group":"metrics.k8s.io","kind":"nodes"},"code":403})"},
        {forbidden(joe, resource("get", "default", "pods", "web-0"), ""),
         R"("message":"pods.metrics.k8s.io \"web-0\" is forbidden: User \"joe\" cannot get resource \"pods\" in API group \"metrics.k8s.io\" in the namespace \"default\"","reason":"Forbidden","details":{"name":"web-0","group":"metrics.k8s.io","kind":"pods"},"code":403})"},
        {forbidden(joe, log, ""),
         R"("message":"pods.metrics.k8s.io \"p\" is forbidden: User \"joe\" cannot get resource \"pods/log\" in API group \"metrics.k8s.io\" in the namespace \"d\"","reason":"Forbidden","details":{"name":"p","group":"metrics.k8s.io","kind":"pods"},"code":403})"},
        {forbidden(joe, path("get", "/metrics"), "no"),
         R"("message":"forbidden: User \"joe\" cannot get path \"/metrics\": no","reason":"Forbidden","details":{},"code":403})"},
        {forbidden({"a<b>\"&", "", {}, {}}, path("get", "/x"), "<raw>"),
         R"("message":"forbidden: User \"a\u0026lt;b\u0026gt;\\\"\u0026amp;\" cannot get path \"/x\": \u003craw\u003e","reason":"Forbidden","details":{},"code":403})"},
        {forbidden({"a&b", "", {}, {}}, resource("get", "", "nodes", "n"), ""),
         R"("message":"nodes.metrics.k8s.io \"n\" is forbidden: User \"a\u0026amp;b\" cannot get resource \"nodes\" in API group \"metrics.k8s.io\" at the cluster scope","reason":"Forbidden","details":{"name":"n","group":"metrics.k8s.io","kind":"nodes"},"code":403})"},
        {no_metrics("nodemetrics", "n3"),
         R"("message":"nodemetrics.metrics.k8s.io \"n3\" not found","reason":"NotFound","details":{"name":"n3","group":"metrics.k8s.io","kind":"nodemetrics"},"code":404})"},
        {no_metrics("podmetrics", "default/x"),
         R"("message":"podmetrics.metrics.k8s.io \"default/x\" not found","reason":"NotFound","details":{"name":"default/x","group":"metrics.k8s.io","kind":"podmetrics"},"code":404})"},
        {unknown_object("node", "nope"),
         R"("message":"node \"nope\" not found","reason":"NotFound","details":{"name":"nope","kind":"node"},"code":404})"},
        {unknown_path(),
         R"("message":"the server could not find the requested resource","reason":"NotFound","details":{},"code":404})"},
        {method_not_allowed(),
         R"("message":"the server does not allow this method on the requested resource","reason":"MethodNotAllowed","details":{},"code":405})"},
        {watch_not_supported("nodes"),
         R"("message":"watch is not supported on resources of kind \"nodes.metrics.k8s.io\"","reason":"MethodNotAllowed","details":{"group":"metrics.k8s.io","kind":"nodes"},"code":405})"},
        {not_acceptable("a, b"),
         R"("message":"406: Not Acceptable\n\nAvailable representations: a, b","reason":"NotAcceptable","details":{},"code":406})"},
        {no_acceptable_clause("a, b"),
         R"("message":"only the following media types are accepted: a, b","reason":"NotAcceptable","code":406})"},
        {invalid_list_options({{"FieldValueForbidden", "Forbidden: x", "f"}}),
         R"("message":"ListOptions.meta.k8s.io \"\" is invalid: f: Forbidden: x","reason":"Invalid","details":{"group":"meta.k8s.io","kind":"ListOptions","causes":[{"reason":"FieldValueForbidden","message":"Forbidden: x","field":"f"}]},"code":422})"},
        {invalid_list_options({{"A", "x", "f"}, {"B", "y", "g"}}),
         R"("message":"ListOptions.meta.k8s.io \"\" is invalid: [f: x, g: y]","reason":"Invalid","details":{"group":"meta.k8s.io","kind":"ListOptions","causes":[{"reason":"A","message":"x","field":"f"},{"reason":"B","message":"y","field":"g"}]},"code":422})"},
        {not_ready(),
         R"("message":"the request has been made before all known HTTP paths have been installed, please try again","reason":"ServiceUnavailable","details":{"retryAfterSeconds":5},"code":503})"},
        {shutting_down(),
         R"("message":"apiserver is shutting down","reason":"ServiceUnavailable","code":503})"},
    };
    for (const Case& c : cases) CHECK(to_json(c.status) == kStart + c.expected);
}

TEST_CASE("a Status in protobuf is written to the byte") {
    CHECK(to_protobuf(no_metrics("nodemetrics", "n3")) ==
          test::wire("6b387300 0a0c{0a02'v1' 1206'Status'} 1270[0a06{0a00 1200 1a00} 1207'Failure'"
                     "1a29'nodemetrics.metrics.k8s.io \"n3\" not found' 2208'NotFound'"
                     "2a25{0a02'n3' 120e'metrics.k8s.io' 1a0b'nodemetrics' 2800 3200} 309403] 1a00 2200"));
    Status invalid{422, "m", "Invalid", StatusDetails{}};
    invalid.details->causes = {{"FieldValueForbidden", "Forbidden: x", "f"}};
    invalid.details->retry_after_seconds = 5;
    CHECK(to_protobuf(invalid) ==
          test::wire(
              "6b387300 0a0c{0a02'v1' 1206'Status'} 1254[0a06{0a00 1200 1a00} 1207'Failure' 1a01'm'"
              "2207'Invalid' 2a32{0a00 1200 1a00"
              "2226{0a13'FieldValueForbidden' 120c'Forbidden: x' 1a01'f'} 2805 3200} 30a603] 1a00 2200"));
    CHECK(to_protobuf(unauthorized()) ==
          test::wire("6b387300 0a0c{0a02'v1' 1206'Status'} 1230[0a06{0a00 1200 1a00} 1207'Failure'"
                     "1a0c'Unauthorized' 220c'Unauthorized' 309103] 1a00 2200"));
}
