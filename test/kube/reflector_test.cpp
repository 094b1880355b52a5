// SPDX-License-Identifier: Apache-2.0
#include "kube/reflector.hpp"

#include "kube/failure.hpp"
#include "test/kube/reflector_scene.hpp"

#include <algorithm>

#include <catch2/catch.hpp>

using namespace kube;
using namespace kube::test;
using namespace std::chrono_literals;
using End = Answer::End;

TEST_CASE("A reflector lists all pages and then watches") {
    const std::string first = pods(list_meta("900", "c1"), item("a", "1") + item("b", "2"));
    const std::string events = pod_event("MODIFIED", pod("shop", "a", "901")) + added("d", "902") +
                               pod_event("DELETED", pod("shop", "b", "903")) + bookmark("950");
    const Scene scene{{
        {{first.substr(0, 60), first.substr(60)}},
        {{pods(list_meta("900", ""), item("c", "3"))}},
        {{events.substr(0, 2), events.substr(2, 100), events.substr(102)}},
        {{added("e", "960")}},
    }};
    CHECK(scene.recorder.calls == Calls{"begin", "put a@1", "put b@2", "put c@3", "end", "put a@901",
                                        "put d@902", "removed b", "put e@960"});
    CHECK(scene.api.targets() ==
          Calls{kList, "GET /api/v1/pods?continue=c1&fieldSelector=status.phase%3DRunning&limit=500",
                watch_from("900"), watch_from("950"), watch_from("960")});
    CHECK(scene.reflector->synced());
    CHECK(scene.reflector->last_error().empty());
    const auto& headers = scene.api.requests()[0].headers;
    CHECK(headers.find("Accept") ==
          "application/vnd.kubernetes.protobuf;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,"
          "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json");
    CHECK(scene.api.requests()[2].headers.find("Accept") ==
          "application/vnd.kubernetes.protobuf;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,"
          "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json");
}

TEST_CASE("A version that is gone is listed anew") {
    const auto gone =
        GENERATE(Answer{{status(410, "too old resource version")},
                        End::complete,
                        410,
                        "application/vnd.kubernetes.protobuf",
                        {}},
                 Answer{{R"({"kind":"Status","message":"too old resource version","code":410})"},
                        End::complete,
                        410,
                        "application/json",
                        {}},
                 Answer{{added("b", "901") + event("ERROR", status(410, "too old resource version"))},
                        End::silent,
                        200,
                        "application/vnd.kubernetes.protobuf;stream=watch",
                        {}},
                 Answer{{added("b", "901") + event("ERROR", "what is this")}});
    const Scene scene{{list_of("a", "900"), gone, list_of("c", "990")}};
    CHECK(scene.api.targets() == Calls{kList, watch_from("900"), kList, watch_from("990")});
    CHECK(Calls(scene.recorder.calls.end() - 3, scene.recorder.calls.end()) ==
          Calls{"begin", "put c@990", "end"});
}

TEST_CASE("Another failure of a watch goes on from the last version") {
    const auto failure =
        GENERATE(Answer{{"busy"}, End::complete, 429, "text/plain", {{"Retry-After", "1"}}},
                 Answer{{""}, End::complete, 503, "text/plain", {}},
                 Answer{{status(403, "no")}, End::complete, 403, "application/vnd.kubernetes.protobuf", {}},
                 Answer{{event("ERROR", status(429, "later"))}}, Answer{{""}, End::cut},
                 Answer{{"\x7f\x7f\x7f\x7f"}}, Answer{{added("c", "902").substr(0, 50)}},
                 Answer{{"{}"}, End::complete, 200, "application/json", {}});
    const Scene scene{{list_of("a", "900"), {{added("b", "901")}}, failure, {{added("c", "902")}}}};
    CHECK(scene.api.targets() ==
          Calls{kList, watch_from("900"), watch_from("901"), watch_from("901"), watch_from("902")});
    CHECK(scene.recorder.calls == Calls{"begin", "put a@900", "end", "put b@901", "put c@902"});
    CHECK(scene.reflector->last_error().empty());
}

TEST_CASE("What was watched before a cut counts") {
    const Scene scene{{list_of("a", "900"), {{added("b", "901"), bookmark("910") + "\0\0"}, End::cut}}};
    CHECK(scene.api.targets() == Calls{kList, watch_from("900"), watch_from("910")});
    CHECK_FALSE(scene.reflector->last_error().empty());
}

