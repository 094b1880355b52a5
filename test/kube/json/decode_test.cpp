// SPDX-License-Identifier: Apache-2.0
#include "kube/json/decode.hpp"

#include <string>

#include <catch2/catch.hpp>

using namespace kube;

namespace {

std::string nested(std::size_t depth) {
    return R"({"metadata":{"name":"a"},"x":)" + std::string(depth, '[') + std::string(depth, ']') + "}";
}

}  // namespace

TEST_CASE("decode_json reads a node") {
    Node node;
    REQUIRE(decode_json(R"({"kind":"Node","metadata":{"name":"n1","namespace":"","uid":"u1",
        "resourceVersion":"42","creationTimestamp":"2026-11-24T10:00:00Z","labels":{"zone":"a","b":""},
        "annotations":{"metrics.k8s.io/resource-metrics-path":"/stats/x","other":"y"},
        "managedFields":[{"fieldsV1":{"f:metadata":{"f:name":{},"name":5}}}]},
        "spec":{"metadata":{"name":7},"unschedulable":true},
        "status":{"capacity":{"cpu":"4"},
          "conditions":[{"type":"MemoryPressure","status":"False"},{"status":"True","type":"Ready"}],
          "addresses":[{"type":"InternalIP","address":"10.0.0.7"},{"address":"n1","type":"Hostname"}],
          "daemonEndpoints":{"kubeletEndpoint":{"Port":10250}},"images":[{"names":["a"],"sizeBytes":1.5e3}]}})",
                        node));
    CHECK(node.name == "n1");
    CHECK(node.uid == "u1");
    CHECK(node.resource_version == "42");
    CHECK((node.labels == StringMap{{"b", ""}, {"zone", "a"}}));
    CHECK(node.metrics_path == "/stats/x");
    CHECK(node.ready);
    CHECK(node.kubelet_port == 10250);
    CHECK(node.cpu_capacity == 4'000'000'000);
    REQUIRE(node.addresses.size() == 2);
    CHECK(node.addresses[0].type == "InternalIP");
    CHECK(node.addresses[0].address == "10.0.0.7");
    CHECK(node.addresses[1].type == "Hostname");
    CHECK(node.addresses[1].address == "n1");

    SECTION("and leaves nothing of the one before") {
        REQUIRE(decode_json(R"({"metadata":{"name":"n2"}})", node));
        CHECK(node.name == "n2");
        CHECK(node.uid.empty());
        CHECK(node.labels.empty());
        CHECK(node.addresses.empty());
        CHECK(node.kubelet_port == 0);
        CHECK(node.cpu_capacity == 0);
        CHECK_FALSE(node.ready);
    }
}

TEST_CASE("decode_json reads where a pod is") {
    PodPlace place{"old", "old"};
    REQUIRE(decode_json(
        R"({"metadata":{"name":"p","uid":"u"},"spec":{"nodeName":"n1","containers":[{"name":"c"}]},
        "status":{"nominatedNodeName":"n2"}})",
        place));
    CHECK(place.uid == "u");
    CHECK(place.node == "n1");
    REQUIRE(decode_json(R"({"metadata":{"uid":"v"},"spec":{}})", place));
    CHECK(place.uid == "v");
    CHECK(place.node.empty());
    CHECK_FALSE(decode_json(R"({"spec":{"nodeName":7}})", place));
}

TEST_CASE("decode_json reads pods and config maps") {
    const std::string_view text =
        R"({"metadata":{"name":"p","namespace":"shop","uid":"u","resourceVersion":"9",
        "labels":{"z":"1","a":"2"}},"data":{"z":"1","a":"\ud83d\ude00\u0000\n\/"},"binaryData":{"b":"AA=="}})";
    Pod pod;
    REQUIRE(decode_json(text, pod));
    CHECK(pod.name_space + "/" + pod.name + " " + pod.uid + "@" + pod.resource_version == "shop/p u@9");
    CHECK((pod.labels == StringMap{{"a", "2"}, {"z", "1"}}));
    ConfigMap map;
    REQUIRE(decode_json(text, map));
    CHECK(map.name_space + "/" + map.name + "@" + map.resource_version == "shop/p@9");
    CHECK((map.data == StringMap{{"a", std::string{"\U0001F600\0\n/", 7}}, {"z", "1"}}));
}

