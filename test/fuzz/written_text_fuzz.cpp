// SPDX-License-Identifier: Apache-2.0
// Any text is written as a JSON string and as YAML so that it is read back as it was, and so is a duration.
#include "apiserver/encode/json_indent.hpp"
#include "apiserver/yaml/yaml.hpp"
#include "test/fuzz/require.hpp"
#include "text/go_text.hpp"
#include "text/go_time.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>
#include <yaml-cpp/yaml.h>

namespace {

void check_text(std::string_view text) {
    std::string json;
    text::append_json_string(json, text);
    require(json.size() >= 2 && json.front() == '"' && json.back() == '"', "a JSON string is in quotes");
    for (const char c : json)
        require(static_cast<unsigned char>(c) >= 0x20 && c != '<' && c != '>' && c != '&', "it is escaped");
    require(apiserver::indented(json) == json, "indenting leaves strings alone");
    const auto duration = text::parse_duration(text);
    if (!duration) return;
    std::string again;
    text::append_duration(again, *duration);
    const auto reread = text::parse_duration(again);
    require(reread.has_value() && *reread == *duration, "a duration is read back as written");
}

// As key, as value and in a list.
void check_yaml(std::string_view text) {
    std::string json;
    text::append_json_string(json, text);
    std::string yaml;
    apiserver::append_yaml(yaml, "{\"v\":" + json + ",\"l\":[" + json + "],\"m\":{" + json + ":1}}");
    const std::string expected = nlohmann::json::parse(json).get<std::string>();
    // yaml-cpp takes its escape \N for a byte.
    if (expected.find("\u0085") != std::string::npos) return;
    const YAML::Node read = YAML::Load(yaml);
    require(read["v"].Scalar() == expected, "a value in YAML is read back as written");
    require(read["l"][0].Scalar() == expected, "an element in YAML is read back as written");
    require(read["m"].begin()->first.Scalar() == expected, "a key in YAML is read back as written");
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = text_of(data, size);
    check_text(text);
    check_yaml(text);
    return 0;
}
