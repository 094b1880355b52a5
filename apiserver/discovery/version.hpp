// SPDX-License-Identifier: Apache-2.0
// The document of /version (k8s.io/apimachinery, pkg/version), compact.
#pragma once

#include <string>
#include <string_view>

namespace apiserver {

// What a program made by no Go compiler has to say of itself.
struct VersionInfo {
    std::string major;
    std::string minor;
    std::string git_version;
    std::string compiler;
    std::string_view platform;
};

// `version`: "0.1.0".
VersionInfo version_info(std::string_view version);
std::string version_json(std::string_view version);

}  // namespace apiserver
