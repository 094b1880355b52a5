// SPDX-License-Identifier: Apache-2.0
// The certificate that topd serves with, as its files have it, and whether the aggregator accepts it.
#pragma once

#include "topd/doctor/judge/api_services.hpp"
#include "topd/doctor/judge/finding.hpp"
#include "topd/flags/flags.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace topd::doctor {

struct ServingFiles {
    std::string certificate_file;
    std::string key_file;
    // By --tls-cert-file; else topd makes them when they are not there.
    bool given = false;
    // What is in them; nullopt: not readable, and why.
    std::optional<std::string> certificate;
    std::optional<std::string> key;
    std::string why;
};
ServingFiles read_serving_files(const Flags& flags);

// `services`: those that could be looked at.
Check judge_serving(const ServingFiles& files, const std::vector<ApiService>& services,
                    std::chrono::system_clock::time_point now);

}  // namespace topd::doctor
