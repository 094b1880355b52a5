// SPDX-License-Identifier: Apache-2.0
// Whatever a line of the log holds, it is one line of the log: it holds nothing that a terminal obeys, no
// line of it but the first looks like the head of one, it is bounded, and as JSON it is read back.
#include "telemetry/log_format.hpp"
#include "test/fuzz/require.hpp"

#include <cctype>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace {

using telemetry::Line;

// klog's head: a letter for the severity, then month and day.
bool is_head(std::string_view line) {
    return line.size() >= 5 && std::string_view{"IWEF"}.find(line[0]) != std::string_view::npos &&
           std::isdigit(static_cast<unsigned char>(line[1])) != 0 &&
           std::isdigit(static_cast<unsigned char>(line[4])) != 0;
}

// No control but those that the format is made of; of the others in UTF-8: C1, separators and directions.
void check_plain(std::string_view text) {
    for (const unsigned char c : text)
        require((c >= 0x20 && c != 0x7F) || c == '\n' || c == '\t', "no control is in a line");
    for (std::size_t i = 0; i + 1 < text.size(); ++i) {
        const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
        require(byte(i) != 0xC2 || byte(i + 1) >= 0xA0, "no C1 control is in a line");
        if (byte(i) != 0xE2 || i + 2 >= text.size()) continue;
        const bool direction = byte(i + 1) == 0x80 && byte(i + 2) >= 0xA8 && byte(i + 2) <= 0xAE;
        const bool isolate = byte(i + 1) == 0x81 && byte(i + 2) >= 0xA6 && byte(i + 2) <= 0xA9;
        require(!direction && !isolate, "no separator and no direction is in a line");
    }
}

void check_text(const Line& line) {
    const std::string text = telemetry::to_text(line);
    require(text.ends_with('\n'), "a line ends");
    check_plain(text);
    require(text.size() < 5 * telemetry::kLongestValue + 1000, "a line is bounded");
    bool first = true;
    for (std::string_view rest = text; !rest.empty(); rest.remove_prefix(rest.find('\n') + 1)) {
        require(is_head(rest) == first, "one head a line");
        first = false;
    }
}

void check_json(const Line& line, std::string_view value) {
    const std::string text = telemetry::to_json(line);
    require(text.find('\n') == text.size() - 1, "a JSON line is one line");
    check_plain(text);
    const auto read = nlohmann::json::parse(text, nullptr, false);
    require(read.is_object() && read["v"].is_number(), "a JSON line is JSON");
    const bool plain =
        value.size() < 100 &&
        value.find_first_not_of("abcdefghijklmnopqrstuvwxyz \n\x1b\"\\") == std::string_view::npos;
    require(!plain || read["value"] == value, "a value is read back");
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view all = text_of(data, size);
    // The message and a key come from the same bytes.
    const std::string_view part = all.substr(0, size / 4);
    const std::initializer_list<telemetry::Field> fields = {{"value", all}, {"count", 3}, {part, all}};
    const Line line{
        telemetry::Severity::info, std::chrono::system_clock::time_point{}, 1, "a.cpp", 1, part, fields};
    check_text(line);
    const std::initializer_list<telemetry::Field> known = {{"value", all}};
    check_json({telemetry::Severity::info, {}, 1, "a.cpp", 1, part, known}, all);
    return 0;
}
