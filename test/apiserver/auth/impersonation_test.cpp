// SPDX-License-Identifier: Apache-2.0
// Who may act as whom in the classic form, and what others are told.
#include "test/apiserver/auth/impersonation_scene.hpp"

using namespace test;

namespace {

using Headers = std::vector<Header>;

const std::string kStart = R"({"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure",)";
const std::string kOnNodes =
    refused("nodes.metrics.k8s.io", "impersonate-on:user-info:list", "nodes", "metrics.k8s.io");

}  // namespace

TEST_CASE("Headers that name no user ask for nothing, or for something that nobody can have") {
    Scene scene{{}};
    const std::string nil = "Extra:map[string][]string(nil)} without impersonating a user name";
    CHECK(scene.become({}) == "nobody else");
    CHECK(scene.become({{"Impersonate-User", ""}}) == "nobody else");
    CHECK(scene.become({{"Impersonate-Group", "a"}, {"impersonate-group", "b\"c"}}) ==
          R"(400: requested &user.DefaultInfo{Name:"", UID:"", Groups:[]string{"a", "b\"c"}, )" + nil);
    CHECK(scene.become({{"Impersonate-Uid", "7"}}) ==
          R"(400: requested &user.DefaultInfo{Name:"", UID:"7", Groups:[]string(nil), )" + nil);
    CHECK(
        scene.become({{"Impersonate-Extra-B", "2"}, {"Impersonate-Extra-A", "1"}}) ==
        R"(400: requested &user.DefaultInfo{Name:"", UID:"", Groups:[]string(nil), Extra:map[string][]string)"
        R"({"a":[]string{"1"}, "b":[]string{"2"}}} without impersonating a user name)");
    CHECK(scene.rules.asked.empty());
}

TEST_CASE("A header that is too long to ask about is refused before anything is asked") {
    Scene scene{{}};
    const std::string much(4097, 'a');
    const std::string refusal = "400: an Impersonate header of more than 4096 bytes";
    CHECK(scene.become({{"Impersonate-User", much}}) == refusal);
    CHECK(scene.become({{"Impersonate-User", "king"}, {"impersonate-group", much}}) == refusal);
    CHECK(scene.become({{"Impersonate-User", "king"}, {"Impersonate-Uid", much}}) == refusal);
    CHECK(scene.become({{"Impersonate-User", "king"}, {"Impersonate-Extra-" + much, "x"}}) == refusal);
    CHECK(scene.rules.asked.empty());
}

TEST_CASE("The classic form asks for the verb impersonate on each thing that is wanted") {
    struct Case {
        const char* name;
        Headers headers;
        Lines asked;
        std::string user;
    };
    const std::string uids = "impersonate authentication.k8s.io/uids ";
    const std::string extras = "impersonate authentication.k8s.io/userextras/";
    const Case cases[] = {
        {"a user",
         {{"Impersonate-User", "king"}},
         {"impersonate /users king"},
         "king of system:authenticated"},
        {"everything",
         {{"Impersonate-User", "king"},
          {"Impersonate-Extra-Acme.com%2fProject", "x"},
          {"Impersonate-Group", "b"},
          {"Impersonate-Uid", "7"},
          {"Impersonate-Group", "a"},
          {"impersonate-extra-acme.com%2Fproject", "y"}},
         {"impersonate /users king", uids + "7", "impersonate /groups b", "impersonate /groups a",
          extras + "acme.com/project x", extras + "acme.com/project y"},
         "king/7 of b a system:authenticated with acme.com/project=x with acme.com/project=y"},
        {"masters",
         {{"Impersonate-User", "king"}, {"Impersonate-Group", "system:masters"}},
         {"impersonate /users king", "impersonate /groups system:masters"},
         "king of system:masters system:authenticated"},
        {"the first of two users",
         {{"Impersonate-User", "king"}, {"Impersonate-User", "joker"}},
         {"impersonate /users king"},
         "king of system:authenticated"},
        {"a service account",
         {{"Impersonate-User", "system:serviceaccount:kube-system:hpa"}},
         {"impersonate /serviceaccounts kube-system:hpa"},
         "system:serviceaccount:kube-system:hpa of system:serviceaccounts system:serviceaccounts:kube-system "
         "system:authenticated"},
        {"a service account with groups",
         {{"Impersonate-User", "system:serviceaccount:kube-system:hpa"}, {"Impersonate-Group", "a"}},
         {"impersonate /serviceaccounts kube-system:hpa", "impersonate /groups a"},
         "system:serviceaccount:kube-system:hpa of a system:authenticated"},
        {"what is no service account",
         {{"Impersonate-User", "system:serviceaccount:a:b:c"}},
         {"impersonate /users system:serviceaccount:a:b:c"},
         "system:serviceaccount:a:b:c of system:authenticated"},
        {"a node",
         {{"Impersonate-User", "system:node:n1"}},
         {"impersonate /users system:node:n1"},
         "system:node:n1 of system:authenticated"},
        {"the anonymous",
         {{"Impersonate-User", "system:anonymous"}},
         {"impersonate /users system:anonymous"},
         "system:anonymous of system:unauthenticated"},
        {"an unauthenticated one",
         {{"Impersonate-User", "king"}, {"Impersonate-Group", "system:unauthenticated"}},
         {"impersonate /users king", "impersonate /groups system:unauthenticated"},
         "king of system:unauthenticated"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.name);
        Scene scene{c.asked};
        CHECK(scene.become(c.headers) == c.user);
        // Known to be granted the classic form, it is asked for first.
        CHECK(scene.become(c.headers) == c.user);
        CHECK(scene.rules.asked == c.asked);
        CHECK(scene.rules.askers.at(0).name == "joe");
        for (std::size_t missing = 0; missing < c.asked.size(); ++missing) {
            Lines fewer = c.asked;
            fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(missing));
            CHECK(Scene{fewer}.become(c.headers).starts_with("403: "));
        }
    }
}

