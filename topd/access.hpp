// SPDX-License-Identifier: Apache-2.0
// Who asks and whether they may: what the --authentication-*, --authorization-*, --client-ca-file and
// --requestheader-* flags mean, put together.
#pragma once

#include "apiserver/auth/delegated_authenticator.hpp"
#include "apiserver/auth/delegated_authorizer.hpp"
#include "apiserver/auth/trust.hpp"
#include "kube/config.hpp"
#include "kube/reflector.hpp"
#include "kube/review_client.hpp"
#include "net/task.hpp"
#include "topd/flags.hpp"

#include <memory>

namespace topd {

class Access {
  public:
    // `cluster`: for what has no kubeconfig of its own. Throws std::runtime_error or kube::ConfigError, one
    // line, when a file is not usable.
    Access(net::Executor executor, const Flags& flags, const kube::Config& cluster);

    // Follows the cluster's authentication ConfigMap, until cancelled.
    net::Task<> run();

    apiserver::Authenticator& authenticator() { return authenticator_; }
    apiserver::Authorizer& authorizer() { return authorizer_; }

  private:
    kube::Config for_authentication_;
    apiserver::TrustSource trust_;
    std::unique_ptr<kube::Reflector> config_map_;
    kube::ReviewClient tokens_;
    kube::ReviewClient permissions_;
    apiserver::DelegatedAuthenticator authenticator_;
    apiserver::DelegatedAuthorizer authorizer_;
};

}  // namespace topd
