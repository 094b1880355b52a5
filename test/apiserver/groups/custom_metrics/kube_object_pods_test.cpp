// SPDX-License-Identifier: Apache-2.0
#include "apiserver/groups/custom_metrics/kube_object_pods.hpp"

#include "net/task_group.hpp"
#include "test/kube/fake_api_server.hpp"
#include "test/net/run.hpp"

#include <deque>

#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

using apiserver::KubeObjectPods;
using apiserver::ObjectName;
using kube::test::Answer;
using kube::test::FakeApiServer;

namespace {

Answer json_answer(std::string text, unsigned status = 200) {
    Answer answer;
    answer.pieces = {std::move(text)};
    answer.status = status;
    answer.content_type = "application/json";
    return answer;
}

const Answer kApps =
    json_answer(R"({"kind":"APIGroup","preferredVersion":{"groupVersion":"apps/v1","version":"v1"}})");
const Answer kResources = json_answer(R"({"resources":[{"name":"deployments","kind":"Deployment"},)"
                                      R"({"name":"deployments/scale","kind":"Scale"}]})");

Answer scale(const std::string& selector) {
    return json_answer(R"({"kind":"Scale","status":{"replicas":1,"selector":")" + selector + R"("}})");
}

// Objects that are asked for one after the other, and the time between.
struct Step {
    ObjectName object;
    std::chrono::seconds later{0};
};

struct Lookups {
    // "Deployment apps/v1 app=web", or why not.
    std::vector<std::string> told;
    // What the API server was asked for.
    std::vector<std::string> asked;
};

net::Task<std::vector<std::string>> ask_all(net::Executor executor, FakeApiServer& server,
                                            const std::vector<Step>& steps) {
    net::TaskGroup serving{executor};
    serving.spawn(server.run());
    net::Clock::time_point now{std::chrono::seconds{1000}};
    KubeObjectPods objects{executor, server.config(), [&now] { return now; }};
    std::vector<std::string> told;
    for (const Step& step : steps) {
        now += step.later;
        ObjectName object = step.object;
        const net::Deadline deadline = net::Clock::now() + std::chrono::seconds{10};
        const auto found = co_await objects.find(std::move(object), deadline);
        if (!found) {
            told.push_back(found.error().text);
            continue;
        }
        std::string text = found->kind + " " + found->api_version;
        for (const auto& one : found->selector.requirements())
            text.append(" ").append(one.key).append("=").append(one.values.at(0));
        told.push_back(text);
    }
    server.stop();
    co_await serving.wait();
    co_return told;
}

Lookups look_up(std::deque<Answer> script, const std::vector<Step>& steps) {
    boost::asio::io_context loop{1};
    FakeApiServer server{loop.get_executor(), std::move(script)};
    Lookups out;
    out.told = ::test::run(loop, ask_all(loop.get_executor(), server, steps));
    out.asked = server.targets();
    return out;
}

const ObjectName kWebService{"shop", "services", "web"};
const ObjectName kWebDeployment{"shop", "deployments.apps", "web"};

}  // namespace

TEST_CASE("a Service's pods are those that its selector selects") {
    const Lookups seen = look_up({json_answer(R"({"spec":{"selector":{"app":"web","tier":"front"}}})")},
                                 {{kWebService}, {kWebService, std::chrono::seconds{59}}});
    CHECK(seen.told ==
          std::vector<std::string>{"Service v1 app=web tier=front", "Service v1 app=web tier=front"});
    // Kept for a minute.
    CHECK(seen.asked == std::vector<std::string>{"GET /api/v1/namespaces/shop/services/web"});
}

TEST_CASE("what has a scale says there which its pods are") {
    const Lookups seen = look_up({kApps, kResources, scale("app=web"), scale("app=other")},
                                 {{kWebDeployment}, {kWebDeployment, std::chrono::seconds{60}}});
    CHECK(seen.told ==
          std::vector<std::string>{"Deployment apps/v1 app=web", "Deployment apps/v1 app=other"});
    // The kind is known the second time.
    const std::string scale_path = "GET /apis/apps/v1/namespaces/shop/deployments/web/scale";
    CHECK(seen.asked ==
          std::vector<std::string>{"GET /apis/apps", "GET /apis/apps/v1", scale_path, scale_path});
}

