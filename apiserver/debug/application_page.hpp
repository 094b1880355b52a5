// SPDX-License-Identifier: Apache-2.0
// What a pod says of itself (--custom-metrics): why its application is not scraped, or has no figure.
#pragma once

#include "apiserver/debug/moments.hpp"
#include "storage/applications/applications.hpp"
#include "storage/store.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace apiserver {

// How an application is scraped, as the API server is told: it knows no scraper.
struct ApplicationScrape {
    // Empty: it is not known where it is.
    std::string url;
    // "ok", "timeout"; empty: it is not in demand.
    std::string_view outcome;
    // Monotonic{}: it is under way, or not in demand.
    storage::Monotonic next{};
};

struct ApplicationReports {
    // Null: no pods are scraped.
    const storage::applications::Applications* applications = nullptr;
    // What the annotations begin with.
    std::string annotations;
    std::function<void(const storage::PodKey& pod, ApplicationScrape& out)> scrape;
};

// A JSON object. REQUIRES: applications.
void append_application_json(std::string& out, const ApplicationReports& reports, const storage::PodKey& pod,
                             const Moments& now);
// For people.
std::string application_text(const ApplicationReports& reports, const storage::PodKey& pod,
                             const Moments& now);

}  // namespace apiserver
