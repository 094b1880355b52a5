// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace apiserver {

// A document in all its representations; YAML is made from JSON.
struct Document {
    // Compact, without a line end.
    std::string json;
    // With magic number and envelope.
    std::string protobuf;
};

}  // namespace apiserver
