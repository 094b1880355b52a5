// SPDX-License-Identifier: Apache-2.0
#include "topd/serving/listen_failure.hpp"

#include <boost/system/errc.hpp>
#include <fmt/format.h>

namespace topd {
namespace {

namespace errc = boost::system::errc;

constexpr std::uint16_t kKubeletPort = 10250;

std::string hint(const std::string& bind_address, std::uint16_t port, const net::Error& why) {
    if (why == errc::address_in_use)
        return fmt::format(
            "another process has this port{}; choose another by --secure-port",
            port == kKubeletPort ? " (with hostNetwork: true that is the node's kubelet)" : "");
    if (why == errc::permission_denied || why == errc::operation_not_permitted)
        return "ports below 1024 need the capability NET_BIND_SERVICE; choose a higher one by --secure-port";
    if (why == errc::address_not_available)
        return "this machine has no such address (a link-local one needs its interface: fe80::1%eth0); "
               "correct --bind-address, or leave it out for all addresses";
    if (why == errc::address_family_not_supported)
        return fmt::format(
            "this machine has no {}; correct --bind-address, or leave it out for all addresses",
            bind_address.find(':') != std::string::npos ? "IPv6" : "IPv4");
    if (why == errc::invalid_argument) return "--bind-address has to be an IP address";
    return "see --bind-address and --secure-port";
}

}  // namespace

std::string shown_address(const std::string& bind_address, std::uint16_t port) {
    const bool all = bind_address.empty() || bind_address == "0.0.0.0" || bind_address == "::";
    if (all) return fmt::format("[::]:{}", port);
    if (bind_address.find(':') != std::string::npos) return fmt::format("[{}]:{}", bind_address, port);
    return fmt::format("{}:{}", bind_address, port);
}

std::string listen_failure(const std::string& bind_address, std::uint16_t port, const net::Error& why) {
    return fmt::format("cannot listen on {}: {}: {}", shown_address(bind_address, port), why.message(),
                       hint(bind_address, port, why));
}

}  // namespace topd
