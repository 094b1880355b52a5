// SPDX-License-Identifier: Apache-2.0
// The authorities and certificates of our own connections: those of the cluster and those of the --kubelet-*
// flags. Their files change while topd runs: certificates are renewed, authorities replaced.
#pragma once

#include "kube/config/config.hpp"
#include "scraper/scraper.hpp"
#include "topd/credentials/client_credentials.hpp"
#include "topd/credentials/followed_config.hpp"
#include "topd/flags/flags.hpp"

#include <string>

namespace topd {

class ClusterCredentials {
  public:
    // `cluster` is what kube_config() gave; connections that use copies of it follow as well. All must
    // outlive it.
    ClusterCredentials(const Flags& flags, const kube::Config& cluster, scraper::Scraper& scraper);

    // New connections are made by what the files hold now, and kept ones replaced before they are used again.
    // What is not usable (half replaced, say) is logged once and the last good one stays.
    void read_again();

  private:
    void apply(const kube::Config& now);

    const Flags& flags_;
    ClientCredentials server_;
    scraper::Scraper& scraper_;
    std::string kubelets_held_;
    FollowedConfig config_;
};

}  // namespace topd
