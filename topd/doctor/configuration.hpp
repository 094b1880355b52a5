// SPDX-License-Identifier: Apache-2.0
// The command line and the files that it names, as the daemon reads them when it starts.
#pragma once

#include "kube/config/config.hpp"
#include "scraper/options.hpp"
#include "topd/doctor/judge/finding.hpp"
#include "topd/flags/flags.hpp"

#include <optional>
#include <string>
#include <vector>

namespace topd::doctor {

struct Configuration {
    Flags flags;
    // --kubeconfig, or the pod's own account.
    kube::Config cluster;
    // --authentication-kubeconfig, --authorization-kubeconfig; else the same.
    kube::Config authentication;
    kube::Config authorization;
    // --admin-kubeconfig of the doctor: whoever may look at APIServices and Services.
    std::optional<kube::Config> admin;
    scraper::ScraperOptions kubelets;
};

// The doctor's own flags, taken out of the daemon's.
struct CommandLine {
    std::vector<std::string> daemon;
    // --admin-kubeconfig FILE or =FILE; empty: none.
    std::string admin_kubeconfig;
};
CommandLine split(const std::vector<std::string>& arguments);

// `into` is set when the rest can be examined.
Check read_configuration(const CommandLine& line, std::optional<Configuration>& into);

// "--kubeconfig /path", or the service account.
std::string credentials_of(const std::string& flag, const std::string& path);

}  // namespace topd::doctor
