// SPDX-License-Identifier: Apache-2.0
// Any text is a kubeconfig or refused with a ConfigError, which tells no secret.
#include "kube/config/config.hpp"
#include "test/fuzz/require.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <yaml-cpp/yaml.h>

namespace {

// In the dictionary: what stands for a password.
constexpr std::string_view kSecret = "s3cr3t-canary";

bool holds_secret(const YAML::Node& map, const char* key) {
    return map.IsMap() && map[key] && map[key].IsScalar() &&
           map[key].Scalar().find(kSecret) != std::string::npos;
}

// Whether some user's credentials, or those in a server's URL, hold it.
bool is_credential(const YAML::Node& root) {
    if (!root.IsMap()) return false;
    if (const YAML::Node users = root["users"]; users && users.IsSequence())
        for (const YAML::Node& item : users) {
            if (!item.IsMap() || !item["user"]) continue;
            for (const char* key : {"token", "password", "client-key-data"})
                if (holds_secret(item["user"], key)) return true;
        }
    if (const YAML::Node clusters = root["clusters"]; clusters && clusters.IsSequence())
        for (const YAML::Node& item : clusters) {
            if (!item.IsMap() || !item["cluster"] || !holds_secret(item["cluster"], "server")) continue;
            if (item["cluster"]["server"].Scalar().find(std::string{kSecret} + '@') != std::string::npos)
                return true;
        }
    return false;
}

// A text that is not YAML is not to be quoted at all; one that is, where it is a credential and nothing else.
bool must_not_be_told(const std::string& text) {
    const auto at = text.find(kSecret);
    const bool once = at != std::string::npos && text.find(kSecret, at + 1) == std::string::npos;
    if (!once || text.find('&') != std::string::npos) return false;
    try {
        return is_credential(YAML::Load(text));
    } catch (const YAML::Exception&) {
        return true;
    }
}

std::optional<std::string> refusal(const std::string& text) {
    try {
        const kube::Config config = kube::parse_kubeconfig(text, "/nowhere/config");
        require(!config.server.host.empty() && config.server.port != 0, "a server has a host and a port");
        for (const char c : config.token.value({}))
            require(static_cast<unsigned char>(c) > 0x20 && c != 0x7F, "a token can be sent");
        return std::nullopt;
    } catch (const kube::ConfigError& error) {
        return error.what();
    }
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text{text_of(data, size)};
    const std::optional<std::string> error = refusal(text);
    if (!error) return 0;
    require(error->starts_with("kubeconfig /nowhere/config: "), "an error names the file");
    if (error->find(kSecret) != std::string::npos) require(!must_not_be_told(text), "no secret is told");
    return 0;
}
