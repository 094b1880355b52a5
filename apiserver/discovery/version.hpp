// SPDX-License-Identifier: Apache-2.0
// The document of /version (k8s.io/apimachinery, pkg/version), compact.
#pragma once

#include <string>
#include <string_view>

namespace apiserver {

// `version`: "0.1.0".
std::string version_json(std::string_view version);

}  // namespace apiserver
