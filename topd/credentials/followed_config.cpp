// SPDX-License-Identifier: Apache-2.0
#include "topd/credentials/followed_config.hpp"

#include "telemetry/log.hpp"

#include <stdexcept>
#include <utility>

namespace topd {

FollowedConfig::FollowedConfig(std::string purpose, const kube::Config& config, std::vector<std::string> more,
                               Load load, Apply apply)
    : purpose_{std::move(purpose)},
      more_{std::move(more)},
      load_{std::move(load)},
      apply_{std::move(apply)},
      files_{files_of(config)} {}

files::Watched FollowedConfig::files_of(const kube::Config& config) const {
    std::vector<std::string> paths = config.files;
    paths.insert(paths.end(), more_.begin(), more_.end());
    return files::Watched{std::move(paths)};
}

void FollowedConfig::read_again() {
    // To look is cheap, to read takes milliseconds where certificates are many.
    const bool changed = files_.changed();
    if (!changed && settled_) return;
    std::string failure;
    try {
        read();
    } catch (const std::runtime_error& error) {
        failure = error.what();
        if (failure != failure_)
            telemetry::error("Failed to reload authorities and client certificates, keeping the last ones",
                             {{"for", purpose_}, {"err", failure}});
    }
    failure_ = std::move(failure);
    settled_ = !changed && failure_.empty();
}

void FollowedConfig::read() {
    const kube::Config now = load_();
    // It may name other files.
    files_ = files_of(now);
    apply_(now);
}

}  // namespace topd
