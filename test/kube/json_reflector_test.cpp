// SPDX-License-Identifier: Apache-2.0
// API servers that answer in JSON whatever they are asked for, and such as answer in neither form.
#include "kube/failure.hpp"
#include "test/kube/reflector_scene.hpp"

#include <catch2/catch.hpp>

using namespace kube;
using namespace kube::test;
using End = Answer::End;

namespace {

std::string object(const std::string& name, const std::string& version) {
    return R"({"metadata":{"namespace":"shop","name":")" + name + R"(","resourceVersion":")" + version +
           R"("},"spec":{"containers":[{"name":"}]"}]}})";
}
std::string event_of(const std::string& type, const std::string& object) {
    return R"({"type":")" + type + R"(","object":)" + object + "}\n";
}
std::string list_of_json(const std::string& meta, const std::string& items) {
    return R"({"kind":"PodList","apiVersion":"v1","metadata":)" + meta + R"(,"items":)" + items + "}\n";
}
Answer json(std::vector<std::string> pieces) {
    return {std::move(pieces), End::complete, 200, "application/json", {}};
}
Answer json_list(const std::string& name, const std::string& version) {
    return json(
        {list_of_json(R"({"resourceVersion":")" + version + R"("})", "[" + object(name, version) + "]")});
}
const std::string kExpired =
    R"({"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"too old","reason":"Expired","code":410})";

}  // namespace

TEST_CASE("A reflector lists and watches an API server that speaks JSON alone") {
    const std::string first = list_of_json(R"({"resourceVersion":"900","continue":"c1"})",
                                           "[" + object("a", "1") + "," + object("b", "2") + "]");
    const std::string last =
        R"({"items":[)" + object("c", "3") + R"(],"metadata":{"resourceVersion":"900"},"kind":"PodList"})";
    const std::string events =
        event_of("MODIFIED", object("a", "901")) + event_of("ADDED", object("d", "902")) +
        event_of("DELETED", object("b", "903")) +
        event_of("BOOKMARK",
                 R"({"kind":"Pod","metadata":{"resourceVersion":"950","creationTimestamp":null}})");
    Answer watch = json({events.substr(0, 20), events.substr(20, 300), events.substr(320)});
    watch.content_type = "Application/JSON; stream=watch";
    const Scene scene{{json({first.substr(0, 60), first.substr(60)}), json({last}), watch}};
    CHECK(scene.recorder.calls ==
          Calls{"begin", "put a@1", "put b@2", "put c@3", "end", "put a@901", "put d@902", "removed b"});
    CHECK(scene.api.targets().back() == watch_from("950"));
    CHECK(scene.reflector->synced());
    CHECK(scene.reflector->last_error().empty());
}

TEST_CASE("A server may change its encoding") {
    const Scene scene{{json_list("a", "900"),
                       {{added("b", "901"), bookmark("902")}},
                       json({event_of("ADDED", object("c", "903"))})}};
    CHECK(scene.recorder.calls == Calls{"begin", "put a@900", "end", "put b@901", "put c@903"});
    CHECK(scene.api.targets().back() == watch_from("903"));
}

TEST_CASE("A version that is gone is listed anew in JSON too") {
    const auto gone = GENERATE(json({event_of("ERROR", kExpired)}),
                               Answer{{kExpired}, End::complete, 410, "application/json", {}});
    const Scene scene{{json_list("a", "900"), gone, json_list("b", "910")}};
    CHECK(scene.recorder.calls == Calls{"begin", "put a@900", "end", "begin", "put b@910", "end"});
    CHECK(scene.api.targets().back() == watch_from("910"));
}

TEST_CASE("An event ERROR in JSON says what the server said") {
    const auto [object, expected] = GENERATE(table<std::string, std::string>({
        {kExpired, "the API server ended the watch with 410: too old"},
        {"null", "the API server ended the watch with an error"},
        {R"({"code":"x"})", "the API server ended the watch with an error"},
    }));
    const Scene scene{{json_list("a", "900"), json({event_of("ERROR", object)})}};
    CHECK(scene.reflector->last_error() == expected);
}

TEST_CASE("A malformed object in JSON costs itself only") {
    const Scene scene{{
        json({list_of_json(
            R"({"resourceVersion":"900"})",
            R"([{"metadata":{"name":1}},)" + object("a", "1") +
                R"(,null,7,{"metadata":{"resourceVersion":"1"}},{"metadata":{"name":"\ud800"}},)" +
                object("b", "2") + "]")}),
        json({event_of("ADDED", R"({"metadata":[]})") + event_of("ADDED", "{}") + R"({"type":1})" + "{}" +
              event_of("RENAMED", object("x", "5")) + event_of("ADDED", object("c", "901"))}),
    }};
    CHECK(scene.recorder.calls == Calls{"begin", "put a@1", "put b@2", "end", "put c@901"});
    CHECK(scene.api.targets().back() == watch_from("901"));
}

TEST_CASE("A list in JSON that cannot be watched from is not taken over") {
    const auto [body, expected] = GENERATE(table<std::string, Errc>({
        {"{}", Errc::malformed},
        {kExpired, Errc::malformed},
        {list_of_json("{}", "[]"), Errc::no_version},
        {list_of_json(R"({"resourceVersion":"9"})", "[{}"), Errc::malformed},
        {R"({"kind":"PodList","items":[)" + object("a", "1"), Errc::cut_short},
        {"", Errc::cut_short},
        {"<html>", Errc::malformed},
    }));
    const Scene scene{{json({body})}};
    CHECK(scene.reflector->last_error() == kube::make_error_code(expected).message());
    CHECK_FALSE(scene.reflector->synced());
}

TEST_CASE("A server that speaks neither form is told apart") {
    const auto [answer, expected] = GENERATE(table<Answer, std::string>({
        {{{R"({"kind":"Status","message":"only the following media types are accepted: application/yaml"})"},
          End::complete,
          406,
          "application/json",
          {}},
         "the API server answered 406 (it speaks neither protobuf nor JSON, which is all that topd reads): "
         "only the following media types are accepted: application/yaml"},
        {{{"{}"}, End::complete, 200, "text/html", {}},
         "the API server answered in neither protobuf nor JSON; is this a kube-apiserver?"},
    }));
    const Scene scene{{answer}};
    CHECK(scene.recorder.calls.empty());
    CHECK_FALSE(scene.reflector->synced());
    CHECK(scene.reflector->last_error() == expected);
}

TEST_CASE("Nodes of an API server that speaks JSON alone are known") {
    boost::asio::io_context loop{1};
    // As it was seen on the wire.
    FakeApiServer api{
        loop.get_executor(),
        {json({R"({"kind":"NodeList","apiVersion":"v1","metadata":{"resourceVersion":"5"},"items":)"
               R"([{"metadata":{"name":"n1","uid":"u1","resourceVersion":"4"},"status":{"addresses":)"
               R"([{"type":"InternalIP","address":"127.0.0.9"}],"daemonEndpoints":)"
               R"({"kubeletEndpoint":{"Port":10250}}}}]})"})}};
    Recorder recorder;
    Observer<Node>& observer = recorder;
    const auto reflector = watch_nodes(loop.get_executor(), api.config(), "", observer, quick());
    REQUIRE(::test::run(loop, use_up(loop.get_executor(), api, *reflector)));
    CHECK(recorder.calls == Calls{"begin", "put n1@4", "end"});
    CHECK(api.requests()[0].headers.find("Accept") == "application/vnd.kubernetes.protobuf,application/json");
}