TEST_CASE("A refusal is about the first form, or the one that was granted before") {
    Scene nothing{{}};
    CHECK(nothing.become({{"Impersonate-User", "king"}}) == kOnNodes);
    CHECK(nothing.rules.asked ==
          Lines{"impersonate-on:user-info:list metrics.k8s.io/nodes ", "impersonate /users king"});
    CHECK(nothing.become({{"Impersonate-User", "system:node:n1"}}) ==
          refused("nodes.metrics.k8s.io", "impersonate-on:arbitrary-node:list", "nodes", "metrics.k8s.io"));
    CHECK(nothing.become({{"Impersonate-User", "system:node:n1"}, {"Impersonate-Group", "g"}}) ==
          refused("users \"system:node:n1\"", "impersonate", "users", ""));
    nothing.target = "/version";
    CHECK(nothing.become({{"Impersonate-User", "king"}}) ==
          "403: forbidden: User \"joe\" cannot impersonate-on:user-info:get path \"/version\"");

    Scene classic{{"impersonate /users jack"}};
    CHECK(classic.become({{"Impersonate-User", "king"}}) == kOnNodes);
    CHECK(classic.become({{"Impersonate-User", "jack"}}) == "jack of system:authenticated");
    CHECK(classic.become({{"Impersonate-User", "king"}}) ==
          refused("users \"king\"", "impersonate", "users", ""));
    CHECK(classic.become({{"Impersonate-User", "jack"}, {"Impersonate-Group", "g"}}) ==
          refused("groups \"g\"", "impersonate", "groups", ""));
    CHECK(classic.become({{"Impersonate-User", "jack"}, {"Impersonate-Uid", "7"}}) ==
          refused("uids.authentication.k8s.io \"7\"", "impersonate", "uids", "authentication.k8s.io"));
    CHECK(classic.become({{"Impersonate-User", "jack"}, {"Impersonate-Extra-K", "v"}}) ==
          refused("userextras.authentication.k8s.io \"v\"", "impersonate", "userextras/k",
                  "authentication.k8s.io"));
    CHECK(classic.become({{"Impersonate-User", "system:serviceaccount:ns:sa"}}) ==
          refused("serviceaccounts \"sa\"", "impersonate", "serviceaccounts", "", "in the namespace \"ns\""));
    classic.rules.broken = true;
    CHECK(classic.become({{"Impersonate-User", "king"}}) ==
          refused("users \"king\"", "impersonate", "users", "") + ": no connection");
}

TEST_CASE("Where too many reviews wait nobody is refused for good and no other form is tried") {
    Scene scene{{}};
    scene.rules.busy = true;
    CHECK(scene.become({{"Impersonate-User", "king"}}) == "429: Too many requests, please try again later.");
    CHECK(scene.rules.asked == Lines{"impersonate-on:user-info:list metrics.k8s.io/nodes "});
    // Nor after some of it was granted.
    Scene half{{"impersonate-on:user-info:list metrics.k8s.io/nodes ",
                "impersonate:user-info authentication.k8s.io/users king"}};
    half.rules.busy = true;
    CHECK(half.become({{"Impersonate-User", "king"}, {"Impersonate-Group", "g"}}) ==
          "429: Too many requests, please try again later.");
    CHECK(half.rules.asked.back() == "impersonate:user-info authentication.k8s.io/groups g");
}

TEST_CASE("A request goes on as who it became, and its answer is about them") {
    Cluster cluster;
    cluster.fill();
    Rules rules{{"impersonate /users king", "impersonate /groups g", "list metrics.k8s.io/nodes "}};
    apiserver::Api api{cluster.options, cluster.store, cluster.authenticator, rules};
    const auto ask = [&](const std::string& target, const Headers& headers) {
        return respond(api, request(target, headers));
    };
    CHECK(ask(kMetrics + "/nodes", {{"Impersonate-User", "king"}, {"Impersonate-Group", "g"}}).status == 200);
    CHECK(rules.askers.back().name == "king");
    CHECK(rules.askers.back().groups == Lines{"g", "system:authenticated"});
    CHECK(
        ask(kMetrics + "/pods", {{"Impersonate-User", "king"}}).body ==
        kStart +
            R"("message":"pods.metrics.k8s.io is forbidden: User \"king\" cannot list resource \"pods\" in API group \"metrics.k8s.io\" at the cluster scope","reason":"Forbidden","details":{"group":"metrics.k8s.io","kind":"pods"},"code":403})" +
            "\n");
    const net::Response denied = ask(kMetrics + "/nodes", {{"Impersonate-User", "queen"}});
    CHECK(denied.status == 403);
    CHECK(
        denied.body ==
        kStart +
            R"("message":"users \"queen\" is forbidden: User \"joe\" cannot impersonate resource \"users\" in API group \"\" at the cluster scope","reason":"Forbidden","details":{"name":"queen","kind":"users"},"code":403})" +
            "\n");
    const net::Response bad = ask("/healthz", {{"Impersonate-Uid", "<7>"}});
    CHECK(bad.status == 400);
    CHECK(
        bad.body ==
        kStart +
            R"("message":"requested \u0026user.DefaultInfo{Name:\"\", UID:\"\u003c7\u003e\", Groups:[]string(nil), Extra:map[string][]string(nil)} without impersonating a user name","reason":"BadRequest","code":400})" +
            "\n");
    for (const net::Response* response : {&denied, &bad})
        CHECK(header(*response, "X-Content-Type-Options") == "nosniff");
}