TEST_CASE("A value of another type costs the object") {
    struct Case {
        const char* name;
        std::string text;
    };
    const Case cases[] = {
        {"a name", R"({"metadata":{"name":1}})"},
        {"a name that is true", R"({"metadata":{"name":true}})"},
        {"a name with a fraction", R"({"metadata":{"name":1.5}})"},
        {"a name that is an object", R"({"metadata":{"name":{}}})"},
        {"a name that is a list", R"({"metadata":{"name":["a"]}})"},
        {"metadata that are text", R"({"metadata":"a"})"},
        {"metadata that are a list", R"({"metadata":[{"name":"a"}]})"},
        {"labels that are a list", R"({"metadata":{"name":"a","labels":[]}})"},
        {"a label", R"({"metadata":{"name":"a","labels":{"a":1}}})"},
        {"a label that is an object", R"({"metadata":{"name":"a","labels":{"a":{}}}})"},
        {"status", R"({"metadata":{"name":"a"},"status":7})"},
        {"conditions", R"({"metadata":{"name":"a"},"status":{"conditions":{}}})"},
        {"a condition", R"({"metadata":{"name":"a"},"status":{"conditions":["Ready"]}})"},
        {"a condition that is a list", R"({"metadata":{"name":"a"},"status":{"conditions":[[]]}})"},
        {"an address", R"({"metadata":{"name":"a"},"status":{"addresses":[{"address":7}]}})"},
        {"a port", R"({"status":{"daemonEndpoints":{"kubeletEndpoint":{"Port":"10250"}}}})"},
        {"a port with a fraction", R"({"status":{"daemonEndpoints":{"kubeletEndpoint":{"Port":1.5}}}})"},
        {"the whole", "[]"},
        {"the whole, text", "\"a\""},
        {"bytes that are not JSON", R"({"metadata":{"name":"a"},"x":{]})"},
        {"a number that is none", R"({"metadata":{"name":"a"},"x":01})"},
        {"half a surrogate", R"({"metadata":{"name":"\ud83d"}})"},
        {"text that is not UTF-8", "{\"metadata\":{\"name\":\"\xff\"}}"},
        {"brackets in each other without end", nested(100'000)},
        {"too little", R"({"metadata":{"name":"a"})"},
        {"too much", R"({"metadata":{"name":"a"}}})"},
        {"nothing", ""},
    };
    for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
            Node node;
            const auto done = decode_json(c.text, node);
            REQUIRE_FALSE(done);
            CHECK(done.error() == Errc::malformed);
        }
}

TEST_CASE("What is missing or null or unknown is passed over") {
    const auto text =
        GENERATE(as<std::string>{}, "{}", "null", R"({"metadata":null,"status":null})",
                 R"({"metadata":{"name":null,"labels":null,"annotations":null}})",
                 R"({"status":{"conditions":null,"addresses":null,"daemonEndpoints":null}})",
                 R"({"status":{"conditions":[null],"daemonEndpoints":{"kubeletEndpoint":null}}})",
                 R"({"status":{"daemonEndpoints":{"kubeletEndpoint":{"Port":null,"port":5}}}})",
                 R"({"Metadata":{"name":"a"},"metadata":{"Name":"a","NAME":7}})",
                 R"({"x":{"metadata":{"name":"a"}},"metadata":{"x":[{"name":"a"},[[7]],1.5]}})");
    CAPTURE(text);
    Node node;
    REQUIRE(decode_json(text, node));
    CHECK(node.name.empty());
    CHECK(node.labels.empty());
    CHECK(node.addresses.empty());
    CHECK(node.kubelet_port == 0);
    CHECK_FALSE(node.ready);
}

TEST_CASE("Of a member that comes twice the last counts") {
    Node node;
    REQUIRE(decode_json(R"({"metadata":{"name":"a","name":"b","labels":{"x":"1","x":"2"}},
        "status":{"conditions":[{"type":"Ready","status":"True"}],"conditions":[{"type":"Ready","status":"False"}],
        "addresses":[{"type":"a","address":"1"}],"addresses":[{"type":"b","address":"2","address":"3"}]}})",
                        node));
    CHECK(node.name == "b");
    CHECK((node.labels == StringMap{{"x", "2"}}));
    CHECK_FALSE(node.ready);
    REQUIRE(node.addresses.size() == 1);
    CHECK(node.addresses[0].type == "b");
    CHECK(node.addresses[0].address == "3");
    REQUIRE(decode_json(R"({"status":{"addresses":[{"type":"a","address":"1"}],"addresses":null}})", node));
    CHECK(node.addresses.empty());
}

