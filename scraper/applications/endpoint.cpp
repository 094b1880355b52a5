// SPDX-License-Identifier: Apache-2.0
#include "scraper/applications/endpoint.hpp"

#include "scraper/kubelet/failure.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <optional>
#include <utility>
#include <vector>

namespace scraper {
namespace {

namespace ip = boost::asio::ip;

constexpr std::size_t kPathBytes = 256;

std::string quoted(std::string_view text) {
    return '"' + printable_line(text) + '"';
}

bool begins_with(const ip::address_v6& address, std::initializer_list<std::uint8_t> prefix) {
    const auto bytes = address.to_bytes();
    return std::equal(prefix.begin(), prefix.end(), bytes.begin());
}

// Services of clouds that hand out credentials, where they are not link-local.
bool is_of_cloud(const ip::address& address) {
    static const ip::address kOfClouds[] = {
        ip::make_address("100.100.100.200"),  // Alibaba Cloud
        ip::make_address("168.63.129.16"),    // Azure
        ip::make_address("192.0.0.192"),      // Oracle Cloud
        ip::make_address("fd20:ce::254"),     // Google Cloud
    };
    // AWS: credentials, time and names stand there.
    if (address.is_v6() && begins_with(address.to_v6(), {0xfd, 0x00, 0x0e, 0xc2})) return true;
    return std::find(std::begin(kOfClouds), std::end(kOfClouds), address) != std::end(kOfClouds);
}

std::string_view why_not(const ip::address_v4& address, bool allow_loopback) {
    const auto bytes = address.to_bytes();
    if (address.is_loopback()) return allow_loopback ? "" : "it is a loopback address";
    if (bytes[0] == 0) return "it is no address of a host";
    if (bytes[0] == 169 && bytes[1] == 254) return "it is a link-local address";
    if (address.is_multicast()) return "it is a multicast address";
    if (address == ip::address_v4::broadcast()) return "it is the broadcast address";
    return "";
}

// An IPv4 address stands in it, to which it may be led.
bool holds_ipv4(const ip::address_v6& address) {
    const auto bytes = address.to_bytes();
    const std::initializer_list<std::uint8_t> prefixes[] = {
        {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0},              // ::a.b.c.d
        {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff},        // ::ffff:a.b.c.d
        {0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0},        // ::ffff:0:a.b.c.d, SIIT
        {0x00, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0},  // 64:ff9b::/96, NAT64
        {0x00, 0x64, 0xff, 0x9b, 0x00, 0x01},              // 64:ff9b:1::/48, a network's own NAT64
        {0x20, 0x01, 0x00, 0x00},                          // 2001::/32, Teredo
        {0x20, 0x02},                                      // 2002::/16, 6to4
    };
    const bool is_isatap = (bytes[8] & 0xfd) == 0 && bytes[9] == 0 && bytes[10] == 0x5e && bytes[11] == 0xfe;
    return is_isatap || std::any_of(std::begin(prefixes), std::end(prefixes),
                                    [&](const auto& prefix) { return begins_with(address, prefix); });
}

std::string_view why_not(const ip::address_v6& address, bool allow_loopback) {
    if (address.is_loopback()) return allow_loopback ? "" : "it is a loopback address";
    if (address.is_unspecified()) return "it is no address of a host";
    if (address.is_link_local() || address.scope_id() != 0) return "it is a link-local address";
    if (address.is_multicast()) return "it is a multicast address";
    if (address.is_site_local()) return "it is a site-local address";
    if (holds_ipv4(address)) return "it is an IPv4 address written as an IPv6 one";
    return "";
}

std::optional<std::uint16_t> port_number(std::string_view text) {
    unsigned number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size() || number < 1 || number > 65535)
        return std::nullopt;
    return static_cast<std::uint16_t>(number);
}

// The one that is declared under the name metrics, or the only one.
std::string declared_port(const kube::PodNetwork& pod, std::uint16_t& into) {
    std::vector<kube::ContainerPort> ports = pod.ports;
    std::erase_if(ports, [](const kube::ContainerPort& port) {
        const bool is_tcp = port.protocol.empty() || port.protocol == "TCP";
        return !is_tcp || port.number < 1 || port.number > 65535;
    });
    const auto named = std::find_if(ports.begin(), ports.end(),
                                    [](const kube::ContainerPort& port) { return port.name == "metrics"; });
    if (named == ports.end() && ports.size() != 1)
        return ports.empty() ? "there is no annotation for the port, and no container declares one"
                             : "there is no annotation for the port, and of the " +
                                   std::to_string(ports.size()) + " declared ports none is called metrics";
    into = static_cast<std::uint16_t>((named == ports.end() ? ports.front() : *named).number);
    return {};
}

std::string read_port(const std::string& written, const kube::PodNetwork& pod, std::uint16_t& into) {
    if (written.empty()) return declared_port(pod, into);
    const auto number = port_number(written);
    if (!number)
        return "the annotation for the port is " + quoted(written) + ", not a number from 1 to 65535";
    into = *number;
    return {};
}

std::string read_path(const std::string& written, std::string& into) {
    into = written.empty() ? "/metrics" : written;
    const auto is_printable = [](char c) { return c > ' ' && c <= '~' && c != '?' && c != '#'; };
    if (into.front() == '/' && into.size() <= kPathBytes &&
        std::all_of(into.begin(), into.end(), is_printable))
        return {};
    return "the annotation for the path is " + quoted(written) + ", which is not / and at most 256 " +
           "printable characters without a query";
}

std::string read_scheme(const std::string& written, bool can_tls, bool& tls) {
    tls = written == "https";
    if (!tls && !written.empty() && written != "http")
        return "the annotation for the scheme is " + quoted(written) + ", neither http nor https";
    if (tls && !can_tls)
        return "the annotation for the scheme is https, and there is neither --custom-metrics-ca-file nor "
               "--custom-metrics-insecure-tls";
    return {};
}

// The address of the node that the pod is on.
bool is_host_of(const kube::PodNetwork& pod, const ip::address& address) {
    const auto is_it = [&](const std::string& text) {
        boost::system::error_code error;
        return ip::make_address(text, error) == address && !error;
    };
    return is_it(pod.host_ip) || std::any_of(pod.host_ips.begin(), pod.host_ips.end(), is_it);
}

std::string read_address(const kube::PodNetwork& pod, const EndpointRules& rules, ip::address& into) {
    if (pod.phase != "Running" || pod.pod_ip.empty()) return "it is not running";
    boost::system::error_code error;
    into = ip::make_address(pod.pod_ip, error);
    if (error) return "its address " + quoted(pod.pod_ip) + " is none";
    const auto refused = [&](std::string_view why) {
        return "its address " + into.to_string() + " is not asked: " + std::string{why};
    };
    if (const auto why = why_not_of_pod(into, rules.allow_loopback); !why.empty()) return refused(why);
    const bool is_host = is_host_of(pod, into);
    if (pod.host_network) {
        if (!rules.allow_host_network)
            return "it is on its node's network, which takes --custom-metrics-host-network";
        return is_host ? std::string{} : refused("it is not its node's, whose network it is on");
    }
    const bool is_node = is_host || (rules.is_node && rules.is_node(into));
    return is_node && !into.is_loopback() ? refused("it is a node's") : std::string{};
}

}  // namespace

