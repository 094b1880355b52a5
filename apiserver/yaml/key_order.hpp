// SPDX-License-Identifier: Apache-2.0
// The order in which go.yaml.in/yaml/v2 writes the keys of a map (sorter.go).
#pragma once

#include <string_view>

namespace apiserver {

// Letters after everything else, numbers in a text by their value: a1b, a2, a10, aa.
bool yaml_key_before(std::string_view a, std::string_view b);

}  // namespace apiserver
