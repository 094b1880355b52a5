// SPDX-License-Identifier: Apache-2.0
#include "scraper/applications/endpoint.hpp"

#include <string>
#include <vector>

#include <catch2/catch.hpp>

using namespace scraper;
using storage::applications::Annotations;

namespace {

kube::PodNetwork running_pod(const std::string& ip = "10.1.2.3") {
    kube::PodNetwork pod;
    pod.phase = "Running";
    pod.pod_ip = ip;
    pod.host_ip = "192.168.0.1";
    return pod;
}

std::string url_or_refusal(const Annotations& annotations, const kube::PodNetwork& pod,
                           const EndpointRules& rules = {}) {
    const FoundEndpoint found = endpoint_of(annotations, pod, rules);
    return found.refusal.empty() ? found.endpoint.url() : found.refusal;
}

}  // namespace

TEST_CASE("only addresses that pods can have are asked") {
    const auto [address, why] = GENERATE(table<std::string, std::string>({
        {"10.1.2.3", ""},
        {"172.16.0.9", ""},
        {"100.64.0.1", ""},
        {"8.8.8.8", ""},
        {"fd00::1", ""},
        {"2001:db8::5", ""},
        {"127.0.0.1", "it is a loopback address"},
        {"127.255.1.2", "it is a loopback address"},
        {"::1", "it is a loopback address"},
        {"0.0.0.0", "it is no address of a host"},
        {"0.1.2.3", "it is no address of a host"},
        {"::", "it is no address of a host"},
        {"169.254.169.254", "it is a link-local address"},
        {"169.254.0.1", "it is a link-local address"},
        {"fe80::1", "it is a link-local address"},
        {"febf::1", "it is a link-local address"},
        {"fd00::1%2", "it is a link-local address"},
        {"224.0.0.1", "it is a multicast address"},
        {"239.255.255.255", "it is a multicast address"},
        {"ff02::1", "it is a multicast address"},
        {"255.255.255.255", "it is the broadcast address"},
        {"::ffff:10.1.2.3", "it is an IPv4 address written as an IPv6 one"},
        {"::ffff:127.0.0.1", "it is an IPv4 address written as an IPv6 one"},
        {"::127.0.0.1", "it is an IPv4 address written as an IPv6 one"},
        {"64:ff9b::a9fe:a9fe", "it is an IPv4 address written as an IPv6 one"},
        {"64:ff9b:1::a9fe:a9fe", "it is an IPv4 address written as an IPv6 one"},
        {"64:ff9b:1:ffff::1", "it is an IPv4 address written as an IPv6 one"},
        {"64:ff9b:2::1", ""},
        {"::ffff:0:a9fe:a9fe", "it is an IPv4 address written as an IPv6 one"},
        {"2002:a9fe:a9fe::1", "it is an IPv4 address written as an IPv6 one"},
        {"2003:a9fe:a9fe::1", ""},
        {"2001:0:a9fe:a9fe::1", "it is an IPv4 address written as an IPv6 one"},
        {"2001:1::1", ""},
        {"fd00::5efe:a9fe:a9fe", "it is an IPv4 address written as an IPv6 one"},
        {"2001:db8::200:5efe:a9fe:a9fe", "it is an IPv4 address written as an IPv6 one"},
        {"fec0::1", "it is a site-local address"},
        {"feff::1", "it is a site-local address"},
        {"100.100.100.200", "it is a service of a cloud"},
        {"168.63.129.16", "it is a service of a cloud"},
        {"192.0.0.192", "it is a service of a cloud"},
        {"fd00:ec2::254", "it is a service of a cloud"},
        {"fd00:ec2::253", "it is a service of a cloud"},
        {"fd00:ec2:ffff::23", "it is a service of a cloud"},
        {"fd20:ce::254", "it is a service of a cloud"},
    }));
    CAPTURE(address);
    CHECK(why_not_of_pod(boost::asio::ip::make_address(address), false) == why);
    const std::string said = url_or_refusal({"80", "", ""}, running_pod(address));
    if (why.empty())
        CHECK(said.starts_with("http://"));
    else
        CHECK(said == "its address " + boost::asio::ip::make_address(address).to_string() +
                          " is not asked: " + std::string{why});
}