TEST_CASE("Pages that expire are listed again in one piece") {
    const Scene scene{{
        {{pods(list_meta("900", "c1"), item("a", "1"))}},
        {{status(410, "continue token expired")}, End::complete, 410},
        {{pods(list_meta("905", ""), item("a", "1") + item("b", "2"))}},
    }};
    CHECK(scene.api.targets() ==
          Calls{kList, "GET /api/v1/pods?continue=c1&fieldSelector=status.phase%3DRunning&limit=500",
                "GET /api/v1/pods?fieldSelector=status.phase%3DRunning&resourceVersion=0",
                watch_from("905")});
    CHECK(scene.recorder.calls == Calls{"begin", "put a@1", "begin", "put a@1", "put b@2", "end"});
}

TEST_CASE("A list that fails half-way begins again") {
    const std::string whole = pods(list_meta("900", ""), item("a", "1") + item("b", "2"));
    const auto broken = GENERATE_COPY(Answer{{whole.substr(0, whole.size() - 10)}, End::cut},
                                      Answer{{whole.substr(0, whole.size() - 10)}},
                                      Answer{{pods(list_meta("900", ""), item("a", "1") + "\x12\x7f")}});
    const Scene scene{{broken, list_of("c", "905")}};
    CHECK(scene.recorder.calls == Calls{"begin", "put a@1", "begin", "put c@905", "end"});
    CHECK(scene.api.targets() == Calls{kList, kList, watch_from("905")});
}

TEST_CASE("A list that is none leaves the observer alone and says why") {
    struct Case {
        const char* name;
        Answer answer;
        std::string error;
    };
    const Case cases[] = {
        {"forbidden",
         {{status(403, "pods is forbidden")}, End::complete, 403},
         "the API server answered 403: pods is forbidden"},
        {"a page for people",
         {{"{}"}, End::complete, 200, "text/html", {}},
         kube::make_error_code(Errc::other_encoding).message()},
        {"a redirect",
         {{""}, End::complete, 302, "text/html", {{"Location", "/login"}}},
         "the API server answered 302"},
    };
    for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
            const Scene scene{{c.answer}};
            CHECK(scene.recorder.calls.empty());
            CHECK_FALSE(scene.reflector->synced());
            CHECK(scene.reflector->last_error() == c.error);
            CHECK(scene.api.targets() == Calls{kList, kList});
        }
}

TEST_CASE("A list that cannot be watched from is not taken over") {
    const auto [message, expected] = GENERATE(table<std::string, Errc>({
        {pods(list_meta("", ""), item("a", "1")), Errc::no_version},
        {status(0, ""), Errc::malformed},
        {"k8s", Errc::cut_short},
        {"", Errc::cut_short},
        {"<html>", Errc::malformed},
    }));
    const Scene scene{{{{message}}}};
    CHECK(scene.reflector->last_error() == kube::make_error_code(expected).message());
    CHECK_FALSE(scene.reflector->synced());
    CHECK(std::count(scene.recorder.calls.begin(), scene.recorder.calls.end(), "end") == 0);
}

TEST_CASE("A malformed object costs itself only") {
    const std::string nameless = bytes(1, bytes(6, "1"));
    const Scene scene{{
        {{pods(list_meta("900", ""),
               bytes(2, "\xff") + item("a", "1") + bytes(2, nameless) + item("b", "2"))}},
        {{pod_event("ADDED", "\xff") + pod_event("ADDED", nameless) + frame("\xff") + frame("") +
          pod_event("RENAMED", pod("shop", "x", "5")) + event("ADDED", "no envelope") + added("c", "901")}},
    }};
    CHECK(scene.recorder.calls == Calls{"begin", "put a@1", "put b@2", "end", "put c@901"});
    CHECK(scene.api.targets().back() == watch_from("901"));
}

TEST_CASE("A silent watch is given up when the server should have ended it") {
    ReflectorOptions options = quick();
    options.shortest_watch = options.longest_watch = 0s;
    options.watch_grace = 150ms;
    const Scene scene{{list_of("a", "900"), {{bookmark("901")}, End::silent}}, options};
    CHECK(scene.reflector->last_error() == net::make_error_code(net::TimedOut::end).message());
    CHECK(scene.api.targets().size() == 3);
    CHECK_THAT(scene.api.targets().back(), Catch::Matchers::Contains("resourceVersion=901&timeoutSeconds=0"));
}

TEST_CASE("A watch that ends as soon as it began has failed") {
    ReflectorOptions options = quick();
    options.too_short = 10s;
    const Scene scene{{list_of("a", "900"), {{bookmark("901")}}}, options};
    CHECK(scene.reflector->last_error() == kube::make_error_code(Errc::watch_too_short).message());
    CHECK(scene.api.targets().back() == watch_from("901"));
}
