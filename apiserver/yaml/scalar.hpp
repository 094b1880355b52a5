// SPDX-License-Identifier: Apache-2.0
// Text as a YAML scalar, in the style that go.yaml.in/yaml/v2 chooses (encode.go, emitterc.go): plain if it
// would be read as the same text, else quoted, or literal over several lines.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace apiserver {

// As a value; `out` holds the line so far. Lines that go on start with `indent` spaces: text is broken at the
// first single space behind column 80. `text` is UTF-8.
void append_yaml_text(std::string& out, std::string_view text, std::size_t indent);

// As a key before a colon, on one line.
void append_yaml_key(std::string& out, std::string_view text);

// Whether a YAML 1.1 reader takes the plain text for a text, not for a number, a bool, null or a time.
bool yaml_reads_as_text(std::string_view text);

}  // namespace apiserver