TEST_CASE("what is no address is refused") {
    const std::string text = GENERATE(as<std::string>{}, "localhost", "10.1.2", "10.1.2.3.4", "10.1.2.3:80",
                                      " ", "[::1]", "0x7f000001", "010.1.2.3", "2130706433");
    CAPTURE(text);
    CHECK(url_or_refusal({"80", "", ""}, running_pod(text)).ends_with("is none"));
}

TEST_CASE("loopback is asked in tests alone") {
    EndpointRules rules;
    rules.allow_loopback = true;
    CHECK(url_or_refusal({"80", "", ""}, running_pod("127.0.2.1"), rules) == "http://127.0.2.1:80/metrics");
    CHECK(url_or_refusal({"80", "", ""}, running_pod("169.254.0.1"), rules).find("link-local") !=
          std::string::npos);
}

TEST_CASE("no node is asked unless it is allowed") {
    EndpointRules rules;
    rules.is_node = [](const auto& address) { return address.to_string() == "10.9.9.9"; };
    CHECK(url_or_refusal({"80", "", ""}, running_pod("10.9.9.9"), rules) ==
          "its address 10.9.9.9 is not asked: it is a node's");
    CHECK(url_or_refusal({"80", "", ""}, running_pod("192.168.0.1"), rules) ==
          "its address 192.168.0.1 is not asked: it is a node's");
    kube::PodNetwork host = running_pod("192.168.0.1");
    host.host_network = true;
    CHECK(url_or_refusal({"80", "", ""}, host, rules) ==
          "it is on its node's network, which takes --custom-metrics-host-network");
}

TEST_CASE("a node is asked for a pod of its network alone, where that is allowed") {
    EndpointRules rules;
    rules.allow_host_network = true;
    rules.is_node = [](const auto& address) { return address.to_string() == "10.9.9.9"; };
    CHECK(url_or_refusal({"80", "", ""}, running_pod(), rules) == "http://10.1.2.3:80/metrics");
    CHECK(url_or_refusal({"80", "", ""}, running_pod("10.9.9.9"), rules) ==
          "its address 10.9.9.9 is not asked: it is a node's");
    CHECK(url_or_refusal({"80", "", ""}, running_pod("192.168.0.1"), rules) ==
          "its address 192.168.0.1 is not asked: it is a node's");
    kube::PodNetwork host = running_pod("192.168.0.1");
    host.host_network = true;
    CHECK(url_or_refusal({"80", "", ""}, host, rules) == "http://192.168.0.1:80/metrics");
    // Of both families.
    host.pod_ip = "fd00::7";
    CHECK(url_or_refusal({"80", "", ""}, host, rules) ==
          "its address fd00::7 is not asked: it is not its node's, whose network it is on");
    host.host_ips = {"192.168.0.1", "fd00::7"};
    CHECK(url_or_refusal({"80", "", ""}, host, rules) == "http://[fd00::7]:80/metrics");
    // Another node.
    host.pod_ip = "10.9.9.9";
    CHECK(url_or_refusal({"80", "", ""}, host, rules) ==
          "its address 10.9.9.9 is not asked: it is not its node's, whose network it is on");
}

TEST_CASE("a pod that is not running has no endpoint") {
    kube::PodNetwork pod = running_pod();
    pod.phase = GENERATE(as<std::string>{}, "Pending", "Succeeded", "Failed", "Unknown", "");
    CHECK(url_or_refusal({"80", "", ""}, pod) == "it is not running");
    pod = running_pod("");
    CHECK(url_or_refusal({"80", "", ""}, pod) == "it is not running");
    CHECK_FALSE(endpoint_of({"80", "", ""}, pod, {}).by_annotation);
}

