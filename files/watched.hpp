// SPDX-License-Identifier: Apache-2.0
// Files that are replaced while topd runs: certificates, authorities, kubeconfigs.
#pragma once

#include <string>
#include <vector>

namespace files {

class Watched {
  public:
    // Looks for the first time.
    explicit Watched(std::vector<std::string> paths);

    // Whether they hold something else than at the last look; a file that cannot be read holds nothing. Some
    // tens of microseconds. By content: mounted Secrets change by a symbolic link, others within the clock's
    // resolution.
    bool changed();

  private:
    std::string contents() const;

    std::vector<std::string> paths_;
    std::string last_;
};

}  // namespace files
