// SPDX-License-Identifier: Apache-2.0
// What a label's key and value may look like (k8s.io/apimachinery, pkg/api/validate/content).
#pragma once

#include <string>
#include <string_view>

namespace apiserver {

// What is wrong with it, for the client; empty: nothing.
std::string label_key_fault(std::string_view key);
std::string label_value_fault(std::string_view value);

}  // namespace apiserver
