// SPDX-License-Identifier: Apache-2.0
// Which forms of impersonation a wish is tried in, and what is asked for at once.
#include "test/apiserver/auth/impersonation_scene.hpp"

using namespace test;

namespace {

using Headers = std::vector<Header>;

const std::string kUserInfo = "impersonate-on:user-info:list metrics.k8s.io/nodes ";
const std::string kUsers = "impersonate:user-info authentication.k8s.io/users ";
const std::string kGroups = "impersonate:user-info authentication.k8s.io/groups ";
const std::string kExtras = "impersonate:user-info authentication.k8s.io/userextras/";

// The forms that were tried for that name, by the first thing that each asks for.
Lines forms(const std::string& name, Headers more = {}) {
    Scene scene{{}};
    more.insert(more.begin(), {"Impersonate-User", name});
    CHECK(scene.become(more).starts_with("403: "));
    Lines forms;
    for (const std::string& line : scene.rules.asked) {
        const std::string verb = line.substr(0, line.find(' '));
        forms.push_back(verb == "impersonate" ? "classic" : verb.substr(15, verb.rfind(':') - 15));
    }
    return forms;
}

Headers with_groups(const Lines& groups) {
    Headers headers{{"Impersonate-User", "king"}};
    for (const std::string& group : groups) headers.emplace_back("Impersonate-Group", group);
    return headers;
}

Headers with_extra(const Lines& values) {
    Headers headers{{"Impersonate-User", "king"}};
    for (const std::string& value : values) headers.emplace_back("Impersonate-Extra-A.b%2Fc", value);
    return headers;
}

}  // namespace

TEST_CASE("The forms that are tried follow from the name that is wanted") {
    const std::string label(63, 'a');
    const std::string subdomain = label + "." + label + "." + label + "." + std::string(61, 'a');
    REQUIRE(subdomain.size() == 253);
    const Lines user{"user-info", "classic"};
    const Lines node{"arbitrary-node", "classic"};
    const Lines account{"serviceaccount", "classic"};
    const std::pair<std::string, Lines> names[] = {
        {"king", user},
        {"system:node:n1", node},
        {"system:node:" + subdomain, node},
        {"system:node:" + subdomain + "a", user},
        {"system:node:", user},
        {"system:node:N1", user},
        {"system:node:n1/x", user},
        {"system:serviceaccount:ns:sa", account},
        {"system:serviceaccount:" + label + ":sa", account},
        {"system:serviceaccount:" + label + "a:sa", user},
        {"system:serviceaccount:n.s:sa", user},
        {"system:serviceaccount::sa", user},
        {"system:serviceaccount:ns:" + subdomain, account},
        {"system:serviceaccount:ns:" + subdomain + "a", user},
        {"system:serviceaccount:ns:", user},
        {"system:serviceaccount:ns:a:b", user},
        {"system:serviceaccount:ns", user},
    };
    for (const auto& [name, expected] : names) {
        CAPTURE(name);
        CHECK(forms(name) == expected);
    }
}

TEST_CASE("Nodes and service accounts are given by their names alone, or in the classic form") {
    const Headers more[] = {
        {{"Impersonate-Uid", "7"}}, {{"Impersonate-Group", "g"}}, {{"Impersonate-Extra-A.b%2Fc", "1"}}};
    for (const Headers& headers : more) {
        CHECK(forms("system:node:n1", headers) == Lines{"classic"});
        CHECK(forms("system:serviceaccount:ns:sa", headers) == Lines{"classic"});
        CHECK(forms("king", headers) == Lines{"user-info", "classic"});
    }
}

TEST_CASE("An associated node is that of a service account whose token is bound to it and no other") {
    const std::string key = "authentication.kubernetes.io/node-name";
    const std::string agent = "system:serviceaccount:ns:agent";
    struct Case {
        const char* name;
        apiserver::User requestor;
        Headers more;
        bool associated;
    };
    const Case cases[] = {
        {"bound", {agent, "", {}, {{key, {"n1"}}}}, {}, true},
        {"bound to another", {agent, "", {}, {{key, {"n2"}}}}, {}, false},
        {"bound to two", {agent, "", {}, {{key, {"n1", "n2"}}}}, {}, false},
        {"bound to none", {agent, "", {}, {{key, {}}}}, {}, false},
        {"not bound", {agent, "", {}, {}}, {}, false},
        {"no service account", {"joe", "", {}, {{key, {"n1"}}}}, {}, false},
        {"with a uid", {agent, "", {}, {{key, {"n1"}}}}, {{"Impersonate-Uid", "7"}}, false},
        {"with extra", {agent, "", {}, {{key, {"n1"}}}}, {{"Impersonate-Extra-A.b%2Fc", "1"}}, false},
    };
    for (const Case& c : cases) {
        CAPTURE(c.name);
        Scene scene{{}};
        scene.joe = c.requestor;
        Headers headers = c.more;
        headers.insert(headers.begin(), {"Impersonate-User", "system:node:n1"});
        CHECK(scene.become(headers).starts_with("403: "));
        REQUIRE(!scene.rules.asked.empty());
        CHECK(scene.rules.asked.front().starts_with("impersonate-on:associated-node:") == c.associated);
        // In the other forms the requestor asks as who it is.
        CHECK(scene.rules.askers.back().extra == c.requestor.extra);
    }
}

