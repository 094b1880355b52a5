// SPDX-License-Identifier: Apache-2.0
// The APIServices of metrics.k8s.io: whether the aggregator has somewhere to send requests, and whom it
// trusts there (k8s.io/kube-aggregator, pkg/apis/apiregistration/v1, pkg/controllers/status/remote).
#pragma once

#include "topd/doctor/ask/api_reader.hpp"
#include "topd/doctor/judge/finding.hpp"

#include <optional>
#include <string>
#include <vector>

namespace topd::doctor {

struct ApiService {
    // v1beta1.metrics.k8s.io
    std::string name;
    // spec.service; empty: the API server itself is to serve it.
    std::string service;
    std::string name_space;
    int port = 443;
    bool insecure = false;
    // Decoded; empty: none.
    std::string ca_bundle;
    bool ca_bundle_readable = true;
    int version_priority = 0;
    // The condition Available. Unknown before the first check.
    enum class Available { yes, no, unknown } available = Available::unknown;
    std::string reason;
    std::string message;

    std::string object() const { return "APIService " + name; }
    // The Service, "kube-system/metrics-server".
    std::string leads_to() const { return name_space + "/" + service; }
    // The name that the aggregator expects in the certificate.
    std::string server_name() const { return service + "." + name_space + ".svc"; }
};

// What is seen of one version: v1beta1 or v1.
struct ApiServiceSeen {
    std::string name;
    // The object. 404: there is none; 403: we may not look.
    Answer object;
    // Its discovery document through the aggregator, which everybody may read.
    Answer discovery;
};

// By the object, or when we may not look at it by its discovery document.
bool is_missing(const ApiServiceSeen& seen);

// nullopt: not there or not readable.
std::optional<ApiService> read_api_service(const ApiServiceSeen& seen);

// That v1beta1 is there, that both lead to the same Service, and which of them clients take.
Check judge_api_services(const ApiServiceSeen& v1beta1, const ApiServiceSeen& v1);

// What the aggregator says of them, when nothing better explains it.
void judge_availability(const ApiServiceSeen& v1beta1, const ApiServiceSeen& v1, Check& into);

}  // namespace topd::doctor
