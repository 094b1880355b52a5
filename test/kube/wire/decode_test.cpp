// SPDX-License-Identifier: Apache-2.0
#include "kube/wire/decode.hpp"

#include "test/kube/bytes.hpp"
#include "test/kube/wire/goldens.hpp"

#include <random>

#include <catch2/catch.hpp>

using namespace kube;
using namespace kube::test;

TEST_CASE("decode reads a golden node") {
    Node node;
    REQUIRE(decode(golden(kNode), node));
    CHECK(node.name == "n1");
    CHECK(node.uid == "u1");
    CHECK(node.resource_version == "42");
    CHECK((node.labels == StringMap{{"zone", "a"}}));
    CHECK(node.metrics_path == "/stats/x");
    CHECK(node.ready);
    CHECK(node.kubelet_port == 10250);
    REQUIRE(node.addresses.size() == 2);
    CHECK(node.addresses[0].type == "InternalIP");
    CHECK(node.addresses[0].address == "10.0.0.7");
    CHECK(node.addresses[1].type == "Hostname");
    CHECK(node.addresses[1].address == "n1");
}

TEST_CASE("decode reads a node's CPU capacity and no other") {
    const auto capacity = [](const char* resource, const std::string& quantity) {
        return bytes(3, bytes(1, bytes(1, resource) + bytes(2, quantity)));
    };
    Node node;
    REQUIRE(decode(capacity("memory", bytes(1, "8Gi")) + capacity("cpu", bytes(1, "3920m")) +
                       capacity("pods", bytes(1, "110")),
                   node));
    CHECK(node.cpu_capacity == 3'920'000'000);
    REQUIRE(decode(capacity("cpu", ""), node));
    CHECK(node.cpu_capacity == 0);
}

TEST_CASE("decode reads golden pods") {
    Pod pod;
    REQUIRE(decode(golden(kWebPod), pod));
    CHECK(pod.name == "web-0");
    CHECK(pod.name_space == "shop");
    CHECK(pod.uid == "u7");
    CHECK(pod.resource_version == "811");
    CHECK((pod.labels == StringMap{{"app", "web"}, {"tier", "back"}}));

    SECTION("and leaves nothing of the one before") {
        REQUIRE(decode(golden(kDbPod), pod));
        CHECK(pod.name == "db");
        CHECK(pod.uid.empty());
        CHECK(pod.labels.empty());
    }
}

TEST_CASE("decode sorts labels and lets the last of two count") {
    Pod pod;
    REQUIRE(decode(bytes(1, entry(11, "z", "1") + entry(11, "a", "2") + entry(11, "m", "3") +
                                entry(11, "a", "4") + entry(11, "z", "5") + entry(11, "", "6")),
                   pod));
    CHECK((pod.labels == StringMap{{"", "6"}, {"a", "4"}, {"m", "3"}, {"z", "5"}}));
}

TEST_CASE("decode reads a config map, sorts its data and lets the last of two count") {
    // metadata{name, namespace, resourceVersion}, data{b: 2, a: 1}, binaryData, immutable
    const std::string bytes = golden(
        "0a 0c 0a01'm' 1a02'ns' 3203'123' 12 06 0a01'b' 1201'2' 12 06 0a01'a' 1201'1' "
        "1a 06 0a01'x' 1201'y' 2001");
    ConfigMap map;
    REQUIRE(decode(bytes, map));
    CHECK(map.name_space + "/" + map.name + "@" + map.resource_version == "ns/m@123");
    CHECK((map.data == StringMap{{"a", "1"}, {"b", "2"}}));
    CHECK_FALSE(decode(std::string_view{bytes}.substr(0, 9), map));
    REQUIRE(decode(entry(2, "z", "1") + entry(2, "a", "2") + entry(2, "z", "3"), map));
    CHECK((map.data == StringMap{{"a", "2"}, {"z", "3"}}));
}

TEST_CASE("A node is ready by its condition") {
    struct Case {
        const char* name;
        std::string conditions;
        bool ready;
    };
    const Case cases[] = {
        {"no condition", "", false},
        {"Ready True", entry(4, "Ready", "True"), true},
        {"Ready False", entry(4, "Ready", "False"), false},
        {"Ready Unknown", entry(4, "Ready", "Unknown"), false},
        {"another one True", entry(4, "DiskPressure", "True"), false},
        {"Ready True among others",
         entry(4, "DiskPressure", "False") + entry(4, "Ready", "True") + entry(4, "PIDPressure", "False"),
         true},
    };
    for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
            Node node;
            REQUIRE(decode(bytes(1, bytes(1, "n")) + bytes(3, c.conditions), node));
            CHECK(node.ready == c.ready);
        }
}

TEST_CASE("A kubelet port that is no port is none") {
    const auto [port, expected] = GENERATE(table<std::uint64_t, int>(
        {{0, 0}, {1, 1}, {65535, 65535}, {65536, 0}, {0xffffffffffffffff, 0}, {10250, 10250}}));
    Node node;
    REQUIRE(decode(bytes(3, bytes(6, bytes(1, number(1, port)))), node));
    CHECK(node.kubelet_port == expected);
}

TEST_CASE("Fields that are unknown or of another wire type are skipped") {
    const std::string odd =
        number(1, 5) + number(3, 9) + number(77, 1) + bytes(78, "x") + golden("f904'12345678'");
    Node node;
    REQUIRE(decode(odd + bytes(1, odd + number(11, 1) + number(12, 1) + bytes(1, "n1")) +
                       bytes(3, number(4, 1) + number(5, 1) + number(6, 1) + odd),
                   node));
    CHECK(node.name == "n1");
    CHECK(node.addresses.empty());
    Pod pod;
    REQUIRE(decode(odd + bytes(1, odd + bytes(1, "p1")) + bytes(2, "\xff\xff\xff no message"), pod));
    CHECK(pod.name == "p1");
}

TEST_CASE("An object cut anywhere is malformed or shorter and never an exception") {
    const std::string whole = golden(kNode);
    // After metadata, after spec.
    const std::size_t ends[] = {0, 0x4b, 0x4f};
    for (std::size_t size = 0; size < whole.size(); ++size) {
        CAPTURE(size);
        Node node;
        const bool at_end = std::find(std::begin(ends), std::end(ends), size) != std::end(ends);
        CHECK(decode(std::string_view{whole}.substr(0, size), node).has_value() == at_end);
    }
}

TEST_CASE("decode lives through changed bytes") {
    std::minstd_rand random{11};
    int refused = 0;
    for (int round = 0; round < 20'000; ++round) {
        std::string changed = golden(kNode);
        changed[random() % changed.size()] = static_cast<char>(random());
        changed[random() % changed.size()] = static_cast<char>(random());
        Node node;
        Pod pod;
        if (!decode(changed, node)) ++refused;
        (void)decode(changed, pod);
        (void)decode_status(changed);
        (void)decode_list_meta(changed);
    }
    CHECK(refused > 1'000);
}

TEST_CASE("decode_status reads message and code and when to come back") {
    const std::string raw =
        golden("0a00 1207'Failure' 1a08'too busy' 220f'TooManyRequests' 2a06 1a02'ab' 2807 30ad03");
    const Status status = decode_status(raw).value();
    CHECK(status.message == "too busy");
    CHECK(status.reason == "TooManyRequests");
    CHECK(status.retry_after == std::chrono::seconds{7});
    CHECK(status.code == 429);
    CHECK(decode_status("\x1a\x05"
                        "ab")
              .error() == Errc::malformed);
}
