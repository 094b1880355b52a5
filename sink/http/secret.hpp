// SPDX-License-Identifier: Apache-2.0
// What proves who we are: in a file or in the environment, never on the command line, where all processes
// could read it.
#pragma once

#include "sink/address.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace sink {

class Secret {
  public:
    // There is none.
    Secret() = default;

    // The options NAME_file and NAME_env. Throws AddressError: both are there, the variable is not set; and
    // for the option NAME itself.
    static Secret take(Options& options, std::string_view name);

    bool empty() const { return file_.empty() && value_.empty(); }
    // Read anew each time, as files of Secrets change; without the space around it. nullopt: the file cannot
    // be read, or holds what may not stand in a header.
    std::optional<std::string> value() const;
    // For messages.
    const std::string& file() const { return file_; }

  private:
    std::string file_;
    std::string value_;
};

}  // namespace sink
