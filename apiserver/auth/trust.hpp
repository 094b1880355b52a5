// SPDX-License-Identifier: Apache-2.0
// The authorities that prove who a client is. Follows the flags' files and the cluster's ConfigMap.
#pragma once

#include "apiserver/auth/front_proxy.hpp"
#include "kube/objects.hpp"
#include "kube/reflector.hpp"
#include "net/event.hpp"
#include "net/task.hpp"
#include "net/tls/certificate.hpp"

#include <memory>
#include <optional>

namespace apiserver {

struct Trust {
    // Unset: no front proxy is trusted.
    std::optional<FrontProxyConfig> front_proxy;
    // Unset: client certificates prove nothing.
    std::optional<net::TrustPool> clients;
};

// Follows the ConfigMap kube-system/extension-apiserver-authentication
// (k8s.io/apiserver, pkg/server/options/authentication_dynamic_request_header.go). What the flags set is not
// looked up. There are two parts, the front proxy and the clients: each is read wholly or not at all. One
// that cannot be read keeps its last good value, or trusts nobody where there is none, and is logged with the
// key.
class TrustSource final : public kube::Observer<kube::ConfigMap> {
  public:
    static constexpr const char* kNamespace = "kube-system";
    static constexpr const char* kName = "extension-apiserver-authentication";

    enum class LookUp {
        none,      // --authentication-skip-lookup, or the flags say everything
        required,  // not ready before it was read
        tolerated  // --authentication-tolerate-lookup-failure: ready without it
    };
    TrustSource(Trust by_flags, LookUp look_up);

    std::shared_ptr<const Trust> current() const { return current_; }
    bool ready() const { return ready_; }
    // Returns when ready, or then.
    net::Task<> wait_ready(net::Clock::time_point until);

    // The flags' files hold something else: what they set now counts, at once.
    void replace_flags(Trust by_flags);

    void begin_list() override {}
    // An empty list: the cluster has no such ConfigMap, which is an answer too.
    void end_list() override;
    void put(const kube::ConfigMap& map) override;
    // As in Go, what a ConfigMap that is gone said last goes on.
    void removed(const kube::ConfigMap&) override {}

  private:
    void become_ready();

    Trust by_flags_;
    std::shared_ptr<const Trust> current_;
    bool ready_;
    net::Event changed_;
};

}  // namespace apiserver
