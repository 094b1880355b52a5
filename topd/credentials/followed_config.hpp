// SPDX-License-Identifier: Apache-2.0
// A kubeconfig or the pod's own account, as its files hold it now.
#pragma once

#include "files/watched.hpp"
#include "kube/config/config.hpp"

#include <functional>
#include <string>
#include <vector>

namespace topd {

class FollowedConfig {
  public:
    using Load = std::function<kube::Config()>;
    using Apply = std::function<void(const kube::Config&)>;

    // `purpose`, for the log: "the API server". `config` is what load() gave; `more`: further files that
    // apply() reads. Both functions may throw std::runtime_error.
    FollowedConfig(std::string purpose, const kube::Config& config, std::vector<std::string> more, Load load,
                   Apply apply);

    // Applies what the files hold if they changed. What is not usable (half replaced, say) is logged once,
    // and tried again each time.
    void read_again();

  private:
    files::Watched files_of(const kube::Config& config) const;
    void read();

    std::string purpose_;
    std::vector<std::string> more_;
    Load load_;
    Apply apply_;
    files::Watched files_;
    // What was read is what the files held both before and after.
    bool settled_ = false;
    std::string failure_;
};

}  // namespace topd
