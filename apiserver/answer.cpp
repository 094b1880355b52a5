// SPDX-License-Identifier: Apache-2.0
#include "apiserver/answer.hpp"

#include "apiserver/representation/format.hpp"
#include "apiserver/representation/negotiate.hpp"

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

net::Response answer(unsigned code, const Representation& form, std::string body) {
    return answer(code, format_of(form.type).name, std::move(body));
}

}  // namespace

net::Response answer_json(unsigned code, std::string compact, bool pretty) {
    const Representation form{MediaType::json, pretty};
    return answer(code, form, format_of(form.type).object(std::move(compact), form));
}

net::Response answer_document(unsigned code, const Representation& form, const Document& document) {
    return answer(code, form, format_of(form.type).document(document, form));
}

net::Response answer_object(const Representation& form, std::string encoded) {
    return answer(200, form, format_of(form.type).object(std::move(encoded), form));
}

net::Response answer_status(const Status& status, const net::Request& request, const Query& query) {
    const Representation fallback{MediaType::json, true};
    const Representation form = negotiate(request, query).value_or(fallback);
    net::Response response = answer(status.code, form, format_of(form.type).status(status, form));
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

net::Response answer_too_many(unsigned code) {
    net::Response response = answer_plain(code, "Too many requests, please try again later.\n");
    response.headers.set("Retry-After", "1");
    return response;
}

}  // namespace apiserver
