// SPDX-License-Identifier: Apache-2.0
// The authorities and certificates of our own connections: those of the cluster and those of the --kubelet-*
// flags. Their files change while topd runs: certificates are renewed, authorities replaced.
#pragma once

#include "kube/config/config.hpp"
#include "net/task.hpp"
#include "scraper/scraper.hpp"
#include "topd/credentials/followed_config.hpp"
#include "topd/credentials/server_credentials.hpp"
#include "topd/flags/flags.hpp"

#include <chrono>
#include <string>

namespace topd {

class ClientCredentials {
  public:
    // `cluster` is what kube_config() gave; connections that use copies of it follow as well. All must
    // outlive it.
    ClientCredentials(const Flags& flags, const kube::Config& cluster, scraper::Scraper& scraper);

    // Looks every kLookAgain whether the files hold something else, until cancelled.
    static constexpr std::chrono::seconds kLookAgain{5};
    net::Task<> follow();
    // Once. New connections are made by what the files hold now, and kept ones replaced before they are used
    // again. What is not usable (half replaced, say) is logged once and the last good one stays.
    void read_again();

  private:
    void apply(const kube::Config& now);

    const Flags& flags_;
    ServerCredentials server_;
    scraper::Scraper& scraper_;
    std::string kubelets_held_;
    FollowedConfig config_;
};

}  // namespace topd
