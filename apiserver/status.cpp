// SPDX-License-Identifier: Apache-2.0
#include "apiserver/status.hpp"

#include "apiserver/encode/reverse_protobuf.hpp"
#include "text/go_text.hpp"

#include <utility>

namespace apiserver {
namespace {

constexpr std::string_view kGroup = "metrics.k8s.io";

// Appends "key":"value" and what separates it from the one before; nothing for an empty value.
void append_member(std::string& out, std::string_view key, std::string_view value) {
    if (value.empty()) return;
    if (out.back() != '{') out.push_back(',');
    text::append_json_string(out, key);
    out.push_back(':');
    text::append_json_string(out, value);
}

void append_causes(std::string& out, const std::vector<Cause>& causes) {
    if (causes.empty()) return;
    if (out.back() != '{') out.push_back(',');
    out.append("\"causes\":[");
    for (const Cause& cause : causes) {
        out.append(out.back() == '[' ? "{" : ",{");
        append_member(out, "reason", cause.reason);
        append_member(out, "message", cause.message);
        append_member(out, "field", cause.field);
        out.push_back('}');
    }
    out.push_back(']');
}

void append_details(std::string& out, const StatusDetails& details) {
    out.append(",\"details\":{");
    append_member(out, "name", details.name);
    append_member(out, "group", details.group);
    append_member(out, "kind", details.kind);
    append_causes(out, details.causes);
    if (details.retry_after_seconds > 0) {
        if (out.back() != '{') out.push_back(',');
        out.append("\"retryAfterSeconds\":").append(std::to_string(details.retry_after_seconds));
    }
    out.push_back('}');
}

void write_details(ReverseProtobuf& out, const StatusDetails& details) {
    const std::size_t mark = out.size();
    out.text(6, "");
    out.number(5, static_cast<std::uint64_t>(details.retry_after_seconds));
    for (auto cause = details.causes.rbegin(); cause != details.causes.rend(); ++cause) {
        const std::size_t inner = out.size();
        out.text(3, cause->field);
        out.text(2, cause->message);
        out.text(1, cause->reason);
        out.message(4, inner);
    }
    out.text(3, details.kind);
    out.text(2, details.group);
    out.text(1, details.name);
    out.message(5, mark);
}

std::string with_reason(std::string message, std::string_view reason) {
    return reason.empty() ? message : message.append(": ").append(reason);
}

std::string denial(const User& user, const RequestInfo& info) {
    const std::string who = "User " + text::quoted(user.name) + " cannot " + info.verb;
    if (!info.is_resource) return text::html_escaped(who + " path " + text::quoted(info.path));
    const std::string slash = info.subresource.empty() ? "" : "/";
    const std::string what = " resource " + text::quoted(info.resource + slash + info.subresource) +
                             " in API group " + text::quoted(info.group);
    const std::string where = info.name_space.empty() ? " at the cluster scope"
                                                      : " in the namespace " + text::quoted(info.name_space);
    return text::html_escaped(who + what + where);
}

Status not_found(std::string message, StatusDetails details) {
    return {404, std::move(message), "NotFound", std::move(details)};
}

}  // namespace

std::string to_json(const Status& status) {
    std::string out = R"({"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure")";
    append_member(out, "message", status.message);
    append_member(out, "reason", status.reason);
    if (status.details) append_details(out, *status.details);
    out.append(",\"code\":").append(std::to_string(status.code)).append("}");
    return out;
}

std::string to_protobuf(const Status& status) {
    ReverseProtobuf out;
    const std::size_t mark = begin_envelope(out);
    out.number(6, status.code);
    if (status.details) write_details(out, *status.details);
    out.text(4, status.reason);
    out.text(3, status.message);
    out.text(2, "Failure");
    write_list_meta(out);
    end_envelope(out, mark, "v1", "Status");
    return std::string{out.bytes()};
}

Status bad_request(std::string message) {
    return {400, std::move(message), "BadRequest", std::nullopt};
}

Status unauthorized() {
    return {401, "Unauthorized", "Unauthorized", std::nullopt};
}

Status forbidden(const User& user, const RequestInfo& info, std::string_view reason) {
    const std::string message = with_reason(denial(user, info), reason);
    if (!info.is_resource) return {403, "forbidden: " + message, "Forbidden", StatusDetails{}};
    std::string object = info.resource;
    if (!info.group.empty()) object.append(".").append(info.group);
    if (!info.name.empty()) object.append(" ").append(text::quoted(info.name));
    return {403, object + " is forbidden: " + message, "Forbidden",
            StatusDetails{info.name, info.group, info.resource, {}, 0}};
}

Status unknown_object(std::string_view kind, std::string_view name) {
    return not_found(std::string{kind} + " " + text::quoted(name) + " not found",
                     {std::string{name}, "", std::string{kind}, {}, 0});
}

Status no_metrics(std::string_view kind, std::string_view name) {
    return not_found(std::string{kind} + "." + std::string{kGroup} + " " + text::quoted(name) + " not found",
                     {std::string{name}, std::string{kGroup}, std::string{kind}, {}, 0});
}

Status unknown_path() {
    return not_found("the server could not find the requested resource", {});
}

Status method_not_allowed() {
    return {405, "the server does not allow this method on the requested resource", "MethodNotAllowed",
            StatusDetails{}};
}

Status watch_not_supported(std::string_view resource) {
    const std::string kind = std::string{resource} + "." + std::string{kGroup};
    return {405, "watch is not supported on resources of kind " + text::quoted(kind), "MethodNotAllowed",
            StatusDetails{"", std::string{kGroup}, std::string{resource}, {}, 0}};
}

Status not_acceptable(std::string_view available) {
    return {406, "406: Not Acceptable\n\nAvailable representations: " + std::string{available},
            "NotAcceptable", StatusDetails{}};
}

Status no_acceptable_clause(std::string_view available) {
    return not_convertible("only the following media types are accepted: " + std::string{available});
}

Status not_convertible(std::string message) {
    return {406, std::move(message), "NotAcceptable", std::nullopt};
}

Status invalid_list_options(std::vector<Cause> causes) {
    std::string faults;
    for (const Cause& cause : causes) {
        if (!faults.empty()) faults.append(", ");
        faults.append(cause.field).append(": ").append(cause.message);
    }
    if (causes.size() > 1) faults = "[" + faults + "]";
    return {422, "ListOptions.meta.k8s.io \"\" is invalid: " + faults, "Invalid",
            StatusDetails{"", "meta.k8s.io", "ListOptions", std::move(causes), 0}};
}

Status not_ready() {
    StatusDetails details;
    details.retry_after_seconds = 5;
    return {503,
            "the request has been made before all known HTTP paths have been installed, please try again",
            "ServiceUnavailable", std::move(details)};
}

Status too_many_requests() {
    StatusDetails details;
    details.retry_after_seconds = 1;
    return {429, "Too many requests, please try again later.", "TooManyRequests", std::move(details)};
}

Status shutting_down() {
    return {503, "apiserver is shutting down", "ServiceUnavailable", std::nullopt};
}

}  // namespace apiserver
