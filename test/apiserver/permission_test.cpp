// SPDX-License-Identifier: Apache-2.0
// Whatever the path: what is answered is within what the authorizer was asked about.
#include "apiserver/request/request_info.hpp"
#include "test/apiserver/debug/lab.hpp"
#include "test/apiserver/generated_targets.hpp"

#include <algorithm>

#include <catch2/catch.hpp>

using apiserver::RequestInfo;

namespace {

struct Pod {
    std::string name_space;
    std::string name;
    std::string node;
};

const std::vector<std::string> kNodes = {"node-alpha", "node-beta"};
const std::vector<Pod> kPods = {{"tenant", "web-red", "node-alpha"},
                                {"tenant", "web-green", "node-beta"},
                                {"other", "web-blue", "node-beta"}};

// One Api for all requests; its authorizer notes what it is asked, and allows that or all but one namespace.
struct Lab : test::Cluster {
    struct Asked final : apiserver::Authorizer {
        std::vector<RequestInfo> questions;
        bool tenant_only = false;
        net::Task<apiserver::Decision> authorize(const apiserver::User&, const RequestInfo& info,
                                                 net::Deadline) override {
            questions.push_back(info);
            const bool allowed = !tenant_only || (info.is_resource && info.name_space == "tenant");
            apiserver::Decision decision;
            if (allowed) decision.verdict = apiserver::Decision::Verdict::allowed;
            co_return decision;
        }
    };

    Lab() {
        for (const std::string& node : kNodes) store.put_node(node, {{"zone", "a"}});
        for (const Pod& pod : kPods) store.put_pod(pod.name_space, pod.name, {{"app", "web"}});
        for (const std::string& node : kNodes) {
            std::vector<test::PodUse> pods;
            for (const Pod& pod : kPods)
                if (pod.node == node) pods.push_back({pod.name_space, pod.name, {{"app", 1'000'000, 4096}}});
            scrape(node, {"", 1'000'000, 4096}, pods);
        }
    }

    net::Response answer(const std::string& target, const std::string& method = "GET") {
        asked.questions.clear();
        net::Response response = test::respond(api, test::request(target, {}, method));
        response.body = test::whole_body(response);
        response.source.reset();
        return response;
    }

    Asked asked;
    apiserver::Api api{options_for_api(), store, authenticator, asked};

  private:
    apiserver::ApiOptions options_for_api() {
        apiserver::ApiOptions out = make_options();
        out.debug.wall_clock = out.metrics.wall_clock;
        out.debug.monotonic_clock = out.metrics.monotonic_clock;
        out.debug.reports.summary = [] { return "two"; };
        out.debug.reports.node = [](std::string_view, apiserver::NodeScrape&) { return false; };
        return out;
    }
};

// The question by its meaning: the debug pages outside of the group have their subject in the path.
RequestInfo meaning(const RequestInfo& info) {
    if (info.is_resource) return info;
    RequestInfo out;
    const std::string_view path = info.path;
    const std::string_view root = "/debug/pods/";
    if (path.starts_with("/debug/nodes")) out.resource = "debug", out.name = "nodes";
    if (!path.starts_with(root)) return out;
    std::string_view rest = path.substr(root.size());
    while (rest.ends_with('/')) rest.remove_suffix(1);
    const std::size_t slash = rest.find('/');
    if (slash == 0 || slash == std::string_view::npos) return out;
    out.resource = "pods", out.subresource = "debug";
    out.name_space = rest.substr(0, slash);
    out.name = rest.substr(slash + 1);
    return out;
}

// A page about what is not there calls it by the name that was asked.
bool is_spelled(const std::string& name, const RequestInfo& info) {
    return info.name == name || info.name_space == name;
}

bool is_named(const Pod& pod, const RequestInfo& info) {
    return info.resource == "pods" && (info.name_space.empty() || info.name_space == pod.name_space) &&
           (info.name.empty() || info.name == pod.name);
}

bool may_name_node(const std::string& node, const RequestInfo& info) {
    if (is_spelled(node, info)) return true;
    const bool of_cluster = info.name_space.empty() && info.subresource.empty();
    if (info.resource == "nodes") return of_cluster && (info.name.empty() || info.name == node);
    if (info.resource == "debug") return of_cluster && info.name == "nodes";
    // The page about one pod tells of its node.
    return info.subresource == "debug" && !info.name.empty() && !info.name_space.empty() &&
           std::any_of(kPods.begin(), kPods.end(),
                       [&](const Pod& pod) { return pod.node == node && is_named(pod, info); });
}

// What the answer names that the question does not; empty: nothing.
std::string excess(const std::string& body, const RequestInfo& question) {
    const RequestInfo info = meaning(question);
    const auto told = [&](const std::string& name) {
        return info.name.find(name) == std::string::npos && body.find(name) != std::string::npos;
    };
    std::string names;
    for (const std::string& node : kNodes)
        if (told(node) && !may_name_node(node, info)) names += " " + node;
    for (const Pod& pod : kPods)
        if (told(pod.name) && !is_spelled(pod.name, info) && !is_named(pod, info)) names += " " + pod.name;
    return names;
}

}  // namespace

