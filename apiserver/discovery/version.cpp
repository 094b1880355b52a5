// SPDX-License-Identifier: Apache-2.0
#include "apiserver/discovery/version.hpp"

#include "text/go_text.hpp"

#include <utility>

namespace apiserver {
namespace {

#if defined(__aarch64__)
constexpr std::string_view kPlatform = "linux/arm64";
#else
constexpr std::string_view kPlatform = "linux/amd64";
#endif

}  // namespace

VersionInfo version_info(std::string_view version) {
    const std::size_t dot = version.find('.');
    const std::string_view rest = dot == std::string_view::npos ? "0" : version.substr(dot + 1);
    VersionInfo info;
    info.major = version.substr(0, dot);
    info.minor = rest.substr(0, rest.find('.'));
    info.git_version = "v" + std::string{version};
    info.compiler = "g++ " __VERSION__;
    info.platform = kPlatform;
    return info;
}

std::string version_json(std::string_view version) {
    const VersionInfo info = version_info(version);
    // Clients' decoders know all of these; a C++ program has nothing to say in some. topd behaves as no other
    // version of itself, so that is what it emulates and is compatible with.
    const std::pair<std::string_view, std::string_view> members[] = {
        {"major", info.major},
        {"minor", info.minor},
        {"emulationMajor", info.major},
        {"emulationMinor", info.minor},
        {"minCompatibilityMajor", info.major},
        {"minCompatibilityMinor", info.minor},
        {"gitVersion", info.git_version},
        {"gitCommit", ""},
        {"gitTreeState", ""},
        {"buildDate", ""},
        {"goVersion", ""},
        {"compiler", info.compiler},
        {"platform", info.platform},
    };
    std::string out = "{";
    for (const auto& [name, value] : members) {
        if (out.size() > 1) out.push_back(',');
        text::append_json_string(out, name);
        out.push_back(':');
        text::append_json_string(out, value);
    }
    return out.append("}");
}

}  // namespace apiserver
