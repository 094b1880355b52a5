// SPDX-License-Identifier: Apache-2.0
// Any text is a request line's target, an Accept header, a selector or a duration, or is refused; what is
// accepted keeps the rules.
#include "apiserver/encode/go_text.hpp"
#include "apiserver/encode/json_indent.hpp"
#include "apiserver/request/field_selector.hpp"
#include "apiserver/request/label_selector.hpp"
#include "apiserver/request/label_syntax.hpp"
#include "apiserver/request/negotiate.hpp"
#include "apiserver/request/request_info.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

void require(bool holds, const char* what) {
    if (holds) return;
    std::fprintf(stderr, "violated: %s\n", what);
    std::abort();
}

void check_labels(std::string_view text) {
    const auto selector = apiserver::LabelSelector::parse(text);
    if (!selector) {
        require(!selector.error().text.empty(), "a refusal has a reason");
        return;
    }
    bool nothing_needed = true;
    for (const auto& requirement : selector->requirements()) {
        using Operator = apiserver::LabelRequirement::Operator;
        require(apiserver::label_key_fault(requirement.key).empty(), "accepted keys are valid");
        for (const std::string& value : requirement.values)
            require(apiserver::label_value_fault(value).empty(), "accepted values are valid");
        if (requirement.op != Operator::not_in && requirement.op != Operator::does_not_exist)
            nothing_needed = false;
    }
    require(selector->matches({}) == nothing_needed, "an empty set matches what asks for nothing");
}

void check_fields(std::string_view text) {
    const auto selector = apiserver::FieldSelector::parse(text);
    if (!selector) return require(!selector.error().text.empty(), "a refusal has a reason");
    const auto name = selector->exact_match("metadata.name");
    if (name && selector->unknown_field().empty()) selector->matches("", *name);
}

void check_target(std::string_view text) {
    const auto target = apiserver::parse_target(text);
    if (!target) return;
    require(target->path.size() <= text.size() + 1, "decoding does not lengthen");
    const auto info = apiserver::make_request_info("GET", *target);
    if (info && info->is_resource)
        require(apiserver::split_path(target->path).size() >= 4, "resources are deep");
}

void check_accept(std::string_view text) {
    net::Request request;
    request.headers.add("Accept", text);
    const auto form = apiserver::negotiate(request, apiserver::Query{});
    if (text.empty()) require(form.has_value(), "an empty header accepts everything");
}

void check_text(std::string_view text) {
    std::string json;
    apiserver::append_json_string(json, text);
    require(json.size() >= 2 && json.front() == '"' && json.back() == '"', "a JSON string is in quotes");
    for (const char c : json)
        require(static_cast<unsigned char>(c) >= 0x20 && c != '<' && c != '>' && c != '&', "it is escaped");
    require(apiserver::indented(json) == json, "indenting leaves strings alone");
    const auto duration = apiserver::parse_duration(text);
    if (!duration) return;
    std::string again;
    apiserver::append_duration(again, *duration);
    const auto reread = apiserver::parse_duration(again);
    require(reread.has_value() && *reread == *duration, "a duration is read back as written");
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text{reinterpret_cast<const char*>(data), size};
    check_labels(text);
    check_fields(text);
    check_target(text);
    check_accept(text);
    check_text(text);
    return 0;
}
