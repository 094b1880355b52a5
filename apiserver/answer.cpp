// SPDX-License-Identifier: Apache-2.0
#include "apiserver/answer.hpp"

#include "apiserver/encode/json_indent.hpp"
#include "apiserver/yaml/yaml.hpp"

#include <utility>

namespace apiserver {

namespace {

net::Response answer(unsigned code, std::string_view type, std::string body) {
    net::Response response;
    response.status = code;
    response.headers.set("Content-Type", type);
    response.body = std::move(body);
    return response;
}

}  // namespace

net::Response answer_json(unsigned code, std::string_view compact, bool pretty) {
    std::string body = pretty ? indented(compact) : std::string{compact}.append("\n");
    return answer(code, content_type(MediaType::json), std::move(body));
}

net::Response answer_yaml(unsigned code, std::string text) {
    return answer(code, content_type(MediaType::yaml), std::move(text));
}

net::Response answer_protobuf(unsigned code, std::string bytes) {
    return answer(code, content_type(MediaType::protobuf), std::move(bytes));
}

net::Response answer_textual(unsigned code, std::string_view compact, Representation form) {
    if (form.type != MediaType::yaml) return answer_json(code, compact, form.pretty);
    std::string text;
    append_yaml(text, compact);
    return answer_yaml(code, std::move(text));
}

net::Response answer_document(unsigned code, Representation form, const Document& document) {
    if (form.type == MediaType::protobuf) return answer_protobuf(code, document.protobuf);
    return answer_textual(code, document.json, form);
}

net::Response answer_status(const Status& status, const net::Request& request, const Query& query) {
    const Representation fallback{MediaType::json, true};
    const Representation form = negotiate(request, query).value_or(fallback);
    net::Response response = form.type == MediaType::protobuf
                                 ? answer_protobuf(status.code, to_protobuf(status))
                                 : answer_textual(status.code, to_json(status), form);
    if (status.details && status.details->retry_after_seconds > 0)
        response.headers.set("Retry-After", std::to_string(status.details->retry_after_seconds));
    return response;
}

net::Response answer_text(unsigned code, std::string text) {
    return answer(code, "text/plain; charset=utf-8", std::move(text));
}

net::Response answer_plain(unsigned code, std::string text) {
    net::Response response = answer_text(code, std::move(text));
    response.headers.set("X-Content-Type-Options", "nosniff");
    return response;
}

net::Response answer_too_many() {
    net::Response response = answer_plain(429, "Too many requests, please try again later.\n");
    response.headers.set("Retry-After", "1");
    return response;
}

}  // namespace apiserver
