// SPDX-License-Identifier: Apache-2.0
// What is asked of the API server about a request, and what comes of its answer.
#include "test/apiserver/auth/review_lab.hpp"
#include "test/apiserver/fixture.hpp"

using namespace test;

namespace {

// The port of the API server is another one each time.
std::string without_port(std::string text) {
    const std::string host = "127.0.0.1:";
    const std::size_t at = text.find(host);
    if (at == std::string::npos) return text;
    const std::size_t port = at + host.size();
    const std::size_t end = std::min(text.find_first_not_of("0123456789", port), text.size());
    return text.replace(port, end - port, "PORT");
}

const std::string kStart = R"({"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure",)";
const std::string kAsk =
    "POST /apis/authorization.k8s.io/v1/subjectaccessreviews?timeout=10s "
    R"({"kind":"SubjectAccessReview","apiVersion":"authorization.k8s.io/v1","metadata":{},"spec":)";

apiserver::User user_of(std::string name, std::vector<std::string> groups = {}) {
    apiserver::User user;
    user.name = std::move(name);
    user.groups = std::move(groups);
    return user;
}

// A server of that user's alone, with authorization as it is in a cluster.
struct Served {
    FakeApiServer reviews;
    apiserver::AuthorizerOptions options;
    apiserver::User user = user_of("allowed");

    net::Response ask(net::Request asked) {
        net::Response response;
        Cluster cluster;
        cluster.fill();
        cluster.authenticator.result.user = user;
        with_reviews(reviews, [&](kube::ReviewClient& client) -> net::Task<> {
            apiserver::DelegatedAuthorizer authorizer{client, options};
            apiserver::Api api{cluster.options, cluster.store, cluster.authenticator, authorizer};
            response = co_await api.respond(asked);
            response.source.reset();
        });
        return response;
    }
    net::Response get(std::string target) { return ask(request(std::move(target))); }
    // The spec of the one review; "none" where there was none.
    std::string spec() const {
        if (reviews.texts.empty()) return "none";
        CHECK(reviews.texts.size() == 1);
        const std::string& text = reviews.texts[0];
        CHECK(text.starts_with(kAsk));
        CHECK(text.back() == '}');
        return text.substr(kAsk.size(), text.size() - kAsk.size() - 1);
    }
};

}  // namespace

