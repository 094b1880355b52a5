// SPDX-License-Identifier: Apache-2.0
#include "sink/http/secret.hpp"

#include "files/read.hpp"

#include <algorithm>
#include <cstdlib>
#include <string>

#include <fmt/format.h>

namespace sink {
namespace {

constexpr std::string_view kSpace = " \t\r\n";

// For a header; a password may hold blanks.
std::optional<std::string> clean(std::string_view text) {
    const auto begin = text.find_first_not_of(kSpace);
    if (begin == std::string_view::npos) return std::nullopt;
    text = text.substr(begin, text.find_last_not_of(kSpace) - begin + 1);
    const bool plain = std::none_of(
        text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; });
    return plain ? std::optional<std::string>{text} : std::nullopt;
}

}  // namespace

Secret Secret::take(Options& options, std::string_view name) {
    const std::string file_option = fmt::format("{}_file", name), env_option = fmt::format("{}_env", name);
    if (!options.take_all(name).empty())
        throw AddressError{fmt::format("option {} could be read in the list of processes: use {} or {}", name,
                                       file_option, env_option)};
    Secret secret;
    secret.file_ = options.take(file_option);
    const std::string variable = options.take(env_option);
    if (variable.empty()) return secret;
    if (!secret.file_.empty())
        throw AddressError{fmt::format("options {} and {} exclude each other", file_option, env_option)};
    const char* const value = std::getenv(variable.c_str());
    if (value == nullptr)
        throw AddressError{fmt::format("the variable that option {} names is not set", env_option)};
    const auto cleaned = clean(value);
    if (!cleaned)
        throw AddressError{fmt::format("the variable that option {} names holds nothing of use", env_option)};
    secret.value_ = *cleaned;
    return secret;
}

std::optional<std::string> Secret::value() const {
    if (file_.empty()) return value_;
    const auto text = files::read(file_);
    return text ? clean(*text) : std::nullopt;
}

}  // namespace sink
