// SPDX-License-Identifier: Apache-2.0
#include "scraper/kubelet/address.hpp"

#include "kube/objects.hpp"
#include "net/http/client.hpp"
#include "scraper/kubelet/failure.hpp"

#include <catch2/catch.hpp>

using scraper::AddressOptions;
using scraper::Errc;
using scraper::kubelet_target;

namespace {

kube::Node node_with(std::vector<kube::NodeAddress> addresses) {
    kube::Node node;
    node.name = "n1";
    node.addresses = std::move(addresses);
    return node;
}

const std::vector<kube::NodeAddress> kAll{
    {"InternalIP", "10.0.0.1"},     {"InternalIP", "10.0.0.2"},  {"ExternalIP", "192.0.2.1"},
    {"Hostname", "n1.example.org"}, {"InternalDNS", "n1.local"},
};

}  // namespace

TEST_CASE("to dial are the addresses of the preferred types in their order, the others only tell who it is") {
    struct Case {
        const char* name;
        std::vector<std::string> types;
        std::vector<kube::NodeAddress> addresses;
        std::vector<std::string> dialled;
        std::vector<std::string> others;
    };
    const Case cases[] = {
        {"those of one type as the node has them",
         {"InternalIP", "Hostname"},
         kAll,
         {"10.0.0.1", "10.0.0.2", "n1.example.org"},
         {"192.0.2.1", "n1.local"}},
        {"the order of types goes before the order of addresses",
         {"Hostname", "InternalIP"},
         kAll,
         {"n1.example.org", "10.0.0.1", "10.0.0.2"},
         {"192.0.2.1", "n1.local"}},
        {"a type that the node lacks is passed over",
         {"ExternalDNS", "ExternalIP"},
         kAll,
         {"192.0.2.1"},
         {"10.0.0.1", "10.0.0.2", "n1.example.org", "n1.local"}},
        {"an empty address is none",
         {"InternalIP"},
         {{"InternalIP", ""}, {"InternalIP", "10.0.0.9"}},
         {"10.0.0.9"},
         {}},
        {"what cannot be a host is passed over",
         {"InternalIP"},
         {{"InternalIP", "a b"},
          {"InternalIP", ".example.org"},
          {"InternalIP", "10.0.0.9"},
          {"Hostname", "/"}},
         {"10.0.0.9"},
         {}},
        {"an address of two types is one",
         {"Hostname", "InternalIP"},
         {{"InternalIP", "10.0.0.1"}, {"Hostname", "10.0.0.1"}, {"ExternalIP", "10.0.0.1"}},
         {"10.0.0.1"},
         {}},
        {"an IPv6 address stays without brackets",
         {"InternalIP"},
         {{"InternalIP", "10.0.0.1"}, {"InternalIP", "fd00::1"}},
         {"10.0.0.1", "fd00::1"},
         {}},
    };
    for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
            AddressOptions options;
            options.types = c.types;
            const auto target = kubelet_target(node_with(c.addresses), options);
            REQUIRE(target.has_value());
            std::vector<std::string> all = c.dialled;
            all.insert(all.end(), c.others.begin(), c.others.end());
            CHECK(target->addresses == all);
            CHECK(target->dialled == c.dialled.size());
            CHECK(target->port == 10250);
            CHECK(target->path == "/metrics/resource");
        }
}

TEST_CASE("of a node with endless addresses the first sixteen count") {
    std::vector<kube::NodeAddress> addresses;
    for (int i = 0; i < 40; ++i) addresses.push_back({"InternalIP", "10.0.0." + std::to_string(i)});
    const auto target = kubelet_target(node_with(addresses), AddressOptions{});
    REQUIRE(target.has_value());
    CHECK(target->addresses.size() == 16);
    CHECK(target->dialled == 16);
    CHECK(target->addresses.back() == "10.0.0.15");
}

TEST_CASE("the default order of types is Hostname InternalDNS InternalIP ExternalDNS ExternalIP") {
    auto addresses = kAll;
    const std::vector<std::string> expected{"n1.example.org", "n1.local", "10.0.0.1", "192.0.2.1"};
    const std::vector<std::string> types{"Hostname", "InternalDNS", "InternalIP", "ExternalIP"};
    for (std::size_t i = 0; i < expected.size(); ++i) {
        const auto target = kubelet_target(node_with(addresses), AddressOptions{});
        REQUIRE(target.has_value());
        CHECK(target->addresses.at(0) == expected[i]);
        std::erase_if(addresses, [&](const kube::NodeAddress& a) { return a.type == types[i]; });
    }
}