TEST_CASE("A review says what the request is about") {
    struct Case {
        const char* method;
        std::string target;
        // The attributes, with what is about nodes and pods of v1beta1 left out.
        std::string attributes;
    };
    const auto resource = [](const std::string& rest) { return R"("resourceAttributes":{)" + rest + "}"; };
    const std::string group = R"("group":"metrics.k8s.io",)";
    const std::string nodes = R"("resource":"nodes",)";
    const std::string pods = R"("resource":"pods",)";
    const std::string version = R"("version":"v1beta1")";
    const auto in_default = [&](const std::string& verb) {
        return resource(group + R"("namespace":"default",)" + pods + R"("verb":")" + verb + R"(",)" +
                        version);
    };
    const auto path = [](const std::string& verb, const std::string& what) {
        return R"("nonResourceAttributes":{"path":")" + what + R"(","verb":")" + verb + R"("})";
    };
    const std::string list_nodes = resource(group + nodes + R"("verb":"list",)" + version);
    const std::string list_pods = resource(group + pods + R"("verb":"list",)" + version);
    const auto with_fields = [&](const std::string& name, const std::string& terms) {
        return resource(R"("fieldSelector":{"requirements":[)" + terms + "]}," + group + name + pods +
                        R"("verb":"list",)" + version);
    };
    const auto with_labels = [&](const std::string& terms) {
        return resource(group + R"("labelSelector":{"requirements":[)" + terms + "]}," + pods +
                        R"("verb":"list",)" + version);
    };
    const std::string m = kMetrics;
    const Case cases[] = {
        {"GET", m + "/nodes", list_nodes},
        {"HEAD", m + "/nodes", list_nodes},
        {"GET", m + "/nodes/n1", resource(group + R"("name":"n1",)" + nodes + R"("verb":"get",)" + version)},
        {"GET", m + "/nodes/n1/status",
         resource(group + R"("name":"n1",)" + nodes + R"("subresource":"status","verb":"get",)" + version)},
        {"GET", "/apis/metrics.k8s.io/v1/nodes", resource(group + nodes + R"("verb":"list","version":"v1")")},
        {"GET", m + "/namespaces/default/pods", in_default("list")},
        {"GET", m + "/namespaces/default%2Fpods", in_default("list")},
        {"POST", m + "/namespaces/default/pods", in_default("create")},
        {"DELETE", m + "/namespaces/default/pods", in_default("deletecollection")},
        {"GET", m + "/namespaces/default/pods?watch", in_default("watch")},
        {"GET", m + "/watch/namespaces/default/pods", in_default("watch")},
        {"OPTIONS", m + "/pods", resource(group + pods + version)},
        // Cluster-wide.
        {"GET", m + "/namespaces//pods", list_pods},
        {"GET", m + "/pods?labelSelector=", list_pods},
        {"GET", "/apis/other/v1/things/x",
         resource(R"("group":"other","name":"x","resource":"things","verb":"get","version":"v1")")},
        {"GET", m + "/pods?fieldSelector=metadata.name%3Dp,metadata.namespace!%3Dq",
         with_fields(R"("name":"p",)", R"({"key":"metadata.name","operator":"In","values":["p"]},)"
                                       R"({"key":"metadata.namespace","operator":"NotIn","values":["q"]})")},
        {"GET", m + "/pods?fieldSelector=x", list_pods},
        {"GET", m + "/pods?labelSelector=app%3Dweb,a+in+(y,x),!b,c,d!%3De",
         with_labels(R"({"key":"a","operator":"In","values":["x","y"]},)"
                     R"({"key":"app","operator":"In","values":["web"]},)"
                     R"({"key":"b","operator":"DoesNotExist"},)"
                     R"({"key":"c","operator":"Exists"},)"
                     R"({"key":"d","operator":"NotIn","values":["e"]})")},
        {"GET", m + "/pods?labelSelector=n%3E1,app%3Dweb",
         with_labels(R"({"key":"app","operator":"In","values":["web"]})")},
        {"GET", m + "/pods?labelSelector=n%3C1", list_pods},
        {"GET", m + "/pods?labelSelector=(", list_pods},
        {"GET", m, path("get", m)},
        {"GET", "/", path("get", "/")},
        {"POST", "/apis/", path("post", "/apis/")},
        {"GET", "/metrics?x", path("get", "/metrics")},
        {"GET", "/livez/ping", path("get", "/livez/ping")},
        {"GET", "//apis/metrics.k8s.io/v1beta1/nodes", list_nodes},
        {"GET", m + "/", path("get", m + "/")},
        {"GET", "/a%22b", path("get", R"(/a\"b)")},
    };
    for (const Case& c : cases) {
        CAPTURE(c.method, c.target);
        Served served;
        served.ask(request(c.target, {}, c.method));
        CHECK(served.spec() == "{" + c.attributes + R"(,"user":"allowed"})");
    }
}

TEST_CASE("A review says who asks") {
    Served served;
    served.user = user_of("jane", {"dev", "system:authenticated"});
    served.user.uid = "u1";
    served.user.extra["acme.com/project"] = {"a", "b"};
    served.get("/version");
    CHECK(served.spec() ==
          R"({"extra":{"acme.com/project":["a","b"]},"groups":["dev","system:authenticated"],)"
          R"("nonResourceAttributes":{"path":"/version","verb":"get"},"uid":"u1","user":"jane"})");
}

TEST_CASE("Some are let through without a question") {
    struct Case {
        std::vector<std::string> open;
        const char* target;
        bool asked;
    };
    const std::vector<std::string> defaults{"/healthz", "/readyz", "/livez"};
    const Case cases[] = {
        {defaults, "/healthz", false},
        {defaults, "/readyz?verbose", false},
        {defaults, "/livez", false},
        {defaults, "/livez/", true},
        {defaults, "/livez/ping", true},
        {defaults, "/healthzx", true},
        {defaults, "/metrics", true},
        {{"metrics"}, "/metrics", false},
        {{"/metrics"}, "/metrics/", true},
        {{"/livez*"}, "/livez/ping", false},
        {{"/livez*"}, "/livezx", false},
        {{"/livez/*"}, "/livez", true},
        {{"/"}, "/", false},
        {{"/"}, "/version", true},
        {{"*"}, "/version", false},
        // Of resources no path is open.
        {{"*"}, "/apis/metrics.k8s.io/v1beta1/nodes", true},
        {{}, "/healthz", true},
    };
    for (const Case& c : cases) {
        CAPTURE(c.open, c.target);
        Served served;
        served.options.always_allow_paths = c.open;
        served.user = user_of("x");
        CHECK((served.get(c.target).status == 403) == c.asked);
        CHECK(served.reviews.texts.size() == (c.asked ? 1 : 0));
    }
    Served masters;
    masters.user = user_of("x", {"a", "system:masters"});
    CHECK(masters.get(kMetrics + "/nodes").status == 200);
    CHECK(masters.reviews.texts.empty());
}

