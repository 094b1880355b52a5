// SPDX-License-Identifier: Apache-2.0
// What the contract says about requests: paths, verbs, query strings, and the bodies of what is refused.
#include "test/apiserver/fixture.hpp"

#include <catch2/catch.hpp>

using test::Cluster;
using test::header;
using test::kMetrics;

namespace {

const std::string kStart = R"({"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure",)";
const std::string kNoPath =
    kStart +
    R"("message":"the server could not find the requested resource","reason":"NotFound","details":{},"code":404})" +
    "\n";
const std::string kNoMethod =
    kStart +
    R"("message":"the server does not allow this method on the requested resource","reason":"MethodNotAllowed","details":{},"code":405})" +
    "\n";

std::string bad_request(const std::string& message) {
    return kStart + R"("message":")" + message + R"(","reason":"BadRequest","code":400})" + "\n";
}

}  // namespace

TEST_CASE("no method but GET is allowed on what the API routes") {
    Cluster cluster;
    cluster.fill();
    for (const std::string method : {"POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "get"}) {
        for (const std::string& target :
             {kMetrics + "/nodes", kMetrics + "/nodes/n1", kMetrics + "/pods",
              kMetrics + "/namespaces/default/pods", kMetrics + "/namespaces/default/pods/web-0", kMetrics,
              std::string{"/apis"}, std::string{"/apis/metrics.k8s.io/"}, std::string{"/version/"}}) {
            CAPTURE(method, target);
            // Before what the client accepts is looked at.
            const net::Response response =
                cluster.ask(test::request(target, {{"Accept", "text/html, */*;q=0.1"}}, method));
            CHECK(response.status == 405);
            CHECK(response.body == kNoMethod);
            CHECK_FALSE(response.headers.contains("Allow"));
        }
        for (const std::string target : {"/healthz", "/livez", "/readyz", "/openapi/v2", "/openapi/v3"})
            CHECK(cluster.ask(test::request(target, {}, method)).status == 200);
        CHECK(cluster.ask(test::request("/api", {}, method)).status == 404);
    }
}

TEST_CASE("paths are what they are after percent decoding") {
    Cluster cluster;
    cluster.fill();
    const std::string node = cluster.body(kMetrics + "/nodes/n1");
    const std::string pod = cluster.body(kMetrics + "/namespaces/default/pods/web-0");
    CHECK(node.starts_with(R"({"kind":"NodeMetrics",)"));
    CHECK(pod.starts_with(R"({"kind":"PodMetrics",)"));
    const std::pair<std::string, std::string> cases[] = {
        {kMetrics + "/nodes/n1/", node},
        {kMetrics + "/nodes/n1//", node},
        {kMetrics + "/nodes/%6e1", node},
        {kMetrics + "%2Fnodes%2Fn1", node},
        {kMetrics + "/namespaces/default/pods/web-0/", pod},
        {kMetrics + "/namespaces/default/pods/web%2d0", pod},
        {"https://any.host:1" + kMetrics + "/nodes/n1", node},
        {kMetrics + "/nodes/n+1", kStart + R"("message":"node \"n+1\" not found","reason":"NotFound",)"
                                           R"("details":{"name":"n+1","kind":"node"},"code":404})"
                                           "\n"},
        {kMetrics + "/nodes/%3Cn%3E",
         kStart + R"("message":"node \"\u003cn\u003e\" not found","reason":"NotFound",)"
                  R"("details":{"name":"\u003cn\u003e","kind":"node"},"code":404})"
                  "\n"},
        {kMetrics + "//nodes", kNoPath},
        {kMetrics + "/namespaces/default/nodes", kNoPath},
        {kMetrics + "/pods/web-0", kNoPath},
        {kMetrics + "/NODES", kNoPath},
        {kMetrics + "/watch/nodes", kNoPath},
        {kMetrics + "/namespaces/default/pods/web-0/status", kNoPath},
        {"/apis/metrics.k8s.io/v1alpha1/nodes", kNoPath},
        {"/apis/metrics.k8s.io/v2", kNoPath},
    };
    for (const auto& [target, expected] : cases) {
        CAPTURE(target);
        CHECK(cluster.body(target) == expected);
    }
}

TEST_CASE("odd query strings are read as Go reads them") {
    Cluster cluster;
    cluster.fill();
    const std::string all = cluster.body(kMetrics + "/pods");
    const std::string web = cluster.body(kMetrics + "/pods?labelSelector=app%3Dweb");
    CHECK(all != web);
    const std::pair<std::string, std::string> cases[] = {
        {"?", all},
        {"?&&=&", all},
        {"?%zz=1&labelSelector=app%3Dweb", web},
        {"?labelSelector=%zz", all},
        {"?labelSelector=app%3Dweb;x", all},
        {"?a;b&labelSelector=app%3Dweb", web},
        {"?labelSelector=app%3Dweb&labelSelector=app%3Ddns", web},
        {"?labelSelector=app=web", web},
        {"?labelSelector=%61pp%3Dweb&unknown", web},
        {"?labelSelector=app+in+(web)", web},
        {"?LABELSELECTOR=app%3Ddns", all},
        {"?limit=1&continue=x&resourceVersion=abc&allowWatchBookmarks=maybe&timeoutSeconds=-1", all},
        {"?pretty=false&limit=-5", all},
    };
    for (const auto& [query, expected] : cases) {
        CAPTURE(query);
        CHECK(cluster.body(kMetrics + "/pods" + query) == expected);
    }
}

