// SPDX-License-Identifier: Apache-2.0
// The Service behind an APIService and its endpoints, looked at as the aggregator does
// (k8s.io/kube-aggregator, pkg/controllers/status/remote/remote_available_controller.go).
#pragma once

#include "topd/doctor/ask/api_reader.hpp"
#include "topd/doctor/judge/api_services.hpp"
#include "topd/doctor/judge/finding.hpp"

#include <string>

namespace topd::doctor {

std::string service_path(const ApiService& service);
// The path of its EndpointSlices.
std::string slices_path(const ApiService& service);

struct ServiceSeen {
    ApiService api_service;
    Answer service;
    Answer slices;
};
// Adds findings and notes.
void judge_service(const ServiceSeen& seen, Check& into);

}  // namespace topd::doctor