TEST_CASE("What a review says is what the client gets") {
    const auto forbidden = [](const std::string& user, const std::string& reason) {
        return kStart + R"("message":"nodes.metrics.k8s.io is forbidden: User \")" + user +
               R"(\" cannot list resource \"nodes\" in API group \"metrics.k8s.io\" at the cluster scope)" +
               reason +
               R"(","reason":"Forbidden","details":{"group":"metrics.k8s.io","kind":"nodes"},"code":403})" +
               "\n";
    };
    const std::string cannot_tell =
        R"(Internal Server Error: "/apis/metrics.k8s.io/v1beta1/nodes?x=&lt;y&gt;": )";
    struct Case {
        const char* user;
        int failures;
        unsigned status;
        std::string body;
    };
    const Case cases[] = {
        {"denied", 0, 403, forbidden("denied", ": no rule")},
        {"nobody", 0, 403, forbidden("nobody", "")},
        // Go's %q of the HTML-escaped name, then JSON.
        {"a\"<b>", 0, 403, forbidden(R"(a\\\"\u0026lt;b\u0026gt;)", "")},
        // Whatever it could not evaluate.
        {"puzzled", 0, 403, forbidden("puzzled", "")},
        {"denied", 4, 403, forbidden("denied", ": no rule")},
        {"denied", 5, 500,
         cannot_tell + "Post \"http://127.0.0.1:PORT/apis/authorization.k8s.io/v1/subjectaccessreviews\": " +
             "the API server answered 500: etcd is away\n"},
        {"contradiction", 0, 500,
         cannot_tell + "webhook subject access review returned both allow and deny response\n"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.user, c.failures);
        Served served;
        served.user = user_of(c.user);
        served.reviews.failures = c.failures;
        const net::Response response = served.get(kMetrics + "/nodes?x=<y>");
        CHECK(response.status == c.status);
        CHECK(without_port(response.body) == c.body);
        CHECK(header(response, "X-Content-Type-Options") == "nosniff");
        const char* type = c.status == 403 ? "application/json" : "text/plain; charset=utf-8";
        CHECK(header(response, "Content-Type") == type);
    }
}

TEST_CASE("A refusal of one object and of a path names them") {
    Served served;
    served.user = user_of("joe");
    CHECK(
        served.get(kMetrics + "/namespaces/default/pods/web-0").body ==
        kStart +
            R"("message":"pods.metrics.k8s.io \"web-0\" is forbidden: User \"joe\" cannot get resource \"pods\" in API group \"metrics.k8s.io\" in the namespace \"default\"","reason":"Forbidden","details":{"name":"web-0","group":"metrics.k8s.io","kind":"pods"},"code":403})" +
            "\n");
    CHECK(
        served.get("/metrics").body ==
        kStart +
            R"("message":"forbidden: User \"joe\" cannot get path \"/metrics\"","reason":"Forbidden","details":{},"code":403})" +
            "\n");
}

TEST_CASE("Of several things that are wrong the first in the order of the filters is said") {
    struct Case {
        const char* name;
        const char* method;
        std::string target;
        unsigned known;
        unsigned refused;
        unsigned denied;
    };
    const Case cases[] = {
        {"a path that cannot be read", "GET", "/%zz", 400, 400, 400},
        {"a watch of nothing", "GET", kMetrics + "/watch", 500, 500, 500},
        {"a bad timeout", "POST", kMetrics + "/bogus?timeout=5", 400, 400, 400},
        {"a bad timeout of a watch", "GET", kMetrics + "/nodes?watch=1&timeout=5", 405, 401, 403},
        {"no such resource", "GET", kMetrics + "/bogus", 404, 401, 403},
        {"no such path", "GET", "/bogus", 404, 401, 403},
        {"no such method", "POST", kMetrics + "/nodes", 405, 401, 403},
        {"no such object", "GET", kMetrics + "/nodes/nope", 404, 401, 403},
        {"a bad selector", "GET", kMetrics + "/nodes?labelSelector=!", 400, 401, 403},
        {"a group without a user", "GET", kMetrics + "/nodes", 400, 401, 400},
    };
    using apiserver::AuthResult;
    for (const Case& c : cases) {
        CAPTURE(c.name);
        Cluster cluster;
        cluster.fill();
        const auto status = [&] {
            std::vector<Header> headers;
            if (c.name == std::string{"a group without a user"}) headers = {{"Impersonate-Group", "g"}};
            return cluster.ask(request(c.target, headers, c.method)).status;
        };
        CHECK(status() == c.known);
        cluster.authorizer.result = {Decision::Verdict::denied, ""};
        CHECK(status() == c.denied);
        cluster.authenticator.result.verdict = AuthResult::Verdict::refused;
        CHECK(status() == c.refused);
    }
}