TEST_CASE("An entry of a map that is null is there and empty, as in Go") {
    Pod pod;
    REQUIRE(decode_json(R"({"metadata":{"name":"a","labels":{"x":null,"y":"1"}}})", pod));
    CHECK((pod.labels == StringMap{{"x", ""}, {"y", "1"}}));
}

TEST_CASE("A kubelet port in JSON that is no port is none") {
    const auto [port, expected] = GENERATE(table<const char*, int>({{"0", 0},
                                                                    {"1", 1},
                                                                    {"65535", 65535},
                                                                    {"65536", 0},
                                                                    {"-1", 0},
                                                                    {"4294977546", 0},
                                                                    {"18446744073709551615", 0},
                                                                    {"-9223372036854775808", 0}}));
    Node node;
    REQUIRE(decode_json(
        std::string{R"({"status":{"daemonEndpoints":{"kubeletEndpoint":{"Port":)"} + port + "}}}}", node));
    CHECK(node.kubelet_port == expected);
}

TEST_CASE("Brackets in each other are read to a bound") {
    Pod pod;
    CHECK(decode_json(nested(511), pod));
    CHECK(pod.name == "a");
    CHECK_FALSE(decode_json(nested(512), pod));
}

TEST_CASE("decode_json_event finds type and object in any order") {
    const auto text = GENERATE(as<std::string>{}, R"({"type":"ADDED","object":{"a":[1]}})",
                               R"({"object":{"a":[1]},"type":"ADDED"})",
                               R"({"x":{"type":1},"ty\u0070e":"\u0041DDED", "object" : {"a":[1]} } )",
                               R"({"type":"x","object":1,"type":"ADDED","object":{"a":[1]}})");
    const WatchEvent event = decode_json_event(text).value();
    CHECK(event.type == "ADDED");
    CHECK(event.object == R"({"a":[1]})");
    CHECK(decode_json_event("{}").value().type.empty());
    CHECK(decode_json_event(R"({"type":null})").value().object.empty());
    const auto broken =
        GENERATE(as<std::string>{}, R"({"type":1})", R"({"type":"ADDED")", R"({"type"})", "[]", "{}{}", "");
    CHECK(decode_json_event(broken).has_error());
}

TEST_CASE("decode_json_status reads message and code and when to come back") {
    const Status status = decode_json_status(R"({"kind":"Status","metadata":{},"status":"Failure",
        "message":"too busy","reason":"TooManyRequests","details":{"name":"x","retryAfterSeconds":7},"code":429})")
                              .value();
    CHECK(status.message == "too busy");
    CHECK(status.reason == "TooManyRequests");
    CHECK(status.retry_after == std::chrono::seconds{7});
    CHECK(status.code == 429);
    CHECK(decode_json_status(R"({"code":99999999999})").value().code == 2147483647);
    CHECK(decode_json_status(R"({"code":"429"})").error() == Errc::malformed);
}
