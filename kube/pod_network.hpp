// SPDX-License-Identifier: Apache-2.0
// Where a pod's containers are reached: what is read of one whole pod, bounded as in full_objects.hpp.
#pragma once

#include "net/error.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace kube {

// As containers declare them; whoever listens need not.
struct ContainerPort {
    std::string name;
    std::int32_t number = 0;
    // Empty: TCP.
    std::string protocol;
};

struct PodNetwork {
    static constexpr std::size_t kMostPorts = 256;
    static constexpr std::size_t kMostHostIps = 8;

    std::string uid;
    // Pending, Running, Succeeded, Failed.
    std::string phase;
    // As they were written: whatever may write pods/status writes them.
    std::string pod_ip;
    std::string host_ip;
    // Of both families; may be empty where host_ip is not.
    std::vector<std::string> host_ips;
    bool host_network = false;
    // The ports of its containers in order, sidecars included, those of other init containers left out.
    std::vector<ContainerPort> ports;
};

// An API server's answer, in protobuf or JSON. Errc::malformed: it is no pod.
net::Result<> decode_answer(std::string_view bytes, PodNetwork& into);

}  // namespace kube