TEST_CASE("What is answered is within what the authorizer was asked, whatever the path") {
    Lab lab;
    test::GeneratedTargets targets;
    std::size_t with_names = 0;
    for (int i = 0; i < 15'000; ++i) {
        const std::string target = targets.next();
        const std::string method = targets.method();
        const net::Response response = lab.answer(target, method);
        if (response.status != 200) continue;
        CAPTURE(method, target, response.body);
        REQUIRE(lab.asked.questions.size() == 1);
        REQUIRE(excess(response.body, lab.asked.questions[0]) == "");
        if (response.body.find("web-") != std::string::npos) ++with_names;
    }
    // It is worth something: many of them are answered.
    CHECK(with_names > 500);
}

TEST_CASE("Who may see one namespace sees nothing else, whatever the path") {
    Lab lab;
    lab.asked.tenant_only = true;
    test::GeneratedTargets targets;
    std::size_t answered = 0;
    for (int i = 0; i < 15'000; ++i) {
        const std::string target = targets.next();
        const net::Response response = lab.answer(target, targets.method());
        if (response.status != 200) continue;
        CAPTURE(target, response.body);
        ++answered;
        const RequestInfo& question = lab.asked.questions.at(0);
        REQUIRE(question.name_space == "tenant");
        REQUIRE(excess(response.body, question) == "");
        if (question.name != "web-blue") REQUIRE(response.body.find("web-blue") == std::string::npos);
    }
    CHECK(answered > 200);
}

TEST_CASE("An empty name is no name, in no route") {
    Lab lab;
    const std::string m = test::kMetrics;
    for (const std::string& target : {m + "/namespaces/tenant/pods//debug",
                                      m + "/namespaces/tenant/pods//debug?format=table",
                                      m + "/namespaces/tenant/pods//debug/",
                                      m + "/namespaces//pods",
                                      m + "/namespaces//pods/web-red",
                                      m + "/namespaces//pods/web-red/debug",
                                      m + "/namespaces//pods//debug",
                                      m + "/pods//debug",
                                      m + "/debug//nodes",
                                      m + "//debug/nodes",
                                      m + "//nodes",
                                      m + "/nodes//node-alpha",
                                      m + "%2F%2Fnodes",
                                      std::string{"/debug/pods//web-red"},
                                      std::string{"/debug/pods/tenant//web-red"},
                                      std::string{"/debug/pods/tenant//"},
                                      std::string{"/debug//nodes"},
                                      std::string{"//debug/nodes"},
                                      std::string{"//apis/metrics.k8s.io/v1beta1/nodes"},
                                      std::string{"/apis//metrics.k8s.io/v1beta1/nodes"},
                                      std::string{"/apis/metrics.k8s.io//v1beta1/nodes"}}) {
        CAPTURE(target);
        CHECK(lab.answer(target).status == 404);
    }
}

TEST_CASE("A question holds no more of a selector than is asked about, and paths have an end") {
    Lab lab;
    const std::string pods = test::kMetrics + "/namespaces/tenant/pods";
    const auto question = [&](const std::string& target) {
        const net::Response response = lab.answer(target);
        return lab.asked.questions.at(0).label_selector.size() +
               lab.asked.questions.at(0).field_selector.size();
    };
    const std::size_t most = apiserver::kMaxAskedSelector;
    CHECK(question(pods + "?labelSelector=" + std::string(most, 'a')) == most);
    CHECK(question(pods + "?labelSelector=" + std::string(most + 1, 'a')) == 0);
    CHECK(question(pods + "?fieldSelector=" + std::string(most + 1, 'a')) == 0);
    std::string values;
    for (std::ptrdiff_t i = 0; i < apiserver::kMaxAskedCommas; ++i) values += "a,";
    CHECK(question(pods + "?labelSelector=" + values + "a") == values.size() + 1);
    CHECK(question(pods + "?labelSelector=" + values + "a,a") == 0);
    // What is not asked about still selects: the question was about more.
    std::string none = "app";
    for (std::ptrdiff_t i = 0; i <= apiserver::kMaxAskedCommas; ++i) none += ",app!=web";
    CHECK(lab.answer(pods + "?labelSelector=" + none).body.find("web-red") == std::string::npos);
    CHECK(lab.answer("/" + std::string(apiserver::kMaxPath - 1, 'a')).status == 404);
    CHECK(lab.answer("/" + std::string(apiserver::kMaxPath, 'a')).status == 414);
    CHECK(lab.asked.questions.empty());
}