TEST_CASE("From four on groups and extra are asked for at once, and one by one if that is refused") {
    struct Case {
        const char* name;
        Headers headers;
        Lines asked;
    };
    const std::string c = kExtras + "a.b/c ";
    const Case cases[] = {
        {"three groups",
         with_groups({"1", "2", "3"}),
         {kUserInfo, kUsers + "king", kGroups + "1", kGroups + "2", kGroups + "3"}},
        {"four groups",
         with_groups({"1", "2", "3", "4"}),
         {kUserInfo, kUsers + "king", kGroups + "*", kGroups + "1", kGroups + "2", kGroups + "3",
          kGroups + "4"}},
        {"three of extra",
         with_extra({"1", "2", "3"}),
         {kUserInfo, kUsers + "king", c + "1", c + "2", c + "3"}},
        {"four of extra",
         with_extra({"1", "2", "3", "4"}),
         {kUserInfo, kUsers + "king", kExtras + "* *", c + "1", c + "2", c + "3", c + "4"}},
    };
    for (const Case& row : cases) {
        CAPTURE(row.name);
        Lines allowed = row.asked;
        std::erase_if(allowed, [](const std::string& line) { return line.ends_with("*"); });
        Scene scene{allowed};
        CHECK(scene.become(row.headers).starts_with("king of "));
        CHECK(scene.rules.asked == row.asked);
        allowed.pop_back();
        CHECK(Scene{allowed}.become(row.headers).starts_with("403: "));
    }
}

TEST_CASE("The classic form asks for each thing by its name however many there are") {
    const std::string user = "impersonate /users king";
    const Lines groups{"impersonate /groups 1", "impersonate /groups 2", "impersonate /groups 3",
                       "impersonate /groups 4"};
    Lines asked{kUserInfo, user};
    asked.insert(asked.end(), groups.begin(), groups.end());
    // All but the first: the constrained form is refused.
    Scene classic{Lines{asked.begin() + 1, asked.end()}};
    CHECK(classic.become(with_groups({"1", "2", "3", "4"})) == "king of 1 2 3 4 system:authenticated");
    CHECK(classic.rules.asked == asked);

    const std::string extra = "impersonate authentication.k8s.io/userextras/a.b/c ";
    const Lines of_extra{user, extra + "1", extra + "2", extra + "3", extra + "4"};
    Scene more{of_extra};
    CHECK(more.become(with_extra({"1", "2", "3", "4"})).starts_with("king of system:authenticated with "));
    CHECK(Lines{more.rules.asked.begin() + 1, more.rules.asked.end()} == of_extra);
}

TEST_CASE("Keys of extra are paths below a domain") {
    const auto allowed = [](const std::string& key) {
        const Lines all{kUserInfo, kUsers + "king", kExtras + key + " v"};
        return Scene{all}
            .become({{"Impersonate-User", "king"}, {"Impersonate-Extra-" + key, "v"}})
            .starts_with("king of ");
    };
    const std::string label(63, 'a');
    const std::string subdomain = label + "." + label + "." + label + "." + std::string(61, 'a');
    CHECK(allowed("a.b/c"));
    CHECK(allowed("a/c/d"));
    CHECK(allowed(subdomain + "/c"));
    for (const std::string& bad : {subdomain + "a/c", std::string{"a_b/c"}, std::string{"a.b/"},
                                   std::string{"/c"}, std::string{"a.b"}, std::string{"a.b/c d"}}) {
        CAPTURE(bad);
        CHECK_FALSE(allowed(bad));
    }
}

TEST_CASE("The reviews of an impersonation have the time of its request") {
    Scene scene{{kUserInfo, kUsers + "king"}};
    scene.until = net::Clock::now() + std::chrono::hours{1};
    CHECK(scene.become({{"Impersonate-User", "king"}}) == "king of system:authenticated");
    CHECK(scene.rules.untils == std::vector<net::Deadline>(2, scene.until));
}