TEST_CASE("a bad parameter is refused with the words of its parser") {
    Cluster cluster;
    cluster.fill();
    const std::string timeout = "invalid timeout specified in the request URL - time: ";
    const std::pair<std::string, std::string> cases[] = {
        {"timeout=abc", timeout + R"(invalid duration \"abc\")"},
        {"timeout=5", timeout + R"(missing unit in duration \"5\")"},
        {"timeout=5x", timeout + R"(unknown unit \"x\" in duration \"5x\")"},
        {"timeout=5%3Cx", timeout + R"(unknown unit \"\u003cx\" in duration \"5\u003cx\")"},
        {"limit=abc", R"(strconv.ParseInt: parsing \"abc\": invalid syntax)"},
        {"timeoutSeconds=1.5", R"(strconv.ParseInt: parsing \"1.5\": invalid syntax)"},
        {"labelSelector=a%3D%3D%3Db", "unable to parse requirement: found '=', expected: identifier"},
        {"labelSelector=!", "unable to parse requirement: found '', expected: identifier"},
        {"labelSelector=a+in+(b", "unable to parse requirement: found '', expected: ',' or ')'"},
        {"labelSelector=%2C", "found ',', expected: !, identifier, or 'end of string'"},
        {"labelSelector=a%2C", "found '', expected: identifier after ','"},
        {"labelSelector=a+b",
         "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"},
        {"labelSelector=a%3Db%3Dc", "found '=', expected: ',' or 'end of string'"},
        {"labelSelector=x%3Ea",
         R"(unable to parse requirement: values[0]: Invalid value: \"a\": for 'Gt', 'Lt' operators, the value must be an integer)"},
        {"labelSelector=a+%26",
         R"(unable to parse requirement: found '\u0026', expected: in, notin, =, ==, !=, gt, lt)"},
        {"fieldSelector=metadata.name%3Da%3Db", "invalid field selector: unescaped character in value: 61"},
        {"fieldSelector=x", "invalid selector: 'x'; can't understand 'x'"},
        {"fieldSelector=spec.nodeName%3Dn1",
         R"(\"spec.nodeName\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\")"},
        // A watch is refused only when all of that is good.
        {"watch=1&fieldSelector=a%3Db",
         R"(\"a\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\")"},
    };
    for (const auto& [query, expected] : cases) {
        CAPTURE(query);
        const net::Response response = cluster.get(kMetrics + "/pods?" + query);
        CHECK(response.status == 400);
        CHECK(response.body == bad_request(expected));
    }
}

TEST_CASE("what cannot be combined is 422 with all its causes") {
    Cluster cluster;
    const std::string head = kStart + R"("message":"ListOptions.meta.k8s.io \"\" is invalid: )";
    const auto details = [](const std::string& causes) {
        return R"(,"reason":"Invalid","details":{"group":"meta.k8s.io","kind":"ListOptions","causes":[)" +
               causes + R"(]},"code":422})" + "\n";
    };
    const std::string initial =
        R"({"reason":"FieldValueForbidden","message":"Forbidden: sendInitialEvents is forbidden for list","field":"sendInitialEvents"})";
    const std::string bogus =
        R"({"reason":"FieldValueNotSupported","message":"Unsupported value: \"Bogus\": supported values: \"Exact\", \"NotOlderThan\", \"\"","field":"resourceVersionMatch"})";
    const std::pair<std::string, std::string> cases[] = {
        {"sendInitialEvents=",
         head + R"(sendInitialEvents: Forbidden: sendInitialEvents is forbidden for list")" +
             details(initial)},
        {"resourceVersion=1&resourceVersionMatch=Bogus",
         head +
             R"(resourceVersionMatch: Unsupported value: \"Bogus\": supported values: \"Exact\", \"NotOlderThan\", \"\"")" +
             details(bogus)},
        {"resourceVersion=1&resourceVersionMatch=Bogus&sendInitialEvents=1",
         head +
             R"([resourceVersionMatch: Unsupported value: \"Bogus\": supported values: \"Exact\", \"NotOlderThan\", \"\", sendInitialEvents: Forbidden: sendInitialEvents is forbidden for list]")" +
             details(bogus + "," + initial)},
    };
    for (const auto& [query, expected] : cases) {
        CAPTURE(query);
        const net::Response response = cluster.get(kMetrics + "/nodes?" + query);
        CHECK(response.status == 422);
        CHECK(response.body == expected);
    }
    // One object has no such options.
    CHECK(cluster.get(kMetrics + "/nodes/n1?sendInitialEvents=1&limit=abc").status == 404);
}

TEST_CASE("a watch is refused by the kind that is watched") {
    Cluster cluster;
    cluster.fill();
    for (const std::string resource : {"nodes", "pods"}) {
        for (const std::string watch : {"watch", "watch=true", "watch=bogus",
                                        "watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan"}) {
            const net::Response response = cluster.get(kMetrics + "/" + resource + "?" + watch);
            CHECK(response.status == 405);
            CHECK(
                response.body ==
                kStart + R"("message":"watch is not supported on resources of kind \")" + resource +
                    R"(.metrics.k8s.io\"","reason":"MethodNotAllowed","details":{"group":"metrics.k8s.io","kind":")" +
                    resource + R"("},"code":405})" + "\n");
        }
        for (const std::string none : {"watch=0", "watch=false", "watch=FALSE"})
            CHECK(cluster.get(kMetrics + "/" + resource + "?" + none).status == 200);
    }
}