TEST_CASE("annotations name the port, the path and the scheme") {
    struct Case {
        Annotations annotations;
        std::string expected;
    };
    const std::string no_port = "the annotation for the port is ";
    const std::string no_path = "the annotation for the path is ";
    const std::string path_rule = ", which is not / and at most 256 printable characters without a query";
    const auto port = [&](const std::string& text) {
        return no_port + '"' + text + "\", not a number from 1 to 65535";
    };
    const auto each = GENERATE_COPY(values<Case>({
        {{"8080", "", ""}, "http://10.1.2.3:8080/metrics"},
        {{"1", "/", "http"}, "http://10.1.2.3:1/"},
        {{"65535", "/a/b.c~_-:@", ""}, "http://10.1.2.3:65535/a/b.c~_-:@"},
        {{"0", "", ""}, port("0")},
        {{"65536", "", ""}, port("65536")},
        {{"-1", "", ""}, port("-1")},
        {{"+80", "", ""}, port("+80")},
        {{"80 ", "", ""}, port("80 ")},
        {{"http", "", ""}, port("http")},
        {{"99999999999", "", ""}, port("99999999999")},
        {{"80", "metrics", ""}, no_path + "\"metrics\"" + path_rule},
        {{"80", "/m?x=1", ""}, no_path + "\"/m?x=1\"" + path_rule},
        {{"80", "/m#x", ""}, no_path + "\"/m#x\"" + path_rule},
        {{"80", "/a b", ""}, no_path + "\"/a b\"" + path_rule},
        {{"80", "/\r\nHost:x", ""}, no_path + "\"/\"" + path_rule},
        {{"80", "/\xc3\xa4", ""}, no_path + "\"/??\"" + path_rule},
        {{"80", "//evil.example/x", ""}, "http://10.1.2.3:80//evil.example/x"},
        {{"80", "", "ftp"}, "the annotation for the scheme is \"ftp\", neither http nor https"},
        {{"80", "", "HTTP"}, "the annotation for the scheme is \"HTTP\", neither http nor https"},
        {{"80", "", "https"},
         "the annotation for the scheme is https, and there is neither --custom-metrics-ca-file nor "
         "--custom-metrics-insecure-tls"},
    }));
    CAPTURE(each.annotations.port, each.annotations.path, each.annotations.scheme);
    CHECK(url_or_refusal(each.annotations, running_pod()) == each.expected);
    const FoundEndpoint found = endpoint_of(each.annotations, running_pod(), {});
    CHECK(found.by_annotation == !found.refusal.empty());
}

TEST_CASE("a path is bounded") {
    CHECK(url_or_refusal({"80", "/" + std::string(255, 'a'), ""}, running_pod()).starts_with("http://"));
    CHECK_FALSE(
        url_or_refusal({"80", "/" + std::string(256, 'a'), ""}, running_pod()).starts_with("http://"));
}

TEST_CASE("https needs a way to verify") {
    EndpointRules rules;
    rules.can_tls = true;
    CHECK(url_or_refusal({"80", "", "https"}, running_pod("fd00::1"), rules) ==
          "https://[fd00::1]:80/metrics");
}

TEST_CASE("without an annotation for the port the declared one is taken") {
    struct Case {
        std::vector<kube::ContainerPort> ports;
        std::string expected;
    };
    const auto each = GENERATE(values<Case>({
        {{{"http", 8080, ""}}, "http://10.1.2.3:8080/metrics"},
        {{{"http", 8080, "TCP"}, {"metrics", 9090, "TCP"}}, "http://10.1.2.3:9090/metrics"},
        {{{"dns", 53, "UDP"}, {"http", 8080, "TCP"}}, "http://10.1.2.3:8080/metrics"},
        {{{"metrics", 53, "UDP"}, {"http", 8080, "TCP"}}, "http://10.1.2.3:8080/metrics"},
        {{}, "there is no annotation for the port, and no container declares one"},
        {{{"dns", 53, "UDP"}}, "there is no annotation for the port, and no container declares one"},
        {{{"http", 0, "TCP"}}, "there is no annotation for the port, and no container declares one"},
        {{{"http", 80, ""}, {"admin", 81, ""}},
         "there is no annotation for the port, and of the 2 declared ports none is called metrics"},
    }));
    kube::PodNetwork pod = running_pod();
    pod.ports = each.ports;
    CHECK(url_or_refusal({}, pod) == each.expected);
}
