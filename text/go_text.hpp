// SPDX-License-Identifier: Apache-2.0
// Text as Go's standard library writes and reads it, to the byte: clients of Kubernetes compare it.
#pragma once

#include "text/parsed.hpp"
#include "text/utf8.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace text {

// encoding/json: in quotes; <, >, & and U+2028/9 as \u escapes, broken UTF-8 as \ufffd.
void append_json_string(std::string& out, std::string_view text);

// fmt's %q: what is not printable is escaped (see is_printable()), a byte of broken UTF-8 is \xNN.
std::string quoted(std::string_view text);
// One rune of it, the first of `text`.
void append_quoted_rune(std::string& out, const Rune& rune, std::string_view text);
// The escape of a rune that is not printable and has no letter, or of the byte that begins no rune.
void append_escape(std::string& out, const Rune& rune, char byte);

// strconv.ParseInt(text, 10, 64), errors included.
Parsed<std::int64_t> parse_int(std::string_view text);

// strconv.ParseBool; anything it refuses is false.
bool parse_bool(std::string_view text);

// Without `&`, `<` and `>`, as k8s.io/apiserver puts text of a client into a message
// (responsewriters/errors.go).
std::string html_escaped(std::string_view text);

}  // namespace text
