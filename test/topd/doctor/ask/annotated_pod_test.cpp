// SPDX-License-Identifier: Apache-2.0
#include "topd/doctor/ask/annotated_pod.hpp"

#include <catch2/catch.hpp>

using namespace topd::doctor;

TEST_CASE("Authorities that are no use are told and end nothing") {
    topd::Flags flags;
    CHECK(authorities_fault(flags).empty());
    flags.custom_metrics_ca_file = "/no/such/file.pem";
    CHECK(authorities_fault(flags).starts_with("/no/such/file.pem: "));
}

TEST_CASE("Pods are asked by the daemon's rules") {
    kube::Node node;
    node.addresses = {{"Hostname", "a.example"}, {"InternalIP", "10.0.0.1"}};
    topd::Flags flags;
    const auto address = [](const char* text) { return boost::asio::ip::make_address(text); };
    auto rules = endpoint_rules(flags, {node});
    CHECK(rules.is_node(address("10.0.0.1")));
    CHECK_FALSE(rules.is_node(address("10.0.0.2")));
    CHECK_FALSE(rules.can_tls);
    flags.custom_metrics_insecure_tls = true;
    CHECK(endpoint_rules(flags, {}).can_tls);
}
