// SPDX-License-Identifier: Apache-2.0
#include "apiserver/request/request_info.hpp"

#include <catch2/catch.hpp>

using apiserver::make_request_info;
using apiserver::parse_target;
using apiserver::Query;

namespace {

const std::string kV1 = "/apis/metrics.k8s.io/v1/";

// "verb resource/subresource in namespace name", or "verb path" of what is not a resource.
std::string told(std::string_view method, const std::string& target) {
    const auto info = make_request_info(method, *parse_target(target));
    if (!info) return "error: " + info.error().text;
    if (!info->is_resource) return info->verb + " path " + info->path;
    std::string out = info->verb + " " + info->group + "/" + info->version + " " + info->resource;
    if (!info->subresource.empty()) out += "/" + info->subresource;
    if (!info->name_space.empty()) out += " in " + info->name_space;
    if (!info->name.empty()) out += " named " + info->name;
    return out;
}

}  // namespace

TEST_CASE("a query is read as Go reads it") {
    const Query query{"a=1&b=%7A+y&a=2&bad=%zz&semi=1;2&=empty&flag&c=x=y&&d%3D=1"};
    CHECK(query.get("a") == "1");
    CHECK(query.all("a") == std::vector<std::string_view>{"1", "2"});
    CHECK(query.get("b") == "z y");
    CHECK_FALSE(query.contains("bad"));
    CHECK_FALSE(query.contains("semi"));
    CHECK(query.get("") == "empty");
    CHECK(query.find("flag") == "");
    CHECK(query.get("c") == "x=y");
    CHECK(query.get("d=") == "1");
    CHECK_FALSE(query.contains("none"));
}

TEST_CASE("what comes after the last pair that is read is ignored") {
    std::string text;
    for (std::size_t i = 0; i < Query::kMaxPairs; ++i) text += "a&";
    CHECK_FALSE(Query{text + "z=1"}.contains("z"));
    CHECK(Query{text.substr(2) + "z=1"}.contains("z"));
}

TEST_CASE("a target is split and its path decoded") {
    struct Case {
        const char* target;
        const char* path;
    };
    const Case cases[] = {
        {"/a/b?x=1", "/a/b"}, {"/a%2Fb", "/a/b"},         {"/a+b", "/a+b"},     {"/%2e%2e/", "/../"},
        {"*", "*"},           {"https://host:1/a", "/a"}, {"http://host", "/"}, {"/", "/"},
    };
    for (const Case& c : cases) CHECK(parse_target(c.target)->path == c.path);
    CHECK(parse_target("/a?x=1")->query.get("x") == "1");
    for (const char* target : {"/%", "/%4", "/%zz", "/a%%20"}) CHECK_FALSE(parse_target(target));
}

TEST_CASE("request info follows the path and the method") {
    struct Case {
        const char* method;
        std::string target;
        std::string expected;
    };
    const Case cases[] = {
        {"GET", "/", "get path /"},
        {"POST", "/healthz", "post path /healthz"},
        {"GET", "/apis/metrics.k8s.io", "get path /apis/metrics.k8s.io"},
        {"GET", "/apis/metrics.k8s.io/v1/", "get path /apis/metrics.k8s.io/v1/"},
        {"GET", kV1 + "nodes", "list metrics.k8s.io/v1 nodes"},
        {"HEAD", kV1 + "nodes/", "list metrics.k8s.io/v1 nodes"},
        {"GET", kV1 + "nodes/n1", "get metrics.k8s.io/v1 nodes named n1"},
        {"GET", kV1 + "nodes/n1/status", "get metrics.k8s.io/v1 nodes/status named n1"},
        {"GET", kV1 + "nodes/..", "get metrics.k8s.io/v1 nodes named .."},
        {"GET", kV1 + "nodes/%2e%2e", "get metrics.k8s.io/v1 nodes named .."},
        {"GET", kV1 + "nodes/web//", "get metrics.k8s.io/v1 nodes named web"},
        {"GET", kV1 + "pods", "list metrics.k8s.io/v1 pods"},
        {"GET", kV1 + "namespaces/d/pods", "list metrics.k8s.io/v1 pods in d"},
        {"GET", kV1 + "namespaces/d/pods/p", "get metrics.k8s.io/v1 pods in d named p"},
        {"GET", kV1 + "namespaces/default%2Fpods", "list metrics.k8s.io/v1 pods in default"},
        {"GET", kV1 + "namespaces//pods", "list metrics.k8s.io/v1 pods"},
        {"GET", kV1 + "namespaces/d", "get metrics.k8s.io/v1 namespaces in d named d"},
        {"GET", kV1 + "namespaces/d/status", "get metrics.k8s.io/v1 namespaces/status in d named d"},
        {"GET", "/apis/metrics.k8s.io/v1//nodes", "get metrics.k8s.io/v1  named nodes"},
        {"GET", kV1 + "pods?watch=true", "watch metrics.k8s.io/v1 pods"},
        {"GET", kV1 + "pods?watch", "watch metrics.k8s.io/v1 pods"},
        {"GET", kV1 + "pods?watch=FALSE", "list metrics.k8s.io/v1 pods"},
        {"GET", kV1 + "pods?fieldSelector=metadata.name%3Dx", "list metrics.k8s.io/v1 pods named x"},
        {"GET", kV1 + "pods?fieldSelector=metadata.name%3D..", "list metrics.k8s.io/v1 pods"},
        {"GET", kV1 + "pods?fieldSelector=x", "list metrics.k8s.io/v1 pods"},
        {"POST", kV1 + "nodes", "create metrics.k8s.io/v1 nodes"},
        {"PUT", kV1 + "nodes/a", "update metrics.k8s.io/v1 nodes named a"},
        {"PATCH", kV1 + "nodes/a", "patch metrics.k8s.io/v1 nodes named a"},
        {"DELETE", kV1 + "nodes/a", "delete metrics.k8s.io/v1 nodes named a"},
        {"DELETE", kV1 + "nodes", "deletecollection metrics.k8s.io/v1 nodes"},
        {"OPTIONS", kV1 + "nodes", " metrics.k8s.io/v1 nodes"},
        {"GET", kV1 + "watch/nodes", "watch metrics.k8s.io/v1 nodes"},
        {"GET", kV1 + "proxy/nodes/a/b", "proxy metrics.k8s.io/v1 nodes named a"},
        {"GET", kV1 + "watch",
         "error: unable to determine kind and namespace from url, /apis/metrics.k8s.io/v1/watch"},
    };
    for (const Case& c : cases) CHECK(told(c.method, c.target) == c.expected);
}
