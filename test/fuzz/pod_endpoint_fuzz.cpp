// SPDX-License-Identifier: Apache-2.0
// Whatever annotations and addresses say, what is asked is a pod's, by a path that is one line.
#include "scraper/applications/endpoint.hpp"
#include "test/fuzz/require.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace {

// Lines: port, path, scheme, the pod's address, its host's, then names of ports, each with a number.
std::vector<std::string> lines_of(std::string_view text) {
    std::vector<std::string> lines(1);
    for (const char c : text) {
        if (c == '\n')
            lines.emplace_back();
        else
            lines.back() += c;
    }
    lines.resize(std::max<std::size_t>(lines.size(), 5));
    return lines;
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::vector<std::string> lines = lines_of(text_of(data, size));
    kube::PodNetwork pod;
    pod.phase = "Running";
    pod.pod_ip = lines[3];
    pod.host_ip = lines[4];
    for (std::size_t i = 5; i < lines.size(); ++i)
        pod.ports.push_back({lines[i], static_cast<std::int32_t>(lines[i].size() * 4099), ""});
    scraper::EndpointRules rules;
    rules.can_tls = size % 2 == 0;
    const scraper::FoundEndpoint found = scraper::endpoint_of({lines[0], lines[1], lines[2]}, pod, rules);
    require(found.refusal.size() < 600, "a refusal is bounded");
    for (const char c : found.refusal) require(c >= ' ' && c <= '~', "a refusal is one printable line");
    if (!found.refusal.empty()) return 0;
    const scraper::Endpoint& endpoint = found.endpoint;
    require(endpoint.port != 0, "there is a port");
    require(endpoint.path.size() <= 256 && endpoint.path.front() == '/', "there is a path");
    for (const char c : endpoint.path) require(c > ' ' && c <= '~' && c != '?', "the path is printable");
    require(!endpoint.tls || rules.can_tls, "https needs a way to verify");
    const auto& address = endpoint.address;
    require(!address.is_loopback() && !address.is_unspecified() && !address.is_multicast(),
            "a pod's address");
    require(!address.is_v4() || (address.to_v4().to_uint() >> 16) != 0xa9fe, "not link-local");
    require(!address.is_v6() || (!address.to_v6().is_link_local() && !address.to_v6().is_v4_mapped()),
            "not link-local, nor IPv4 in disguise");
    require(address.to_string() != lines[4], "not the node's");
    return 0;
}
