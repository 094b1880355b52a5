// SPDX-License-Identifier: Apache-2.0
// Who may act as whom in the constrained forms, which look at what the request is about too.
#include "test/apiserver/auth/impersonation_scene.hpp"

using namespace test;

namespace {

using Headers = std::vector<Header>;

}  // namespace

TEST_CASE("A constrained form asks for what the request is about and for whom it is wanted") {
    struct Case {
        const char* name;
        Headers headers;
        Lines asked;
        std::string user;
    };
    const std::string on = "impersonate-on:user-info:list metrics.k8s.io/nodes ";
    const std::string users = "impersonate:user-info authentication.k8s.io/users ";
    const std::string groups = "impersonate:user-info authentication.k8s.io/groups ";
    const std::string extras = "impersonate:user-info authentication.k8s.io/userextras/";
    const Case cases[] = {
        {"a user", {{"Impersonate-User", "king"}}, {on, users + "king"}, "king of system:authenticated"},
        {"everything",
         {{"Impersonate-User", "king"},
          {"Impersonate-Uid", "7"},
          {"Impersonate-Group", "a"},
          {"Impersonate-Extra-Acme.com%2Fp", "x"}},
         {on, users + "king", "impersonate:user-info authentication.k8s.io/uids 7", groups + "a",
          extras + "acme.com/p x"},
         "king/7 of a system:authenticated with acme.com/p=x"},
        {"many groups at once",
         {{"Impersonate-User", "king"},
          {"Impersonate-Group", "a"},
          {"Impersonate-Group", "b"},
          {"Impersonate-Group", "c"},
          {"Impersonate-Group", "d"}},
         {on, users + "king", groups + "*"},
         "king of a b c d system:authenticated"},
        {"much extra at once",
         {{"Impersonate-User", "king"},
          {"Impersonate-Extra-A.b%2Fc", "1"},
          {"Impersonate-Extra-A.b%2Fc", "2"},
          {"Impersonate-Extra-A.b%2Fd", "3"},
          {"Impersonate-Extra-A.b%2Fd", "4"}},
         {on, users + "king", extras + "* *"},
         "king of system:authenticated with a.b/c=1 with a.b/c=2 with a.b/d=3 with a.b/d=4"},
        {"a service account",
         {{"Impersonate-User", "system:serviceaccount:ns:sa"}},
         {"impersonate-on:serviceaccount:list metrics.k8s.io/nodes ",
          "impersonate:serviceaccount authentication.k8s.io/serviceaccounts ns:sa"},
         "system:serviceaccount:ns:sa of system:serviceaccounts system:serviceaccounts:ns "
         "system:authenticated"},
        {"a node",
         {{"Impersonate-User", "system:node:n1"}},
         {"impersonate-on:arbitrary-node:list metrics.k8s.io/nodes ",
          "impersonate:arbitrary-node authentication.k8s.io/nodes n1"},
         "system:node:n1 of system:nodes system:authenticated"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.name);
        Scene scene{c.asked};
        CHECK(scene.become(c.headers) == c.user);
        CHECK(scene.rules.asked == c.asked);
        Lines fewer = c.asked;
        fewer.pop_back();
        CHECK(Scene{fewer}.become(c.headers).starts_with("403: "));
    }
}

TEST_CASE("A service account may be given the node that its token is bound to") {
    Scene scene{{"impersonate-on:associated-node:list metrics.k8s.io/nodes ",
                 "impersonate:associated-node authentication.k8s.io/nodes *"}};
    const Headers n1{{"Impersonate-User", "system:node:n1"}};
    CHECK(scene.become(n1).starts_with("403: "));
    scene.joe.name = "system:serviceaccount:ns:agent";
    scene.joe.extra = {{"authentication.kubernetes.io/node-name", {"n1"}}, {"k", {"v"}}};
    CHECK(scene.become(n1) == "system:node:n1 of system:nodes system:authenticated");
    // So that all pods of the account share the answers.
    using Extra = std::map<std::string, std::vector<std::string>>;
    for (const apiserver::User& asker : scene.rules.askers)
        CHECK(asker.extra == Extra{{"authentication.kubernetes.io/associated-node-keys",
                                    {"authentication.kubernetes.io/node-name", "k"}}});
    CHECK(scene.become({{"Impersonate-User", "system:node:n2"}}).starts_with("403: "));
    CHECK(scene.become({{"Impersonate-User", "system:node:n1"}, {"Impersonate-Group", "g"}})
              .starts_with("403: "));
}

TEST_CASE("Some things cannot be had in a constrained form") {
    const Lines all{"impersonate-on:user-info:list metrics.k8s.io/nodes ",
                    "impersonate:user-info authentication.k8s.io/users king",
                    "impersonate:user-info authentication.k8s.io/groups ",
                    "impersonate:user-info authentication.k8s.io/groups system:masters",
                    "impersonate:user-info authentication.k8s.io/userextras/k v"};
    const Header king{"Impersonate-User", "king"};
    const std::string group = "authentication.k8s.io";
    const std::string extra = refused("userextras." + group, "impersonate:user-info", "userextras", group);
    CHECK(Scene{all}.become({king, {"Impersonate-Group", ""}}) ==
          refused("groups." + group, "impersonate:user-info", "groups", group) +
              ": impersonating the empty string group is not allowed");
    CHECK(Scene{all}.become({king, {"Impersonate-Group", "system:masters"}}) ==
          refused("groups." + group + " \"system:masters\"", "impersonate:user-info", "groups", group) +
              ": impersonating the system:masters group is not allowed");
    CHECK(Scene{all}.become({king, {"Impersonate-Extra-", "v"}}) ==
          extra + ": impersonating the empty string key in extra is not allowed");
    CHECK(Scene{all}.become({king, {"Impersonate-Extra-K", "v"}}) ==
          extra +
              ": impersonating an invalid key in extra is not allowed: extra.key: Invalid value: \"k\": must "
              "be "
              "a domain-prefixed path (such as \"acme.io/foo\")");
    CHECK(Scene{all}.become({king, {"Impersonate-Extra-a.b%2F%43", "v"}}) ==
          extra + ": impersonating a non-lowercase key in extra is not allowed: \"a.b/C\"");
    CHECK(Scene{all}.become({king, {"Impersonate-Extra-a.b%2Fc", ""}}) ==
          extra + ": impersonating the empty string value in extra is not allowed");
}