std::string Endpoint::authority() const {
    const std::string host = address.to_string();
    return (address.is_v6() ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

std::string Endpoint::url() const {
    return (tls ? "https://" : "http://") + authority() + path;
}

std::string_view why_not_of_pod(const ip::address& address, bool allow_loopback) {
    if (is_of_cloud(address)) return "it is a service of a cloud";
    return address.is_v4() ? why_not(address.to_v4(), allow_loopback)
                           : why_not(address.to_v6(), allow_loopback);
}

FoundEndpoint endpoint_of(const storage::applications::Annotations& annotations, const kube::PodNetwork& pod,
                          const EndpointRules& rules) {
    FoundEndpoint found;
    Endpoint& endpoint = found.endpoint;
    std::string& refusal = found.refusal;
    refusal = read_scheme(annotations.scheme, rules.can_tls, endpoint.tls);
    if (refusal.empty()) refusal = read_path(annotations.path, endpoint.path);
    if (refusal.empty()) refusal = read_port(annotations.port, pod, endpoint.port);
    found.by_annotation = !refusal.empty();
    found.lasts = found.by_annotation || (pod.host_network && !rules.allow_host_network);
    if (refusal.empty()) refusal = read_address(pod, rules, endpoint.address);
    return found;
}

}  // namespace scraper