TEST_CASE("the port is the flag's unless the node's status may decide") {
    struct Case {
        const char* name;
        std::int32_t in_status;
        bool use_status;
        std::uint16_t port;
    };
    const Case cases[] = {
        {"the flag's", 4194, false, 10250},
        {"the status' when asked for", 4194, true, 4194},
        {"the flag's when the status has none", 0, true, 10250},
    };
    for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
            kube::Node node = node_with(kAll);
            node.kubelet_port = c.in_status;
            AddressOptions options;
            options.use_node_status_port = c.use_status;
            CHECK(kubelet_target(node, options)->port == c.port);
        }
}

TEST_CASE("the path is the annotation's when there is one") {
    kube::Node node = node_with(kAll);
    node.metrics_path = "/custom/metrics?x=1";
    CHECK(kubelet_target(node, AddressOptions{})->path == "/custom/metrics?x=1");
    node.metrics_path = "/" + std::string(scraper::kMaxPathBytes - 1, 'a');
    CHECK(kubelet_target(node, AddressOptions{})->path == node.metrics_path);
}

TEST_CASE("an IPv6 kubelet is asked with brackets around its address") {
    const auto target = kubelet_target(node_with({{"Hostname", "fd00::1"}}), AddressOptions{});
    REQUIRE(target.has_value());
    net::Origin origin;
    origin.host = target->addresses.at(0);
    origin.port = target->port;
    CHECK(origin.authority() == "[fd00::1]:10250");
}

TEST_CASE("what cannot stand in a request is refused") {
    struct Case {
        const char* name;
        std::string address;
        std::int32_t port;
        std::string path;
        Errc error;
    };
    const Case cases[] = {
        {"no address", "", 0, "", Errc::no_address},
        {"a line break in the address", "10.0.0.1\r\nX: y", 0, "", Errc::bad_address},
        {"a slash in the address", "10.0.0.1/x", 0, "", Errc::bad_address},
        {"a user in the address", "a@10.0.0.1", 0, "", Errc::bad_address},
        {"a whole domain", ".example.org", 0, "", Errc::bad_address},
        {"an endless address", std::string(254, 'a'), 0, "", Errc::bad_address},
        {"a port over 65535", "10.0.0.1", 65536, "", Errc::bad_port},
        {"a negative port", "10.0.0.1", -1, "", Errc::bad_port},
        {"a path without a slash", "10.0.0.1", 0, "metrics", Errc::bad_path},
        {"a space in the path", "10.0.0.1", 0, "/a b", Errc::bad_path},
        {"a line break in the path", "10.0.0.1", 0, "/a\r\nX: y", Errc::bad_path},
        {"a byte over ASCII in the path", "10.0.0.1", 0, "/\xc3\xa4", Errc::bad_path},
        {"a path that is too long", "10.0.0.1", 0, "/" + std::string(scraper::kMaxPathBytes, 'a'),
         Errc::bad_path},
    };
    for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
            kube::Node node = node_with({{"Hostname", c.address}});
            node.kubelet_port = c.port;
            node.metrics_path = c.path;
            AddressOptions options;
            options.use_node_status_port = true;
            const auto target = kubelet_target(node, options);
            REQUIRE(target.has_error());
            CHECK(target.error() == c.error);
        }
}

TEST_CASE("what is refused is named") {
    struct Case {
        const char* name;
        std::vector<kube::NodeAddress> addresses;
        std::int32_t port;
        std::string path;
        const char* says;
    };
    const std::string endless(300, 'x');
    const Case cases[] = {
        {"no address at all", {}, 0, "", "preferred are InternalIP, Hostname?; it has none"},
        {"none of the types",
         {{"Hostname", "n1"}, {"ExternalIP", "192.0.2.1"}},
         0,
         "",
         "preferred are InternalIP, Hostname?; it has Hostname n1, ExternalIP 192.0.2.1"},
        {"an address that is none",
         {{"InternalIP", "10.0.0.1/24"}, {"Hostname", "n1"}},
         0,
         "",
         "preferred are InternalIP, Hostname?; it has InternalIP 10.0.0.1/24"},
        {"a port of the status", {{"InternalIP", "10.0.0.1"}}, 70'000, "", "port 70000"},
        {"a path", {{"InternalIP", "10.0.0.1"}}, 0, "me\ttrics", "\"me?trics\""},
    };
    AddressOptions options;
    options.types = {"InternalIP", "Hostname\x01"};
    options.use_node_status_port = true;
    for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
            kube::Node node = node_with(c.addresses);
            node.kubelet_port = c.port;
            node.metrics_path = c.path;
            const auto target = kubelet_target(node, options);
            REQUIRE(target.has_error());
            CHECK(scraper::target_refusal(target.error(), node, options) == c.says);
        }
    kube::Node node = node_with({{"ExternalIP", endless}});
    CHECK(scraper::target_refusal(Errc::no_address, node, options).size() == scraper::Failure::kDetailBytes);
}
