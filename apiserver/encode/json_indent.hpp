// SPDX-License-Identifier: Apache-2.0
// Turns compact JSON into Go's indented form (json.MarshalIndent with two spaces), piece by piece.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace apiserver {

// For compact JSON only: no white space outside strings. A piece may end anywhere. One object per document.
class JsonIndenter {
  public:
    void append(std::string& out, std::string_view compact);

  private:
    void break_line(std::string& out) const;

    std::size_t depth_ = 0;
    bool in_string_ = false;
    bool escaped_ = false;
    // A bracket was opened and nothing has followed yet: {} and [] stay on their line.
    bool opened_ = false;
};

std::string indented(std::string_view compact);

}  // namespace apiserver
