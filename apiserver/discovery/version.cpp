// SPDX-License-Identifier: Apache-2.0
#include "apiserver/discovery/version.hpp"

#include "apiserver/encode/go_text.hpp"

#include <utility>

namespace apiserver {
namespace {

#if defined(__aarch64__)
constexpr std::string_view kPlatform = "linux/arm64";
#else
constexpr std::string_view kPlatform = "linux/amd64";
#endif

}  // namespace

std::string version_json(std::string_view version) {
    const std::size_t dot = version.find('.');
    const std::string_view rest = dot == std::string_view::npos ? "0" : version.substr(dot + 1);
    const std::string tag = "v" + std::string{version};
    // Clients' decoders know all of these; a C++ program has nothing to say in some.
    const std::pair<std::string_view, std::string_view> members[] = {
        {"major", version.substr(0, dot)},
        {"minor", rest.substr(0, rest.find('.'))},
        {"gitVersion", tag},
        {"gitCommit", ""},
        {"gitTreeState", ""},
        {"buildDate", ""},
        {"goVersion", ""},
        {"compiler", "g++ " __VERSION__},
        {"platform", kPlatform},
    };
    std::string out = "{";
    for (const auto& [name, value] : members) {
        if (out.size() > 1) out.push_back(',');
        append_json_string(out, name);
        out.push_back(':');
        append_json_string(out, value);
    }
    return out.append("}");
}

}  // namespace apiserver
