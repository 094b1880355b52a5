// SPDX-License-Identifier: Apache-2.0
// Turns compact JSON into Go's indented form (json.MarshalIndent), piece by piece.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace apiserver {

// How many spaces stand in front of each line but the first, and more for each level.
struct Indentation {
    std::size_t prefix = 0;
    std::size_t level = 2;
};
// github.com/emicklei/go-restful
inline constexpr Indentation kGoRestful{1, 1};

// For compact JSON only: no white space outside strings. A piece may end anywhere. One object per document.
class JsonIndenter {
  public:
    explicit JsonIndenter(Indentation indentation = {}) : indentation_{indentation} {}

    void append(std::string& out, std::string_view compact);

  private:
    void break_line(std::string& out) const;

    Indentation indentation_;
    std::size_t depth_ = 0;
    bool in_string_ = false;
    bool escaped_ = false;
    // A bracket was opened and nothing has followed yet: {} and [] stay on their line.
    bool opened_ = false;
};

std::string indented(std::string_view compact);

}  // namespace apiserver
