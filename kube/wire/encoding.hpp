// SPDX-License-Identifier: Apache-2.0
// How an API server's answer is encoded. Protobuf is asked for first; what counts is what came.
#pragma once

#include <optional>
#include <string_view>

namespace kube {

enum class Encoding { protobuf, json };

inline constexpr std::string_view kProtobufType = "application/vnd.kubernetes.protobuf";
inline constexpr std::string_view kJsonType = "application/json";

// The encoding that a Content-Type names, in any case and with any parameters; nullopt: neither.
std::optional<Encoding> encoding_of(std::string_view content_type);

}  // namespace kube