TEST_CASE("an object whose pods cannot be told is refused with the reason, and asked for again soon") {
    const std::string missing =
        R"({"kind":"Status","apiVersion":"v1","message":"services \"web\" not found","code":404})";
    const std::string again = R"({"spec":{"selector":{"app":"web"}}})";
    const Lookups seen = look_up(
        {json_answer(missing, 404), json_answer(again)},
        {{kWebService}, {kWebService, std::chrono::seconds{9}}, {kWebService, std::chrono::seconds{1}}});
    REQUIRE(seen.told.size() == 3);
    CHECK(seen.told[0].starts_with("the Service could not be read: "));
    CHECK(seen.told[0].find("services \"web\" not found") != std::string::npos);
    CHECK(seen.told[1] == seen.told[0]);
    CHECK(seen.told[2] == "Service v1 app=web");
    CHECK(look_up({json_answer(R"({"spec":{"type":"ExternalName"}})")}, {{kWebService}}).told[0] ==
          "the Service has no selector, so it says nothing of pods");
    CHECK(look_up({kApps, kResources, scale("")}, {{kWebDeployment}}).told[0] == "it selects no pods");
    CHECK(look_up({kApps, kResources, scale("a===b")}, {{kWebDeployment}}).told[0] ==
          "its selector cannot be read");
    CHECK(look_up({kApps, kResources}, {{{"shop", "gadgets.apps", "web"}}}).told[0] ==
          "there is no resource gadgets.apps");
    CHECK(look_up({json_answer("[]")}, {{kWebService}}).told[0] ==
          "the Service could not be read: the answer is no object");
}

TEST_CASE("what was known serves on for a while when it cannot be renewed") {
    const Answer web = json_answer(R"({"spec":{"selector":{"app":"web"}}})");
    const Answer broken = json_answer(R"({"kind":"Status","message":"busy","code":503})", 503);
    const Answer gone = json_answer(R"({"kind":"Status","message":"not found","code":404})", 404);
    using std::chrono::seconds;
    const std::string known = "Service v1 app=web";
    // It is tried again in ten seconds.
    const Lookups renewed = look_up(
        {web, broken, web},
        {{kWebService}, {kWebService, seconds{60}}, {kWebService, seconds{9}}, {kWebService, seconds{1}}});
    CHECK(renewed.told == std::vector<std::string>(4, known));
    CHECK(renewed.asked.size() == 3);
    // Not for ever.
    const Lookups old = look_up({web, broken, broken},
                                {{kWebService}, {kWebService, seconds{360}}, {kWebService, seconds{10}}});
    CHECK(old.told[1] == known);
    CHECK(old.told[2].starts_with("the Service could not be read: "));
    // What is gone is gone.
    const Lookups deleted = look_up({web, gone}, {{kWebService}, {kWebService, seconds{60}}});
    CHECK(deleted.told[1].starts_with("the Service could not be read: "));
    // And what became another.
    const Lookups other =
        look_up({web, json_answer(R"({"spec":{}})")}, {{kWebService}, {kWebService, seconds{60}}});
    CHECK(other.told[1] == "the Service has no selector, so it says nothing of pods");
}

namespace {

net::Task<> ask_one(KubeObjectPods& objects, ObjectName object, net::Deadline until, std::string& told) {
    const auto found = co_await objects.find(std::move(object), until);
    told = found ? found->kind : found.error().text;
}

net::Task<> ask_beside_hanging(net::Executor executor, FakeApiServer& server, std::string& hanging,
                               std::string& good) {
    net::TaskGroup serving{executor};
    serving.spawn(server.run());
    KubeObjectPods objects{executor, server.config()};
    net::TaskGroup asking{executor};
    const auto now = net::Clock::now();
    const auto until = now + std::chrono::milliseconds{1500};
    std::string second, third;
    asking.spawn(ask_one(objects, {"slow", "services", "a"}, until, hanging));
    asking.spawn(ask_one(objects, {"slow", "services", "b"}, until, second));
    asking.spawn(ask_one(objects, {"slow", "services", "c"}, until, third));
    constexpr std::chrono::milliseconds kLook{5};
    while (server.targets().size() < 2 && net::Clock::now() < until)
        co_await net::sleep_until(net::Clock::now() + kLook);
    ObjectName object{"shop", "services", "web"};
    co_await ask_one(objects, std::move(object), until, good);
    CHECK(hanging.empty());
    co_await asking.wait();
    CHECK(third == "too many objects are being looked up; it is tried again");
    server.stop();
    co_await serving.wait();
}

}  // namespace

TEST_CASE("objects whose API hangs keep no turn from those of other namespaces") {
    boost::asio::io_context loop{1};
    Answer silent;
    silent.end = Answer::End::silent;
    silent.content_type = "application/json";
    FakeApiServer server{loop.get_executor(),
                         {silent, silent, json_answer(R"({"spec":{"selector":{"app":"web"}}})")}};
    std::string hanging, good;
    ::test::run(loop, ask_beside_hanging(loop.get_executor(), server, hanging, good));
    CHECK(good == "Service");
    CHECK(hanging.starts_with("the Service could not be read: "));
}

TEST_CASE("nothing is asked for by a name that no object has") {
    const Lookups seen = look_up({}, {{{"shop", "services", "a/../b"}},
                                      {{"shop", "services?x", "web"}},
                                      {{"Shop", "services", "web"}},
                                      {{"shop", "", "web"}}});
    CHECK(seen.told == std::vector<std::string>(4, "there is no such object"));
    CHECK(seen.asked.empty());
}
