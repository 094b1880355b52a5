// SPDX-License-Identifier: Apache-2.0
// Protobuf bytes for tests: written out as hex and text, or put together field by field.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace kube::test {

// "0a05{'web-0'} 1200": hex digits, text in single quotes, and brackets and spaces for the eye.
std::string golden(std::string_view notation);

std::string varint(std::uint64_t value);
std::string number(unsigned field, std::uint64_t value);
std::string bytes(unsigned field, std::string_view content);

// "k8s\0" and Unknown, as Go writes them.
std::string envelope(std::string_view api_version, std::string_view kind, std::string_view raw);
// A map entry.
std::string entry(unsigned field, std::string_view key, std::string_view value);

// A frame of a watch whose event holds this envelope.
std::string frame(std::string_view event);
std::string event(std::string_view type, std::string_view object);

std::string pod(std::string_view name_space, std::string_view name, std::string_view version);
std::string node(std::string_view name, std::string_view version);
std::string pod_event(std::string_view type, std::string_view pod);
std::string status(int code, std::string_view message);
std::string list_meta(std::string_view version, std::string_view continue_token);

}  // namespace kube::test
