// SPDX-License-Identifier: Apache-2.0
// Who asks and whether they may: what the --authentication-*, --authorization-*, --client-ca-file and
// --requestheader-* flags mean, put together.
#pragma once

#include "apiserver/auth/delegated_authenticator.hpp"
#include "apiserver/auth/delegated_authorizer.hpp"
#include "apiserver/auth/trust.hpp"
#include "files/watched.hpp"
#include "kube/config/config.hpp"
#include "kube/reflector.hpp"
#include "kube/reviews/review_client.hpp"
#include "net/task.hpp"
#include "topd/credentials/followed_config.hpp"
#include "topd/flags/flags.hpp"
#include "topd/limits/memory_plan.hpp"

#include <memory>
#include <string>
#include <vector>

namespace topd {

class Access {
  public:
    // `cluster`: for what has no kubeconfig of its own. Throws std::runtime_error or kube::ConfigError, one
    // line, when a file is not usable.
    Access(net::Executor executor, const Flags& flags, const kube::Config& cluster,
           const MemoryBounds& bounds = {});

    // Follows the cluster's authentication ConfigMap, until cancelled.
    net::Task<> run();

    // Take over what --client-ca-file and --requestheader-client-ca-file, and what
    // --authentication-kubeconfig and --authorization-kubeconfig hold now. What is not usable (half replaced,
    // say) is logged and the last good one stays.
    void read_authorities_again();
    void read_kubeconfigs_again();

    // What there is for the page of metrics about reviews and certificates.
    void write_metrics(telemetry::MetricsText& text) const;

    apiserver::Authenticator& authenticator() { return authenticator_; }
    apiserver::Authorizer& authorizer() { return authorizer_; }

  private:
    void follow_own(const std::string& kubeconfig, const char* purpose, const kube::Config& config);

    Flags flags_;
    files::Watched authorities_;
    kube::Config for_authentication_;
    kube::Config for_authorization_;
    std::vector<FollowedConfig> own_;
    apiserver::TrustSource trust_;
    std::unique_ptr<kube::Reflector> config_map_;
    kube::ReviewClient tokens_;
    kube::ReviewClient permissions_;
    apiserver::DelegatedAuthenticator authenticator_;
    apiserver::DelegatedAuthorizer authorizer_;
};

}  // namespace topd
