// SPDX-License-Identifier: Apache-2.0
#include "apiserver/exposition/request_key.hpp"

#include "test/apiserver/groups.hpp"

#include <catch2/catch.hpp>

using namespace apiserver;

namespace {

// verb group version resource subresource scope component, "-" for what is empty.
std::string labels_of(const std::string& method, const std::string& target) {
    const auto parsed = parse_target(target);
    REQUIRE(parsed.has_value());
    const auto info = make_request_info(method, *parsed);
    REQUIRE(info.has_value());
    static const RequestSubjects subjects = test::request_subjects();
    const RequestLabels l = subjects.labels(subjects.key(method, *info));
    std::string out;
    for (const std::string_view label :
         {l.verb, l.group, l.version, l.resource, l.subresource, l.scope, l.component}) {
        out += out.empty() ? "" : " ";
        out += label.empty() ? "-" : label;
    }
    return out;
}

}  // namespace

TEST_CASE("a request's labels are those of Kubernetes and from fixed lists") {
    const std::string group = "/apis/metrics.k8s.io/";
    struct Case {
        const char* method;
        std::string target;
        const char* expected;
    };
    const Case cases[] = {
        {"GET", group + "v1beta1/nodes", "LIST metrics.k8s.io v1beta1 nodes - cluster apiserver"},
        {"HEAD", group + "v1/nodes", "LIST metrics.k8s.io v1 nodes - cluster apiserver"},
        {"GET", group + "v1/nodes/n1", "GET metrics.k8s.io v1 nodes - resource apiserver"},
        {"GET", group + "v1/pods", "LIST metrics.k8s.io v1 pods - cluster apiserver"},
        {"GET", group + "v1/namespaces/a/pods", "LIST metrics.k8s.io v1 pods - namespace apiserver"},
        {"GET", group + "v1/namespaces/a/pods/p", "GET metrics.k8s.io v1 pods - resource apiserver"},
        {"GET", group + "v1/pods?watch=1", "WATCH metrics.k8s.io v1 pods - cluster apiserver"},
        {"GET", group + "v1/pods?fieldSelector=metadata.name%3Dp",
         "LIST metrics.k8s.io v1 pods - cluster apiserver"},
        {"POST", group + "v1/pods", "POST metrics.k8s.io v1 pods - cluster apiserver"},
        {"DELETE", group + "v1/namespaces/a/pods", "DELETE metrics.k8s.io v1 pods - namespace apiserver"},
        {"DELETE", group + "v1/nodes/n1", "DELETE metrics.k8s.io v1 nodes - resource apiserver"},
        {"BREW", group + "v1/nodes/n1", "other metrics.k8s.io v1 nodes - resource apiserver"},
        {"GET", group + "v2/pods", "LIST - - - - - -"},
        {"GET", group + "v1/teapots", "LIST - - - - - -"},
        {"GET", group + "v1/namespaces/a/pods/p/log", "GET - - - - - -"},
        {"GET", "/apis/example.com/v1/pods", "LIST - - - - - -"},
        {"GET", "/readyz", "GET - - - /readyz - -"},
        {"GET", "/readyz/ping", "GET - - - /readyz - -"},
        {"GET", "/readyzz", "GET - - - - - -"},
        {"GET", "/metrics", "GET - - - /metrics - -"},
        {"GET", "/openapi/v3/apis/metrics.k8s.io/v1", "GET - - - /openapi/v3 - -"},
        {"PROPFIND", "/nobody/knows", "other - - - - - -"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.method, c.target);
        CHECK(labels_of(c.method, c.target) == c.expected);
    }
}
